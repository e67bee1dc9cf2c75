"""What a profile is, and the common case of one that makes payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...operations import Takes
from ...surroundings import USUAL, Surroundings
from ..merge_rules import merges_text
from ..pools import KEYS
from ..source import Source
from ..strings import quoted
from ..text import Draw
from ..values import Arguments, read

Makers = Mapping[Takes, Callable[[], Arguments]]
"""For each shape of arguments what makes them, anew on each call where they can be changed."""


@dataclass(frozen=True)
class Profile:
    """A kind of input: its name (part of every case id), what it is about, and how one is made.

    `make` draws one input and offers it in every shape of `takes`.  A campaign takes
    `weight` inputs of the profile where it takes one of a profile of weight 1.
    Candidates are called in the `surroundings` in turn, where there are any.
    """

    name: str
    about: str
    takes: tuple[Takes, ...]
    make: Callable[[Source], Makers]
    weight: int = 1
    surroundings: tuple[Surroundings, ...] = ()

    def within(self, index: int) -> Surroundings:
        """Where the candidate is called with an input."""
        return self.surroundings[index % len(self.surroundings)] if self.surroundings else USUAL


PAYLOAD = (Takes.TEXT, Takes.TEXT_AND_MERGES, Takes.OBJECT_AND_MERGES, Takes.EXPORT)


def payload_profile(name: str, about: str, text: Draw, weight: int = 1) -> Profile:
    """A profile for every operation that takes a payload; `text` draws a valid JSON text."""

    def make(source: Source) -> Makers:
        return payload_makers(text(source), _merges(source))

    return Profile(name, about, PAYLOAD, make, weight)


def payload_makers(text: str, merges: str | None) -> Makers:
    """One valid payload, with merges or none, in every shape it can be put to an operation."""
    return {
        Takes.TEXT: lambda: (text,),
        Takes.TEXT_AND_MERGES: lambda: (text, merges),
        Takes.OBJECT_AND_MERGES: lambda: (read(text), None if merges is None else read(merges)),
        Takes.EXPORT: lambda: export_arguments(text, merges),
    }


def export_arguments(payload: object, merges: object) -> Arguments:
    """An everyday span of a payload on either side; the output's decoding is the input's no concern."""
    metadata = payload if isinstance(payload, str) and payload.startswith("{") else None
    return (
        *("c01365247ea02244d8ac1d9b6f292a79", "770f098a51c05893", "", "GET /users/{id}", "flask", "", "GET"),
        *(1, "production", 2, payload, merges, payload, None),
        *(1, "", False, True, 1_767_225_600, 7_654_321, 0, 7_654_321, metadata),
    )


def _merges(source: Source) -> str | None:
    """Merges for usual keys in one of four."""
    if not source.chance(4):
        return None
    keys = []
    while source.more(1):
        keys.append(quoted(source.pick(KEYS)))
    return merges_text(source, keys)
