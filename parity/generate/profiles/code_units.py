"""Pairs of code units around the borders of UTF-8, UTF-16 and JSON, escaped or as they are, in turn.

A reader of escapes looks ahead: what one unit means depends on the next, most of all where halves of
surrogate pairs stand in the wrong order or twice.
"""

from __future__ import annotations

from ..source import Source
from ..strings import quoted
from .base import payload_profile

UNITS = 0x00, 0x22, 0x5C, 0x80, 0x7FF, 0x800, 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFFFF

PAIRS = tuple((first, second) for first in UNITS for second in UNITS)

_AROUND = ("", "", "a", "é", "\\n", "x" * 70)


def text(source: Source) -> str:
    """A pair in a value, and in one of four another in a key."""
    first, second = PAIRS[source.turn(len(PAIRS))]
    key = _written(source, *source.pick(PAIRS)) if source.chance(4) else "v"
    return f'{{"{key}":"{source.pick(_AROUND)}{_written(source, first, second)}{source.pick(_AROUND)}"}}'


def _written(source: Source, *units: int) -> str:
    """Mostly both as escapes."""
    if source.chance(4):
        return quoted("".join(map(chr, units)))[1:-1]
    return "".join(quoted(chr(unit))[1:-1] if source.chance(4) else _escaped(source, unit) for unit in units)


def _escaped(source: Source, unit: int) -> str:
    return f"\\u{unit:04X}" if source.chance(4) else f"\\u{unit:04x}"


PROFILE = payload_profile("code-units", "pairs of code units around every border, halves in any order", text)
