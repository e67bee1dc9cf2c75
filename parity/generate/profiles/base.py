"""What a profile is, and the common case of one that makes payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...operations import SPAN_ARGUMENTS, Takes
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
    return of_texts(_EVERYDAY, payload, merges, payload, metadata)


def of_texts(span: Arguments, payload: object, merges: object, output: object, metadata: object) -> Arguments:
    """The arguments of `export_span` for a span whose input, with merges, output and metadata are texts."""
    return (*span[:10], payload, merges, output, None, *span[16:24], metadata)


def bare_span(**given: object) -> Arguments:
    """The arguments of a span with nothing in it but what is given, by their names."""
    plain: Arguments = (
        *(*("",) * 7, 1, None, 2, {}, {}, *("",) * 4),
        *(1, "", False, True, *(0,) * 4, *(None,) * 5),
    )
    return tuple({**dict(zip(SPAN_ARGUMENTS, plain)), **given}.values())


def everyday_span(**given: object) -> Arguments:
    """Likewise with texts and times as they are recorded."""
    usual: dict[str, object] = {
        "trace_id": "c01365247ea02244d8ac1d9b6f292a79",
        "span_id": "770f098a51c05893",
        "name": "GET /users/{id}",
        "package_name": "flask",
        "submodule_name": "GET",
        "environment": "production",
        "timestamp_seconds": 1_767_225_600,
        "timestamp_nanos": 7_654_321,
        "duration_nanos": 7_654_321,
    }
    return bare_span(**{**usual, **given})


_EVERYDAY = everyday_span()


def _merges(source: Source) -> str | None:
    """Merges for usual keys in one of four."""
    if not source.chance(4):
        return None
    keys = []
    while source.more(1):
        keys.append(quoted(source.pick(KEYS)))
    return merges_text(source, keys)
