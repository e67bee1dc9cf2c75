"""Export requests: lists of spans as encoders write them, as other encoders may, and as nobody should."""

from __future__ import annotations

from ...operations import Takes
from ..source import Source
from ..strings import hostile_text
from ..values import Arguments, remade
from ..wire import CANONICAL, NON_CANONICAL, damage, deep_struct, delimited, span_message
from .base import Profile


def _arguments(source: Source) -> Arguments:
    texts: list[object] = [_text(source) for _ in range(4)]
    spans: object = _spans(source)
    if source.chance(12):
        texts[source.below(4)] = source.pick((None, b"x", 1, "\ud800", ["x"]))
    if source.chance(24):
        spans = source.pick((None, (), (b"",), b"", {}, "spans"))
    return (*texts, spans)


def _text(source: Source) -> str:
    if source.chance(4):
        return hostile_text(source).encode("utf-8", "replace").decode("utf-8")
    return source.pick(("orders-service", "production", "0.1.29", "", "i-0f00"))


def _spans(source: Source) -> list[object]:
    """Mostly right spans, so that a wrong one is found behind others."""
    odd = source.chance(2)
    spans: list[object] = []
    while source.more(2):
        spans.append(_odd_span(source) if odd and source.chance(3) else span_message(source, CANONICAL))
    return spans


def _odd_span(source: Source) -> object:
    kind = source.below(8)
    if kind < 3:
        return span_message(source, NON_CANONICAL)
    if kind < 5:
        return damage(source, span_message(source, CANONICAL))
    if kind == 5:
        return source.pick((b"", b"\x0a\x00", b"\x0a\x01a"))
    if kind == 6:
        return delimited(9, deep_struct(source))
    return source.pick((None, "", bytearray(b"\x0a\x01a"), 1, [b""]))


PROFILE = Profile(
    "export-requests",
    "lists of span bytes, right, non-canonical and damaged",
    (Takes.REQUEST,),
    lambda source: {Takes.REQUEST: remade(_arguments, source)},
    weight=6,
)
