"""Where upstream's Python path (subject `sdk`) is known to differ from the contract, and why.

A declared divergence explains a case only where its predicate holds, and each
predicate asks for the cause in the case's arguments or for the one error that is
meant, so that a new difference next to a known one is still a mismatch.  A test
shows that each still diverges, another that each is met by generated cases.

Spans may differ for several reasons at once.  There a divergence names the fields
it accounts for, and a case is explained when every field that differs is accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .cases import Case
from .operations import SPAN_ARGUMENTS
from .outcome import Error, Outcome, Value

TEXT_OPERATIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
)
PROCESSING = ("process_export_payload", "process_export_payload_pyobject")
SPAN = "build_span_proto_bytes_pyobject"
REQUEST = "build_export_spans_request_bytes_pyobject"


@dataclass(frozen=True)
class Divergence:
    """One known difference; `cause` decides from a case, the contract's outcome and upstream's."""

    id: str
    operations: tuple[str, ...]
    why: str
    cause: Callable[[Case, Outcome, Outcome], bool]

    def explains(self, case: Case, expected: Outcome, actual: Outcome) -> bool:
        return case.operation.name in self.operations and self.cause(case, expected, actual)


def declared_for(candidate: str) -> tuple[Divergence, ...]:
    """The divergences declared for a candidate; none for anything but upstream."""
    return DIVERGENCES if candidate == "sdk" else ()


def _is_error(outcome: Outcome, kind: str, pattern: str) -> bool:
    return (
        isinstance(outcome, Error) and outcome.kind == kind and re.match(pattern, outcome.message) is not None
    )


def _argument_types(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(expected, "TypeError", r"\w+(\[\d+\])? must be .*, not \w+$")


def _merges_validated(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(expected, "ValueError", r"schema_merges(_json)?(\[|:| must be an object of objects)")


def _recursion(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return isinstance(actual, Error) and actual.kind == "RecursionError"


def _enum_message(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(
        expected, "ValueError", r"(package_type|kind|status_code) must be from 0 to"
    ) and _is_error(actual, "ValueError", r".* is not a valid (PackageType|SpanKind|StatusCode)$")


def _int_width(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(expected, "OverflowError", r"(timestamp|duration)_(seconds|nanos) does not fit in")


def _odd_members(case: Case, expected: Outcome, actual: Outcome) -> bool:
    """Keys that are not str, properties that are not dicts, a match_importance that is no double."""
    if _is_error(expected, "OverflowError", "int too large to convert to float"):
        return _is_error(actual, "struct.error", "required argument is not a float")
    members = r"properties must have |properties\[.*\] must be |match_importance must be "
    return _is_error(expected, "TypeError", rf"\w+( must have str keys, |: ({members}))")


def _times_out_of_range(case: Case, expected: Outcome, actual: Outcome) -> bool:
    """`datetime` knows the years 1 to 9999, `timedelta` 999,999,999 days."""
    if not isinstance(actual, Error) or actual.kind not in ("ValueError", "OverflowError", "OSError"):
        return False
    arguments = _named(case)
    return _upstream_time(arguments) is None or _upstream_duration(arguments) is None


def _malformed_struct(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(expected, "ValueError", r"(input|output)_value_proto_struct_bytes is malformed at byte ")


def _malformed_span(case: Case, expected: Outcome, actual: Outcome) -> bool:
    return _is_error(expected, "ValueError", r"spans\[\d+\] is malformed at byte ")


def _request_reencoded(case: Case, expected: Outcome, actual: Outcome) -> bool:
    """Upstream reads each span and writes it again: other bytes, unless they were canonical."""
    if not isinstance(expected, Value) or not isinstance(actual, Value):
        return False
    spans = case.arguments()[-1]
    return isinstance(spans, list) and any(_reencoded("Span", span) != span for span in spans)


def _in_span_field(*numbers: int) -> Callable[[Case, Outcome, Outcome], bool]:
    """A cause that lies in one of these fields of a span while all the others are accounted for."""

    def cause(case: Case, expected: Outcome, actual: Outcome) -> bool:
        if not isinstance(expected, Value) or not isinstance(actual, Value):
            return False
        right, upstream = _fields(expected.value), _fields(actual.value)
        differing = {
            number for number in right.keys() | upstream.keys() if right.get(number) != upstream.get(number)
        }
        return differing <= _accounted_fields(_named(case), right) and not differing.isdisjoint(numbers)

    return cause


def _struct_reencoded(case: Case, expected: Outcome, actual: Outcome) -> bool:
    """Also where upstream cannot read bytes for their nesting, falls back to the object, and fails there."""
    if isinstance(actual, Error):
        return any(data and _reencoded("Struct", data) is None for data in case.arguments()[-2:])
    return _in_span_field(9, 10)(case, expected, actual)


def _accounted_fields(arguments: Mapping[str, object], right: Mapping[int, list[bytes]]) -> set[int]:
    """Numbers of the span's fields that upstream writes differently for the case at hand."""
    accounted = set()
    if _upstream_time(arguments) != (arguments["timestamp_seconds"], arguments["timestamp_nanos"]):
        accounted.add(20)
    if _upstream_duration(arguments) != (arguments["duration_seconds"], arguments["duration_nanos"]):
        accounted.add(21)
    for number in (11, 12):
        if any(_has_empty_entry(schema) for schema in right.get(number, ())):
            accounted.add(number)
    for number, name in ((9, "input"), (10, "output")):
        data = arguments[f"{name}_value_proto_struct_bytes"]
        if data and _reencoded("Struct", data) != data:
            accounted.add(number)
    return accounted


def _named(case: Case) -> Mapping[str, object]:
    return dict(zip(SPAN_ARGUMENTS, case.arguments()))


def _upstream_time(arguments: Mapping[str, object]) -> tuple[int, int] | None:
    """(seconds, nanos) that survive upstream's way through a float; None where it fails."""
    seconds, nanos = arguments["timestamp_seconds"], arguments["timestamp_nanos"]
    assert isinstance(seconds, int) and isinstance(nanos, int)
    try:
        moment = datetime.fromtimestamp(seconds + nanos / 1_000_000_000, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return since.days * 86_400 + since.seconds, since.microseconds * 1000


def _upstream_duration(arguments: Mapping[str, object]) -> tuple[int, int] | None:
    """(seconds, nanos) as upstream writes a timedelta of whole microseconds; None where it fails."""
    seconds, nanos = arguments["duration_seconds"], arguments["duration_nanos"]
    assert isinstance(seconds, int) and isinstance(nanos, int)
    try:
        microseconds = timedelta(seconds=seconds, microseconds=nanos // 1000) // timedelta(microseconds=1)
    except OverflowError:
        return None
    return int(microseconds / 1e6), int((microseconds % 1e6) * 1e3)


def _has_empty_entry(schema: bytes) -> bool:
    """Whether JsonSchema bytes have, anywhere, a property whose name and schema are both empty."""
    fields = _fields(schema)
    entries = fields.get(2, [])
    nested = [one for entry in entries for one in _fields(entry).get(2, ())]
    return b"" in entries or any(_has_empty_entry(one) for one in (*nested, *fields.get(3, ())))


def _reencoded(message: str, data: object) -> bytes | None:
    """What upstream's runtime writes for bytes it has read; None where it cannot read them."""
    from betterproto.lib.google.protobuf import Struct
    from tusk.drift.core.v1 import Span

    try:
        return bytes({"Struct": Struct, "Span": Span}[message]().parse(data))
    except Exception:
        return None


def _fields(message: object) -> dict[int, list[bytes]]:
    """The raw contents of a well-formed message's fields by number."""
    assert isinstance(message, bytes)
    fields: dict[int, list[bytes]] = {}
    at = 0
    while at < len(message):
        tag, start = _varint(message, at)
        if tag & 7 == 1:
            end = start + 8
        else:
            number, end = _varint(message, start)
            if tag & 7 == 2:
                start, end = end, end + number
        fields.setdefault(tag >> 3, []).append(message[start:end])
        at = end
    return fields


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """(number, index after it)"""
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return number, at


DIVERGENCES = (
    Divergence(
        "argument-types",
        (*TEXT_OPERATIONS, *PROCESSING, SPAN, REQUEST),
        "An argument of a wrong type is a TypeError that names it; upstream goes on until something fails.",
        _argument_types,
    ),
    Divergence(
        "merges-validated",
        PROCESSING,
        "Wrong merges are a ValueError that names the key; upstream takes some of them and fails in others.",
        _merges_validated,
    ),
    Divergence(
        "recursion",
        ("object_to_protobuf_struct_bytes", *PROCESSING, SPAN, REQUEST),
        "Upstream's message classes call themselves several times a level and give up on moderate nesting.",
        _recursion,
    ),
    Divergence(
        "enum-message",
        (SPAN,),
        "A number outside its enum is a ValueError that names the argument; upstream lets the enum speak.",
        _enum_message,
    ),
    Divergence(
        "int-width",
        (SPAN,),
        "An int wider than its field is an OverflowError; upstream carries nanos over or fails in datetime.",
        _int_width,
    ),
    Divergence(
        "odd-members",
        (SPAN,),
        "Keys, properties and importances of a wrong type are TypeErrors; upstream's encoder raises its own.",
        _odd_members,
    ),
    Divergence(
        "times-out-of-range",
        (SPAN,),
        "Times are ints; upstream turns them into datetime and timedelta, which end with the year 9999.",
        _times_out_of_range,
    ),
    Divergence(
        "times-truncated",
        (SPAN,),
        "Nanoseconds are exact; upstream takes times through floats to whole microseconds, and writes the "
        "fraction of a negative duration as a positive one.",
        _in_span_field(20, 21),
    ),
    Divergence(
        "empty-map-entry",
        (SPAN,),
        'A property named "" with an empty schema is kept; upstream\'s encoder loses the empty entry.',
        _in_span_field(11, 12),
    ),
    Divergence(
        "struct-reencoded",
        (SPAN,),
        "Well-formed precomputed Struct bytes pass through; upstream reads them and writes them anew.",
        _struct_reencoded,
    ),
    Divergence(
        "struct-malformed",
        (SPAN,),
        "Malformed precomputed Struct bytes are a ValueError; upstream silently drops the value.",
        _malformed_struct,
    ),
    Divergence(
        "span-malformed",
        (REQUEST,),
        "A malformed span is a ValueError that names the item; upstream reads what it can or fails inside.",
        _malformed_span,
    ),
    Divergence(
        "request-reencoded",
        (REQUEST,),
        "Verified spans pass through unchanged; upstream reads them and writes them anew.",
        _request_reencoded,
    ),
)
