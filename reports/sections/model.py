"""The kinds of block a report is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Union


class Kind(str, Enum):
    """How a cell is shown: `code` is text from outside or a name to type, `number` is aligned right."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"


class Tone(str, Enum):
    """What a cell or text says of the candidate."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


@dataclass(frozen=True)
class Cell:
    """One cell.  `order` sorts it where its text would not; `share`, from 0 to 1, may be drawn as a bar."""

    text: str
    kind: Kind = Kind.TEXT
    order: float | None = None
    tone: Tone | None = None
    share: float | None = None
    link: str = ""


@dataclass(frozen=True)
class Table:
    """`name` is unique in the report.  `filters` are the columns whose values a reader may choose among."""

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """Text from outside, or something to type, within a sentence."""

    text: str


@dataclass(frozen=True)
class Strong:
    text: str
    tone: Tone | None = None


@dataclass(frozen=True)
class Link:
    """To a place within the report."""

    text: str
    anchor: str


Inline = Union[str, Code, Strong, Link]


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[Inline, ...]


@dataclass(frozen=True)
class Bullets:
    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Lines:
    """Lines of any text, one below the other; `what` says what they are."""

    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sides:
    """Two outcomes beside each other."""

    expected_name: str
    expected: str
    actual_name: str
    actual: str


@dataclass(frozen=True)
class Plot:
    """A picture of what the table beside it says, so a format may leave it out; `draw` gives an SVG."""

    name: str
    title: str
    description: str
    draw: Callable[[], str]


@dataclass(frozen=True)
class Entry:
    """Something to unfold: a heading and what belongs to it."""

    anchor: str
    title: Paragraph
    blocks: tuple[Block, ...]
    is_open: bool = False


Block = Union[Table, Paragraph, Bullets, Lines, Sides, Plot, Entry]


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    blocks: tuple[Block, ...]


def paragraph(*parts: Inline) -> Paragraph:
    return Paragraph(parts)


def text(value: str, tone: Tone | None = None, link: str = "") -> Cell:
    return Cell(value, tone=tone, link=link)


def code(value: str) -> Cell:
    return Cell(value, Kind.CODE)


def number(value: float | None, shown: str | None = None, tone: Tone | None = None) -> Cell:
    """A number, as it is or as `shown`; a dash for None."""
    if value is None:
        return Cell("–", Kind.NUMBER)
    return Cell(f"{value:,}" if shown is None else shown, Kind.NUMBER, float(value), tone)
