"""Classes the python-objects profile makes instances of: what payloads hold beside plain JSON types.

Each has a `repr` and a `str` that say what it holds and no address, so that two
objects made from one case id look alike and any change to one is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, IntFlag
from typing import NamedTuple


class Level(IntEnum):
    ZERO = 0
    ONE = 1
    MANY = 2**40


class Mode(str, Enum):
    READ = "read"
    ACCENT = "é"


class Color(Enum):
    RED = "red"


class Access(IntFlag):
    READ = 4


class WholeNumber(int):
    """An int that prints as something else; JSON writes the number."""

    def __repr__(self) -> str:
        return f"WholeNumber({int(self)})"

    __str__ = __repr__


class PreciseFloat(float):
    """A float that prints as something else; JSON writes the number."""

    def __repr__(self) -> str:
        return f"PreciseFloat({float(self)!r})"

    __str__ = __repr__


class Label(str):
    """A str that prints as something else; JSON writes its characters."""

    def __repr__(self) -> str:
        return f"Label({str.__str__(self)!r})"

    def __str__(self) -> str:
        return "label"


class Rows(list[object]):
    """A list subclass."""


class Record(dict[object, object]):
    """A dict subclass."""


class Pair(NamedTuple):
    left: object
    right: object


@dataclass
class Point:
    x: object
    y: object = None
    tags: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Empty:
    pass


class View(Mapping[object, object]):
    """A Mapping that is not a dict."""

    def __init__(self, items: dict[object, object]) -> None:
        self._items = items

    def __getitem__(self, key: object) -> object:
        return self._items[key]

    def __iter__(self) -> Iterator[object]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"View({self._items!r})"


class Printable:
    """An object known only by its `str`."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"Printable({self._text!r})"

    def __str__(self) -> str:
        return self._text


class Unprintable:
    """An object whose `str` raises."""

    def __repr__(self) -> str:
        return "Unprintable()"

    def __str__(self) -> str:
        raise LookupError("no text for this")
