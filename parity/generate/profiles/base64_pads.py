"""Base64 values with pads, blanks and alphabet characters in every order, short words all of them, in turn.

What a lenient decoder makes of a pad in the middle, of two texts in one, or of characters behind a whole
pad is the interpreter's own affair, and has changed within minor versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ...operations import Takes
from ..merge_rules import FOREIGN
from ..source import Source
from ..strings import quoted
from .base import Makers, Profile, payload_makers

LONGEST, LONGEST_WITH_BLANKS = 8, 6
_ALPHABET = "YWJjZ3ahIA9+/b01"
_BLANKS = tuple(
    foreign for foreign in FOREIGN if "=" not in foreign and foreign != "\ud800"
)  # which ends all
_BEFORE = ("", "", "YWJj", "eyJhIjox", "YWJj" * 8)
_BEHIND = ("", "", "YWJj", "fQ==")
_RULES = ('{"encoding":1}', '{"encoding":1}', '{"encoding":1,"decoded_type":1}')


def _words() -> Iterator[str]:
    for length in range(1, LONGEST + 1):
        yield from map("".join, product("a= " if length <= LONGEST_WITH_BLANKS else "a=", repeat=length))


WORDS = tuple(_words())
"""`a` stands for a character of the alphabet, a blank for one that is not of it."""

EACH = 16
"""So many words make an input, but for the first, which has the first word alone."""


def _make(source: Source) -> Makers:
    turn = source.turn(1 + -(-len(WORDS) // EACH))
    words = WORDS[(turn - 1) * EACH : turn * EACH] if turn else WORDS[:1]
    values = [_spelled(source, word) for word in words]
    names = [f"{number:x}" for number in range(len(values))]
    payload = f"{{{','.join(f'{quoted(name)}:{quoted(value)}' for name, value in zip(names, values))}}}"
    merges = f"{{{','.join(f'{quoted(name)}:{source.pick(_RULES)}' for name in names)}}}"
    makers = payload_makers(payload, merges)
    return {takes: makers[takes] for takes in _TAKES}


def _spelled(source: Source, word: str) -> str:
    before, behind = (source.pick(_BEFORE), source.pick(_BEHIND)) if source.chance(2) else ("", "")
    return before + "".join(_character(source, sort) for sort in word) + behind


def _character(source: Source, sort: str) -> str:
    if sort == "=":
        return sort
    return source.pick(_ALPHABET) if sort == "a" else source.pick(_BLANKS)


_TAKES = (Takes.TEXT_AND_MERGES, Takes.OBJECT_AND_MERGES, Takes.EXPORT)

PROFILE = Profile("base64-pads", "base64 with pads, blanks and letters in every order", _TAKES, _make)
