"""Objects that hold NaN of any sign and payload: arithmetic and binary formats make them, JSON does not."""

from __future__ import annotations

import struct
from collections.abc import Callable

from ...operations import Takes
from ..encoded import inferred
from ..numbers import everyday_number
from ..objects import PreciseFloat
from ..pools import KEYS
from ..source import Source
from ..values import Arguments, JsonValue, read, remade
from .base import Makers, Profile, everyday_span

# `inf - inf` is the first of them on x86 and the second on ARM; the others come from foreign bytes.
_SIGNED, _POSITIVE = 0xFFF8_0000_0000_0000, 0x7FF8_0000_0000_0000
_BITS = (
    _SIGNED, _POSITIVE, _POSITIVE | 1, _SIGNED | 1, _POSITIVE | 1 << 50, _SIGNED | 0x7_FFFF_FFFF_FFFF,
    0x7FF0_0000_0000_0001, 0xFFF0_0000_0000_0001, 0x7FF4_0000_0000_0000, 0xFFF7_FFFF_FFFF_FFFF,
)  # fmt: skip
"""Quiet, then signalling."""


def nan(source: Source) -> float:
    (number,) = struct.unpack("<d", source.pick(_BITS).to_bytes(8, "little"))
    assert isinstance(number, float)
    return PreciseFloat(number) if source.chance(8) else number


def _value(source: Source, depth: int) -> JsonValue:
    kind = source.below(8)
    if kind < 3:
        return nan(source)
    if kind == 3:
        return read(everyday_number(source))
    if kind == 4:
        return source.pick((float("inf"), -0.0, None, True, "NaN"))
    if kind == 5 and depth > 0:
        return _members(source, depth)
    items: list[JsonValue] = []
    while depth > 0 and source.more(2):
        items.append(_value(source, depth - 1))
    return items


def _members(source: Source, depth: int) -> dict[str, JsonValue]:
    out: dict[str, JsonValue] = {}
    while source.more(2):
        out[source.pick(KEYS)] = _value(source, depth - 1)
    return out


def _drawn(source: Source) -> dict[Takes, Arguments]:
    """One input in both its shapes; at times with a NaN as a key, or twice the same object."""
    value, metadata = _members(source, 2), _members(source, 1)
    payload: dict[object, object] = {"value": nan(source)}
    payload.update(value)
    if source.chance(8):
        payload[nan(source)] = nan(source)
    if source.chance(4):
        payload["again"] = payload["value"]
    schema = inferred(value)
    if source.chance(4):
        schema["match_importance"] = nan(source)
    return {
        Takes.OBJECT_AND_MERGES: (source.pick((payload, payload, [payload], payload["value"])), None),
        Takes.SPAN: everyday_span(
            input_schema=schema, output_schema=inferred(metadata), metadata=metadata, input_value=value
        ),
    }


def _make(source: Source) -> Makers:
    def maker(takes: Takes) -> Callable[[], Arguments]:
        return remade(lambda again: _drawn(again)[takes], source)

    return {takes: maker(takes) for takes in _TAKES}


_TAKES = (Takes.OBJECT_AND_MERGES, Takes.SPAN)

PROFILE = Profile("nans", "objects that hold NaN of any bits", _TAKES, _make, weight=2)
