"""Messages of which a length takes its next byte, or just does not: at every place that writes or reads one.

Places and lengths come in turn (`Source.turn`), so that a few hundred inputs have met all of them, of one
byte, two and three.  A length of four bytes asks for a text of two megabytes, which costs as much as a
hundred inputs: it is left to one input in so many, and mostly to spans and requests, which only copy it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ...operations import Takes
from ..encoded import ANNOTATIONS, Members, Schema, inferred, schema_bytes, struct_bytes
from ..limits import FOUR_BYTE_LENGTHS, THREE_BYTE_LENGTHS, TWO_BYTE_LENGTHS, VARINTS
from ..places import PLACES, Place, filler, fitted
from ..source import Source
from ..values import Arguments, copies
from ..wire import delimited, number_field, string_field
from .base import Makers, Profile, bare_span, of_texts, payload_makers

TURNS = 1 << 16
HUGE_SPAN_IN, HUGE_PAYLOAD_IN = 48, 256
"""One input in so many has a length of four bytes: four and one of the 200 in a campaign of 40,000 cases."""

_NAMES = "abcdefghijklmnopqrstuvwxyz"
_TEXTS: dict[str, int] = {
    "trace_id": 1, "span_id": 2, "parent_span_id": 3, "name": 4, "package_name": 5,
    "instrumentation_name": 6, "submodule_name": 7, "input_schema_hash": 13, "output_schema_hash": 14,
    "input_value_hash": 15, "output_value_hash": 16, "environment": 24,
}  # fmt: skip
"""Texts of a span by the names of the arguments, with their fields."""

_CODE = 1
_TIMES = "timestamp_seconds", "timestamp_nanos", "duration_seconds", "duration_nanos"
_INT32, _INT64 = 1 << 31, 1 << 63
_DATES = 1 << 36
"""Seconds of the spans in a request, which readers make dates of."""
_SECONDS = (*(number for number in VARINTS if number < _INT64), -1, -_INT64)
_NANOS = (*(number for number in VARINTS if number < _INT32), _INT32 - 1, -1, -_INT32)


def _make(source: Source) -> Makers:
    turn = source.turn(TURNS)
    if turn == 0:
        return _makers(source, _PLAIN_PAYLOAD, _PLAIN_SPAN, ("", "", "", "", []))
    span = _span(source, turn)
    return _makers(source, _payload(source, turn), span, _request(source, turn, span))


def _makers(source: Source, payload: _Payload, span: _Span, request: Arguments) -> Makers:
    text = json.dumps(payload.members, ensure_ascii=source.chance(3), separators=(",", ":"))
    return {
        **payload_makers(text, payload.merges),
        Takes.EXPORT: copies(span.export_arguments(text, payload.merges)),
        Takes.SPAN: copies(span.arguments(as_bytes=source.chance(3))),
        Takes.REQUEST: copies(request),
    }


# ---- payloads ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Payload:
    """Members, and the keys of those that merges annotate."""

    members: Members
    annotated: tuple[str, ...]

    @property
    def merges(self) -> str | None:
        return json.dumps(dict.fromkeys(self.annotated, ANNOTATIONS)) if self.annotated else None

    @property
    def schema(self) -> Schema:
        return inferred(self.members, self.annotated)


def _payload(source: Source, turn: int) -> _Payload:
    """The places whose turn it is, at a length of two bytes and at one of three, and some more."""
    drawn = [in_turn(turn, TWO_BYTE_LENGTHS), in_turn(turn + len(PLACES) // 2, THREE_BYTE_LENGTHS)]
    if turn % HUGE_PAYLOAD_IN == HUGE_PAYLOAD_IN // 4:
        drawn[1] = source.pick(PLACES), huge_in_turn(turn // HUGE_PAYLOAD_IN + 1)
    while source.more(2):
        drawn.append((source.pick(PLACES), source.pick(TWO_BYTE_LENGTHS)))
    members: Members = {}
    annotated = []
    for name, (place, wanted) in zip(_NAMES, drawn):
        key, value = place.fitted(wanted, name, filler(source))
        if key not in members:
            members[key] = value
            annotated += [key] if place.annotated else []
    if source.chance(2):
        members = dict(reversed(list(members.items())))
    return _Payload(members, tuple(annotated))


def huge_in_turn(turn: int) -> int:
    """The first length of four bytes, then the last of three, then one beside each."""
    return FOUR_BYTE_LENGTHS[(2 - turn) % 4]


def in_turn(turn: int, lengths: tuple[int, ...]) -> tuple[Place, int]:
    """A place and a length: every place at every length before one comes again."""
    return PLACES[turn % len(PLACES)], lengths[turn // len(PLACES) % len(lengths)]


# ---- spans and requests -----------------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """The input of a span or its output."""

    members: Members
    schema: Schema


@dataclass(frozen=True)
class _Span:
    """What a span is made of: texts by the names of its arguments, seconds and nanos of its two times."""

    texts: dict[str, str]
    sides: tuple[_Side, _Side]
    metadata: Members
    times: tuple[int, int, int, int]

    def arguments(self, as_bytes: bool = False) -> Arguments:
        """Those of `build_span_proto_bytes_pyobject`; values as objects, or as Struct bytes."""
        kind = "value_proto_struct_bytes" if as_bytes else "value"
        times = dict(zip(_TIMES, self.times))
        sides: dict[str, object] = {}
        for name, side in zip(("input", "output"), self.sides):
            sides[f"{name}_schema"] = side.schema
            sides[f"{name}_{kind}"] = struct_bytes(side.members) if as_bytes else side.members
        return bare_span(**self.texts, **times, **sides, metadata=self.metadata)

    def export_arguments(self, payload: str, merges: str | None) -> Arguments:
        """Those of `export_span`, whose input is a payload with merges."""
        output, metadata = (json.dumps(one) for one in (self.sides[1].members, self.metadata))
        return of_texts(self.arguments(), payload, merges, output, metadata)

    def message(self) -> bytes:
        """The Span."""
        parts = [string_field(field, self.texts.get(name, "")) for name, field in _TEXTS.items()]
        for at, side in enumerate(self.sides):
            parts.append(delimited(9 + at, struct_bytes(side.members)))
            parts.append(delimited(11 + at, schema_bytes(side.schema)))
        parts.append(delimited(18, _status(self.texts.get("status_message", ""))))
        for field, seconds, nanos in ((20, *self.times[:2]), (21, *self.times[2:])):
            parts.append(delimited(field, number_field(1, seconds % _DATES) + number_field(2, nanos % 10**9)))
        parts.append(delimited(23, struct_bytes(self.metadata)))
        return b"".join(parts)


def _span(source: Source, turn: int) -> _Span:
    """Texts, a value, its schema and metadata, each of a length whose turn it is, one of them longer."""
    lengths = _lengths(source, turn, len(_TEXTS) + 4)
    status, value, schema, metadata = lengths[len(_TEXTS) :]
    texts = {name: filler(source)(length) for name, length in zip(_TEXTS, lengths)}
    half = turn // (4 * len(lengths)) % 2  # of the turns in which all has been longer once
    whole = str.encode if half else _status
    texts["status_message"] = fitted(status, filler(source), lambda text: len(whole(text)))
    payload = _payload(source, turn + len(PLACES) // 3)
    inner = _Side(payload.members, payload.schema)
    outer = _Side(
        {"o": fitted(value, filler(source), lambda text: len(struct_bytes({"o": text})))},
        inferred({fitted(schema, filler(source), lambda text: len(schema_bytes(inferred({text: 1})))): 1}),
    )
    return _Span(
        texts,
        (inner, outer) if half else (outer, inner),
        {"m": fitted(metadata, filler(source), lambda text: len(struct_bytes({"m": text})))},
        (
            _SECONDS[turn % len(_SECONDS)],
            _NANOS[turn % len(_NANOS)],
            source.pick(_SECONDS),
            source.pick(_NANOS),
        ),
    )


def _lengths(source: Source, turn: int, count: int) -> list[int]:
    """So many lengths: around a byte, but for one of them."""
    lengths = [TWO_BYTE_LENGTHS[(turn + at) % 4] for at in range(count)]
    if turn % HUGE_SPAN_IN == 0:
        lengths[source.below(count)] = huge_in_turn(turn // HUGE_SPAN_IN)
    else:
        lengths[turn % count] = THREE_BYTE_LENGTHS[turn // count % 4]
    return lengths


def _status(message: str) -> bytes:
    return number_field(1, _CODE) + string_field(2, message)


def _request(source: Source, turn: int, span: _Span) -> Arguments:
    """The span, and two that are themselves of a length whose turn it is."""
    *texts, short, longer = _lengths(source, turn + 1, 6)
    spans = [span.message()]
    for length in (short, longer):
        name = fitted(length, filler(source), lambda text: len(string_field(4, text)) + len(_SCHEMAS))
        spans.append(string_field(4, name) + _SCHEMAS)
    return (*(filler(source)(length) for length in texts), spans)


_SCHEMAS = delimited(11, number_field(1, 6)) + delimited(12, number_field(1, 6))
_PLAIN_PAYLOAD = _Payload({}, ())
_PLAIN_SIDE = _Side({}, _PLAIN_PAYLOAD.schema)
_PLAIN_SPAN = _Span({}, (_PLAIN_SIDE, _PLAIN_SIDE), {}, (0, 0, 0, 0))

PROFILE = Profile(
    "sizes",
    "messages of which a length just takes another byte",
    (Takes.TEXT, Takes.TEXT_AND_MERGES, Takes.OBJECT_AND_MERGES, Takes.EXPORT, Takes.SPAN, Takes.REQUEST),
    _make,
)
