"""Golden vectors: arguments of the nine operations and what each call gives, in `fixtures/golden/*.jsonl`.

The first line of a file is its header: `format`, `version`, `vectors` (how many lines
follow).  Each further line is a vector:

    {"rule", "operation", "arguments": [tagged, ...], "value": tagged}
    {"rule", "operation", "arguments": [tagged, ...], "error": {"class", "message", "position"}}

A tagged value says what JSON cannot.  null, true, false, strings, lists and ints of up
to 53 bits stand for themselves; the rest is an object with one member, whose name is
the tag and one of `TAGS`.  `message` and `position` are null where Python versions
differ in them; `position` belongs to JSONDecodeError and UnicodeEncodeError.

This module reads and writes the format and knows nothing of either subject.  All
vectors of `text.jsonl` have text arguments, so that a reader in any language can use
those whose strings hold no lone surrogate.
"""

from __future__ import annotations

import base64
import enum
import json
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, NamedTuple, Optional
from uuid import UUID

FORMAT = "driftcore golden vectors"
VERSION = 1
FOLDER = Path(__file__).parents[2] / "fixtures" / "golden"
LARGEST_PLAIN_INT = 2**53


class GoldenError(ValueError):
    """A file that is not what this module reads; the text names the file and the line."""


@dataclass(frozen=True)
class Error:
    """An exception: class name, message, and where in the text; None is not compared."""

    kind: str
    message: Optional[str] = None
    position: Optional[int] = None


@dataclass(frozen=True)
class Vector:
    """One call and its outcome, tagged as in the file."""

    rule: str
    operation: str
    arguments: list[Any]
    value: Any = None
    error: Optional[Error] = None


# ---- the types that vectors use besides the builtin ones ------------------------------------


class Color(enum.IntEnum):
    RED = 7


class Mode(str, enum.Enum):
    FAST = "fast"


class Whole(int):
    pass


class Real(float):
    pass


class Text(str):
    pass


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass
class Item:
    name: Any
    price: Any = None


@dataclass(frozen=True)
class Repeat:
    """A text over and over, written short."""

    text: str
    count: int


# ---- tags -----------------------------------------------------------------------------------


def _pairs(content: list[list[Any]]) -> list[tuple[Any, Any]]:
    return [(decode(key), decode(value)) for key, value in content]


def _items(content: list[Any]) -> list[Any]:
    return [decode(item) for item in content]


TAGS: dict[str, Callable[[Any], Any]] = {
    "int": int,
    "float": float.fromhex,
    "dict": lambda content: dict(_pairs(content)),
    "bytes": base64.b64decode,
    "code_points": lambda content: "".join(map(chr, content)),
    "repeat": lambda content: content[0] * content[1],
    "tuple": lambda content: tuple(_items(content)),
    "set": lambda content: set(_items(content)),
    "bytearray": lambda content: bytearray(base64.b64decode(content)),
    "OrderedDict": lambda content: OrderedDict(_pairs(content)),
    "mappingproxy": lambda content: MappingProxyType(dict(_pairs(content))),
    "Pair": lambda content: Pair(*_items(content)),
    "Item": lambda content: Item(*_items(content)),
    "Color": lambda content: Color[content],
    "Mode": lambda content: Mode[content],
    "Whole": Whole,
    "Real": Real.fromhex,
    "Text": Text,
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "UUID": UUID,
    "frozenset": lambda content: frozenset(_items(content)),
    "deque": lambda content: deque(_items(content)),
}


def decode(tagged: Any) -> Any:
    """The Python value of a tagged one."""
    if isinstance(tagged, list):
        return _items(tagged)
    if isinstance(tagged, dict):
        ((tag, content),) = tagged.items()
        return TAGS[tag](content)
    return tagged


def encode(value: Any) -> Any:
    """The tagged form of a value; its canonical text is equal for equal types, order and float bits only."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        return value if abs(value) <= LARGEST_PLAIN_INT else {"int": str(value)}
    if kind is str:
        # Adjacent halves of a surrogate pair would be joined by a JSON reader.
        return value if json.loads(json.dumps(value)) == value else {"code_points": [ord(c) for c in value]}
    if kind is list:
        return [encode(item) for item in value]
    return {kind.__name__ if kind is not Repeat else "repeat": _content(value)}


def canonical(tagged: Any) -> str:
    """A tagged value as text, in which 1 and true differ as they do not in Python."""
    return json.dumps(tagged, separators=(",", ":"))


def _content(value: Any) -> Any:
    if isinstance(value, (dict, MappingProxyType)):
        return [[encode(key), encode(item)] for key, item in value.items()]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, float):
        return float.hex(value)
    if isinstance(value, Repeat):
        return [value.text, value.count]
    if isinstance(value, Item):
        return [encode(value.name), encode(value.price)]
    if isinstance(value, (tuple, set, frozenset, deque)):
        return [encode(item) for item in value]
    if isinstance(value, int):
        return int(value)
    return value.isoformat() if isinstance(value, date) else str(value)


# ---- files ----------------------------------------------------------------------------------


def write(vectors: list[Vector]) -> str:
    """The text of a file."""
    lines: list[dict[str, Any]] = [{"format": FORMAT, "version": VERSION, "vectors": len(vectors)}]
    for vector in vectors:
        line: dict[str, Any] = {
            "rule": vector.rule,
            "operation": vector.operation,
            "arguments": vector.arguments,
        }
        if vector.error is None:
            line["value"] = vector.value
        else:
            kind, message, position = vector.error.kind, vector.error.message, vector.error.position
            line["error"] = {"class": kind, "message": message, "position": position}
        lines.append(line)
    return "".join(canonical(line) + "\n" for line in lines)


def read(path: Path) -> list[Vector]:
    """All vectors of a file; `GoldenError` for another format, unknown members and a file cut short."""
    header, *lines = path.read_text(encoding="ascii").splitlines()
    expected = {"format": FORMAT, "version": VERSION, "vectors": len(lines)}
    if json.loads(header) != expected:
        raise GoldenError(f"{path}:1: expected {expected}, found {header}")
    return [_vector(json.loads(line), f"{path}:{number}") for number, line in enumerate(lines, start=2)]


def _vector(line: dict[str, Any], where: str) -> Vector:
    names = list(line)
    if names == ["rule", "operation", "arguments", "value"]:
        return Vector(line["rule"], line["operation"], line["arguments"], value=line["value"])
    if names == ["rule", "operation", "arguments", "error"]:
        error = line["error"]
        if list(error) == ["class", "message", "position"]:
            kept = Error(error["class"], error["message"], error["position"])
            return Vector(line["rule"], line["operation"], line["arguments"], error=kept)
    raise GoldenError(f"{where}: not a vector: its members are {names}")


def outcome_of(function: Callable[..., Any], arguments: list[Any]) -> tuple[Any, Optional[Error]]:
    """(tagged value, None) or (None, error) of a call with tagged arguments"""
    given = [decode(argument) for argument in arguments]
    try:
        result = function(*given)
    except Exception as error:
        position = getattr(error, "pos", None)
        if isinstance(error, UnicodeEncodeError):
            position = error.start
        return None, Error(type(error).__name__, str(error), position)
    return encode(result), None
