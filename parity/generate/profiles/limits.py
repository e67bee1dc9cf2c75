"""Sizes one below, at and one above every limit: lengths, members, digits, exponents, depths, characters."""

from __future__ import annotations

from collections.abc import Callable

from ..limits import BITS, CODE_POINTS, DEPTHS, DIGITS, EXPONENTS, LARGE_LENGTHS, MEMBERS, STRING_LENGTHS
from ..numbers import decimal, digits, everyday_number, limit_number
from ..source import Source
from ..strings import escaped, everyday_string, quoted
from .base import payload_profile


def text(source: Source) -> str:
    """A value at a limit, bare, as a member among others, or in a list."""
    value = source.pick(_KINDS)(source)
    kind = source.below(4)
    if kind == 0:
        return value
    if kind == 1:
        return f"[{everyday_number(source)},{value}]"
    return f'{{"id":{everyday_string(source)},"value":{value}}}'


def string(source: Source) -> str:
    """A string whose length in bytes is at a limit, with something to escape or encode near either end."""
    length = source.pick(LARGE_LENGTHS if source.chance(256) else STRING_LENGTHS)
    filler = source.pick(("a", "é", "中", "😀"))
    wide = len(filler.encode())
    odd = _character(source) if source.chance(2) else ""
    before = source.below(min(length, 20))
    body = filler * (length // wide) + "b" * (length % wide)
    if source.chance(2):
        before = len(body) - min(before, len(body))
    return f'"{body[:before]}{odd}{body[before:]}"'


def _character(source: Source) -> str:
    """A character at a limit, raw where JSON allows it or escaped."""
    character = chr(source.pick(CODE_POINTS))
    return escaped(character) if source.chance(2) else quoted(character)[1:-1]


def number(source: Source) -> str:
    kind = source.below(4)
    sign = "-" if source.chance(3) else ""
    if kind == 0:
        return sign + digits(source, source.pick(DIGITS))
    if kind == 1:
        whole, fraction = (
            digits(source, source.pick((1, 1, 2, 15, 19))),
            digits(source, source.pick(DIGITS[:15])),
        )
        return f"{sign}{whole}.{fraction}"
    if kind == 2:
        point = f".{digits(source, source.pick(DIGITS[:12]))}" if source.chance(2) else ""
        return f"{sign}{digits(source, source.pick((1, 1, 17, 19, 20)))}{point}e{source.pick(EXPONENTS)}"
    return limit_number(source)


def power_of_two(source: Source) -> str:
    """An int at the end of so many bits.  Those too long to be read are for Python objects only."""
    bits = source.pick(BITS)
    return ("-" if source.chance(3) else "") + decimal((1 << bits) - source.below(2))


def members(source: Source) -> str:
    """An object or list of so many members: keys in order, reversed, shuffled, or all but alike."""
    count = source.pick(MEMBERS)
    if source.chance(4):
        return f"[{','.join([everyday_number(source)] * count)}]"
    order = source.below(4)
    step = (1, -1, 7919, 7919)[order]
    prefix = "same-start-of-a-long-key-" if order == 3 else "k"
    names = [f"{prefix}{number * step % 1009}" for number in range(count)]
    if source.chance(4):
        names[-1] = source.pick(names)
    return f"{{{','.join(f'{quoted(name)}:{at % 10}' for at, name in enumerate(names))}}}"


def depth(source: Source) -> str:
    """Nesting at a limit; the value itself stands up to two levels down."""
    levels = source.pick(DEPTHS) - source.below(3)
    opening, closing = ('{"a":', "}") if source.chance(2) else ("[", "]")
    return opening * levels + source.pick(("1", "[]", "{}")) + closing * levels


_KINDS: tuple[Callable[[Source], str], ...] = (string, string, number, number, members, power_of_two, depth)

PROFILE = payload_profile("limits", "sizes one below, at and one above every limit", text, weight=2)
