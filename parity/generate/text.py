"""JSON text, written directly: number spellings, escapes, blanks and repeated keys are all choices.

A `Style` says how each part is drawn; a profile is little more than its style.
Texts made here are always valid JSON as Python's `json` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from .source import Source
from .strings import escaped

Draw = Callable[[Source], str]
"""Draws one token, such as a number or a string literal with its quotes."""


def no_blank(source: Source) -> str:
    return ""


@dataclass(frozen=True)
class Style:
    """How a text is written.

    `members` is how many members a container has on average, `depth` how many
    containers may stand in one another, `repeats` that one key in so many repeats an
    earlier one (0: never), `blank` what stands between tokens.
    """

    number: Draw
    string: Draw
    key: Draw
    members: int = 3
    depth: int = 4
    repeats: int = 0
    blank: Draw = no_blank


def document(source: Source, style: Style) -> str:
    """A whole text: an object in two of three, an array, or a single scalar."""
    kind = source.below(12)
    if kind < 8:
        body = object_text(source, style, style.depth)
    elif kind < 10:
        body = array_text(source, style, style.depth)
    else:
        body = scalar_text(source, style)
    return f"{style.blank(source)}{body}{style.blank(source)}"


def value_text(source: Source, style: Style, depth: int) -> str:
    """A value that holds at most `depth` containers within one another."""
    kind = source.below(12)
    if depth > 0 and kind >= 9:
        return array_text(source, style, depth) if kind == 9 else object_text(source, style, depth)
    return scalar_text(source, style)


def scalar_text(source: Source, style: Style) -> str:
    kind = source.below(10)
    if kind < 4:
        return style.number(source)
    if kind < 8:
        return style.string(source)
    return source.pick(("null", "true", "false"))


def array_text(source: Source, style: Style, depth: int) -> str:
    out = []
    if style.blank is no_blank:
        while source.more(style.members):
            out.append(value_text(source, style, depth - 1))
        return f"[{','.join(out)}]"
    while source.more(style.members):
        out.append(f"{style.blank(source)}{value_text(source, style, depth - 1)}{style.blank(source)}")
    return f"[{','.join(out) or style.blank(source)}]"


def object_text(source: Source, style: Style, depth: int) -> str:
    keys: list[str] = []
    out = []
    blank = style.blank
    while source.more(style.members):
        keys.append(_key(source, style, keys) if style.repeats else style.key(source))
        item = value_text(source, style, depth - 1)
        if blank is no_blank:
            out.append(f"{keys[-1]}:{item}")
            continue
        out.append(f"{blank(source)}{keys[-1]}{blank(source)}:{blank(source)}{item}{blank(source)}")
    return f"{{{','.join(out) or style.blank(source)}}}"


def _key(source: Source, style: Style, earlier: list[str]) -> str:
    if not (earlier and source.chance(style.repeats)):
        return style.key(source)
    key = source.pick(earlier)
    # The same key in another spelling is still the same key.
    return f'"{escaped(json.loads(key))}"' if source.chance(3) else key
