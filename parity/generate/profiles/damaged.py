"""Spans and Struct bytes with one field written wrong: every flaw at every spot, in turn (`flaws`).

What is within a Struct comes as the Struct bytes of a span, everything else as a span of a request.
"""

from __future__ import annotations

from ...operations import Takes
from ..encoded import inferred
from ..flaws import Flaw, Spot, flawed, pairs
from ..source import Source
from ..values import Arguments, copies
from ..wire import CANONICAL, delimited, number_field, span_message, string_field
from .base import Makers, Profile, everyday_span

OF_STRUCTS = tuple(pair for pair in pairs() if pair[0].in_struct)
OF_SPANS = tuple(pair for pair in pairs() if not pair[0].in_struct)
_STRIDE = 601
"""Shares no factor with either count, so that part of a turn is a sample of all."""

_RIGHT_SPAN = string_field(1, "trace") + delimited(11, number_field(1, 6)) + delimited(12, number_field(1, 6))


def _make(source: Source) -> Makers:
    turn = source.turn(len(OF_SPANS) * len(OF_STRUCTS)) * _STRIDE
    return {
        Takes.REQUEST: copies(_request(source, *OF_SPANS[turn % len(OF_SPANS)])),
        Takes.SPAN: copies(_span(source, *OF_STRUCTS[turn % len(OF_STRUCTS)])),
    }


def _request(source: Source, spot: Spot, flaw: Flaw) -> Arguments:
    """The span, at times behind a right one, at times before one or another that is not."""
    spans = [flawed(source, "span", spot, flaw)]
    if source.chance(4):
        spans.insert(0, span_message(source, CANONICAL) if source.chance(4) else _RIGHT_SPAN)
    if source.chance(2):
        spans.append(flawed(source, "span", *source.pick(OF_STRUCTS)) if source.chance(2) else _RIGHT_SPAN)
    return "orders-service", "production", "0.1.29", "i-0f00", spans


def _span(source: Source, spot: Spot, flaw: Flaw) -> Arguments:
    """An everyday span, its input or output value given as bytes."""
    given: list[object] = [None, flawed(source, "struct", spot, flaw)]
    if source.chance(2):
        given.reverse()
    return everyday_span(
        input_schema=inferred({}),
        output_schema=inferred({}),
        timestamp_nanos=7_654_000,
        duration_nanos=7_654_000,
        input_value_proto_struct_bytes=given[0],
        output_value_proto_struct_bytes=given[1],
    )


PROFILE = Profile(
    "damaged", "span bytes with one field written wrong", (Takes.SPAN, Takes.REQUEST), _make, weight=8
)
