"""What a profile is, and the common case of one that makes payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...operations import Takes
from ..merge_rules import merges_text
from ..pools import KEYS
from ..source import Source
from ..strings import quoted
from ..text import Draw
from ..values import read

Arguments = tuple[object, ...]
Make = Callable[[Source], Arguments]


@dataclass(frozen=True)
class Profile:
    """A kind of case: its name (part of every case id), what it is about, and how it makes arguments.

    `makes` has an entry for each shape of arguments the profile serves.
    """

    name: str
    about: str
    makes: Mapping[Takes, Make]


def payload_profile(name: str, about: str, text: Draw, object_text: Draw | None = None) -> Profile:
    """A profile for every operation that takes a payload; `text` draws a valid JSON text.

    `object_text` draws the texts that are read into Python objects, where these have to
    keep away from limits of the reader.
    """
    of_object = object_text or text

    def with_merges_text(source: Source) -> Arguments:
        return text(source), _merges(source)

    def with_merges(source: Source) -> Arguments:
        merges = _merges(source)
        return read(of_object(source)), None if merges is None else read(merges)

    return Profile(
        name,
        about,
        {
            Takes.TEXT: lambda source: (text(source),),
            Takes.TEXT_AND_MERGES: with_merges_text,
            Takes.OBJECT_AND_MERGES: with_merges,
        },
    )


def _merges(source: Source) -> str | None:
    """Merges for usual keys in one of four."""
    if not source.chance(4):
        return None
    keys = []
    while source.more(1):
        keys.append(quoted(source.pick(KEYS)))
    return merges_text(source, keys)
