"""Merges that decode: base64 in every state, JSON inside strings, rules right and wrong."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

from ...operations import Takes
from ..merge_rules import WRONG_MERGES, encoded_value, merges_text
from ..objects import Level, PreciseFloat, WholeNumber
from ..pools import MALFORMED
from ..source import Source
from ..strings import awkward_key, everyday_key
from ..text import Style, object_text, scalar_text
from ..values import read
from . import everyday, hostile_text, numbers, structure
from .base import Makers, Profile, export_arguments

_PLAIN = everyday.STYLE
_INNER = Style(_PLAIN.number, _PLAIN.string, _PLAIN.key, members=2, depth=2, repeats=3)


def _inner(source: Source) -> str:
    """A JSON text to be carried inside a string."""
    kind = source.below(16)
    if kind < 10:
        return object_text(source, _INNER, 2) if kind < 6 else scalar_text(source, _INNER)
    if kind < 13:
        return hostile_text.text(source)
    return (numbers.text_within_limits, structure.text, structure.deep_text)[kind - 13](source)


def _payload_and_keys(source: Source) -> tuple[str, list[str]]:
    keys: list[str] = []
    members = []
    while source.more(3):
        key = awkward_key(source) if source.chance(8) else everyday_key(source)
        keys.append(key)
        value = scalar_text(source, _PLAIN) if source.chance(4) else encoded_value(source, _inner(source))
        members.append(f"{key}:{value}")
    if source.chance(16):
        return f"[{{{','.join(members)}}}]", keys
    return f"{{{','.join(members)}}}", keys


def _make(source: Source) -> Makers:
    payload, keys = _payload_and_keys(source)
    kind = source.below(16)
    if kind > 1:
        return _makers(payload, merges_text(source, keys, wrong=kind < 4))
    if kind == 1:
        return _makers(payload, source.pick(WRONG_MERGES))
    merges, chosen = source.pick(MALFORMED), source.below(len(_python_only()))
    return {
        Takes.TEXT_AND_MERGES: lambda: (payload, merges),
        Takes.OBJECT_AND_MERGES: lambda: (read(payload), _python_only()[chosen]),
        Takes.EXPORT: lambda: export_arguments(payload, merges),
    }


def _makers(payload: str, merges: str) -> Makers:
    return {
        Takes.TEXT_AND_MERGES: lambda: (payload, merges),
        Takes.OBJECT_AND_MERGES: lambda: (read(payload), read(merges)),
        Takes.EXPORT: lambda: export_arguments(payload, merges),
    }


def _python_only() -> tuple[object, ...]:
    """Merges that no JSON text could give, some right, some wrong; made anew because some can be changed."""
    return (
        OrderedDict(id=OrderedDict(encoding=1, decoded_type=1)),
        {
            "id": {
                "encoding": Level.ONE,
                "decoded_type": WholeNumber(1),
                "match_importance": PreciseFloat(0.5),
            }
        },
        {1: {"encoding": 1}},
        {None: {}},
        {"id": {1: 1}},
        {"id": MappingProxyType({"encoding": 1})},
        {"id": ("encoding", 1)},
        {"id": {"encoding": b"1"}},
        {"id": {"match_importance": 10**400}},
        {"id": {"match_importance": complex(1)}},
        {"\ud800": {"encoding": 2}},
        MappingProxyType({"id": {"encoding": 1}}),
        [("id", {"encoding": 1})],
        (),
        "",
        '{"id":{"encoding":1}}',
    )


PROFILE = Profile(
    "merges",
    "base64 in every state, JSON inside strings, rules right and wrong",
    (Takes.TEXT_AND_MERGES, Takes.OBJECT_AND_MERGES, Takes.EXPORT),
    _make,
    weight=4,
)
