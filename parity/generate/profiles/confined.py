"""Ordinary and nested payloads, put to the candidate on threads with little stack or a low recursion limit.

How deep payloads are depends on the stack: two thirds of what the reference bears there on Python 3.9, the
least of any, as a candidate may hand them to it.
"""

from __future__ import annotations

from ...operations import Takes
from ...surroundings import Surroundings
from ..encoded import inferred
from ..numbers import everyday_number
from ..pools import KEYS
from ..source import Source
from ..strings import everyday_string, quoted
from ..values import Arguments, copies, read
from .base import PAYLOAD, Makers, Profile, bare_span, payload_makers

_PLACES: tuple[tuple[Surroundings, int], ...] = (
    (Surroundings(stack=32), 8),
    (Surroundings(limit=100), 60),
    (Surroundings(stack=64), 22),
    (Surroundings(limit=40), 30),
    (Surroundings(stack=128), 44),
    (Surroundings(limit=250), 120),
    (Surroundings(stack=256), 90),
    (Surroundings(stack=32, limit=60), 8),
    (Surroundings(stack=512), 120),
)
"""Each with the depth of its payloads; 32 KiB is the least that Python allows."""

_OPENINGS = (("[", "]"), ('{"a":', "}"), ('{"b":0,"a":', ',"A":[]}'), ('{"a":0,"a":', "}"), ('{"k\\n":', "}"))


def _make(source: Source) -> Makers:
    """A payload, which stands within a string at times, to be decoded there."""
    _, most = _PLACES[source.turn(len(_PLACES))]
    text = _nested(source, most if source.chance(2) else source.below(most))
    merges = None
    if source.chance(4):
        text, merges = f'{{"k":{quoted(text)},"b":1}}', '{"k":{"decoded_type":1}}'
    elif source.chance(2):
        merges = '{"a":{"match_importance":0.5}}'
    return {**payload_makers(text, merges), Takes.SPAN: copies(_span(source, text))}


def _nested(source: Source, depth: int) -> str:
    """All containers of one kind, or any."""
    mixed, kind = source.chance(2), source.pick(_OPENINGS)
    inner = source.pick((everyday_number, everyday_string))(source)
    opened, closed = [], []
    for _ in range(depth):
        start, end = source.pick(_OPENINGS) if mixed else kind
        opened.append(start)
        closed.append(end)
    members = f',"{source.pick(KEYS)}":{everyday_number(source)}' if source.chance(2) else ""
    return f'{{"v":{"".join(opened)}{inner}{"".join(reversed(closed))}{members}}}'


def _span(source: Source, text: str) -> Arguments:
    value = read(text)
    metadata = value if source.chance(2) else None
    return bare_span(input_schema=inferred(value), metadata=metadata, input_value=value)


PROFILE = Profile(
    "confined",
    "payloads on threads with little stack or a low recursion limit",
    (*PAYLOAD, Takes.SPAN),
    _make,
    surroundings=tuple(place for place, _ in _PLACES),
)
