"""Named causes for the ledger: what has to be true of an input and its outcomes for an entry to explain them.

Each is precise on purpose: it asks for the cause in the arguments or for the one error that is
meant, so that a new difference next to a known one is still a mismatch.  Spans may differ for
several reasons at once; there a cause holds when every field that differs is accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from driftcore.reference.normalize import normalize_object

from .compare import compare, compare_values
from .features import features
from .generate.lying import Forged
from .messages import fields, value_of
from .operations import SPAN_ARGUMENTS, Operation
from .outcome import Error, Outcome, Value


@dataclass(frozen=True)
class Instance:
    """One mismatch: the operation, how to make its arguments, the contract's outcome and the subject's."""

    operation: Operation
    arguments: Callable[[], tuple[Any, ...]]
    expected: Outcome
    actual: Outcome


Cause = Callable[[Instance], bool]

TIMES = "timestamp", "duration"
"""Fields of a span that upstream turns into objects of the datetime module."""

CAUSES: dict[str, Cause] = {}
"""By the names that `ledger.toml` uses."""


def cause(function: Cause) -> Cause:
    """Enter a function under its own name."""
    CAUSES[function.__name__] = function
    return function


def _is_error(outcome: Outcome, kind: str, pattern: str) -> bool:
    return (
        isinstance(outcome, Error) and outcome.kind == kind and re.match(pattern, outcome.message) is not None
    )


# ---- arguments the contract refuses ------------------------------------------


@cause
def argument_types(one: Instance) -> bool:
    """The contract names an argument of a wrong type."""
    return _is_error(one.expected, "TypeError", r"\w+(\[\d+\])? must be .*, not \w+$")


@cause
def merges_validated(one: Instance) -> bool:
    """The contract refuses the merges."""
    return _is_error(one.expected, "ValueError", r"schema_merges(_json)?(\[|:| must be an object of objects)")


@cause
def enum_message(one: Instance) -> bool:
    """A number outside its enum, refused by both."""
    return _is_error(
        one.expected, "ValueError", r"(package_type|kind|status_code) must be from 0 to"
    ) and _is_error(one.actual, "ValueError", r".* is not a valid (PackageType|SpanKind|StatusCode)$")


@cause
def int_width(one: Instance) -> bool:
    """An int wider than its field."""
    return _is_error(one.expected, "OverflowError", r"(timestamp|duration)_(seconds|nanos) does not fit in")


@cause
def odd_members(one: Instance) -> bool:
    """Keys that are not str, properties that are not dicts, a match_importance that is no double."""
    if _is_error(one.expected, "OverflowError", "int too large to convert to float"):
        return _is_error(one.actual, "struct.error", "required argument is not a float")
    members = r"properties must have |properties\[.*\] must be |match_importance must be "
    return _is_error(one.expected, "TypeError", rf"\w+( must have str keys, |: ({members}))")


@cause
def first_of_two_errors(one: Instance) -> bool:
    """An input with two faults of values, of which each side tells another."""
    faults = {"lone surrogate", "object whose str raises", "int beyond double range"}
    return (
        len(faults & features(one.operation, one.arguments())) > 1
        and (
            _is_error(one.expected, "UnicodeEncodeError", "'utf-8' codec can't encode")
            or _is_error(one.expected, "OverflowError", "int too large to convert to float")
        )
        and isinstance(one.actual, Error)
        and isinstance(one.expected, Error)
        and one.actual.kind != one.expected.kind
    )


@cause
def malformed_struct(one: Instance) -> bool:
    """Precomputed Struct bytes that the contract refuses."""
    return _is_error(
        one.expected, "ValueError", r"(input|output)_value_proto_struct_bytes is malformed at byte "
    )


@cause
def malformed_span(one: Instance) -> bool:
    """A span of a request that the contract refuses."""
    return _is_error(one.expected, "ValueError", r"spans\[\d+\] is malformed at byte ")


# ---- upstream's limits -------------------------------------------------------


@cause
def asked_twice(one: Instance) -> bool:
    """Some object in the payload reads as something else each time; what was read first is the same."""
    if not _same_but_for_hashes(one.expected, one.actual):
        return False
    payload = one.arguments()[0]
    if compare_values(normalize_object(payload), normalize_object(payload)) is not None:
        return True
    once, twice = one.arguments(), one.arguments()
    normalize_object(once[0])
    for _ in range(2):
        normalize_object(twice[0])
    return compare_values(once, twice) is not None


@cause
def keys_compared(one: Instance) -> bool:
    """The outcome is right, but a key that counts how often it was compared was so more often."""
    pending: list[Any] = list(one.arguments())
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if any(isinstance(key, Forged) for key in value):
                return compare(one.expected, one.actual) is None
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return False


def _same_but_for_hashes(expected: Outcome, actual: Outcome) -> bool:
    """Values with the same normalized payload and Struct bytes, or one refusal, also to hash other texts.

    Where outcomes are the same altogether, what is left is how often an object counts to have been asked.
    """
    if isinstance(expected, Error) and isinstance(actual, Error):
        same_refusal = expected.kind == actual.kind == "UnicodeEncodeError"
        return same_refusal or compare(expected, actual) is None
    if not isinstance(expected, Value) or not isinstance(actual, Value):
        return False
    right: Any = expected.value
    upstream: Any = actual.value
    return compare_values((right[0], right[4]), (upstream[0], upstream[4])) is None


@cause
def upstream_recursion(one: Instance) -> bool:
    """The subject gave up on the nesting."""
    return isinstance(one.actual, Error) and one.actual.kind == "RecursionError"


@cause
def times_out_of_range(one: Instance) -> bool:
    """`datetime` knows the years 1 to 9999, `timedelta` 999,999,999 days."""
    return _is_refused_time(one.actual) and _is_out_of_range(_named(one))


@cause
def sent_times_out_of_range(one: Instance) -> bool:
    """Likewise in the bytes of a span, which upstream reads."""
    spans = one.arguments()[-1]
    assert isinstance(spans, list)
    return _is_refused_time(one.actual) and any(
        _is_out_of_range(times) for span in spans for times in _times_in(span)
    )


def _is_refused_time(actual: Outcome) -> bool:
    return isinstance(actual, Error) and actual.kind in ("ValueError", "OverflowError", "OSError")


def _is_out_of_range(times: Mapping[str, object]) -> bool:
    return _upstream_time(times) is None or _upstream_duration(times) is None


def _times_in(span: bytes) -> Iterator[Mapping[str, object]]:
    """Each time and duration by the names that arguments have: upstream makes objects of all it reads."""
    for field in fields(span, "Span"):
        if field.name in TIMES and field.message:
            numbers: dict[str, object] = {
                f"{name}_{part}": 0 for name in TIMES for part in ("seconds", "nanos")
            }
            for part in fields(span, field.message, field.content, field.end):
                number = value_of(span, part)
                if isinstance(number, int):
                    numbers[f"{field.name}_{part.name}"] = number - (number >> 63 << 64)
            yield numbers


# ---- fields upstream writes differently --------------------------------------


@cause
def times_truncated(one: Instance) -> bool:
    """A time upstream cannot carry through its floats."""
    return _in_span_field(one, 20, 21)


@cause
def empty_map_entry(one: Instance) -> bool:
    """A property whose name and schema are both empty."""
    return _in_span_field(one, 11, 12)


@cause
def struct_reencoded(one: Instance) -> bool:
    """Struct bytes upstream writes anew, or cannot read for their nesting and then fails on the object."""
    if isinstance(one.actual, Error):
        return any(data and _reencoded("Struct", data) is None for data in one.arguments()[-2:])
    return _in_span_field(one, 9, 10)


@cause
def request_reencoded(one: Instance) -> bool:
    """Upstream reads each span and writes it again: other bytes, unless they were canonical."""
    if not isinstance(one.expected, Value) or not isinstance(one.actual, Value):
        return False
    spans = one.arguments()[-1]
    return isinstance(spans, list) and any(_reencoded("Span", span) != span for span in spans)


def _in_span_field(one: Instance, *numbers: int) -> bool:
    """Whether the difference lies in one of these fields while all the others are accounted for."""
    if not isinstance(one.expected, Value) or not isinstance(one.actual, Value):
        return False
    right, upstream = _contents(one.expected.value, "Span"), _contents(one.actual.value, "Span")
    differing = {
        number for number in right.keys() | upstream.keys() if right.get(number) != upstream.get(number)
    }
    return differing <= _accounted_fields(_named(one), right) and not differing.isdisjoint(numbers)


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


def _named(one: Instance) -> Mapping[str, object]:
    return dict(zip(SPAN_ARGUMENTS, one.arguments()))


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
    contents = _contents(schema, "JsonSchema")
    entries = contents.get(2, [])
    nested = [one for entry in entries for one in _contents(entry, "JsonSchema.Entry").get(2, ())]
    return b"" in entries or any(_has_empty_entry(one) for one in (*nested, *contents.get(3, ())))


def _reencoded(message: str, data: object) -> bytes | None:
    """What upstream's runtime writes for bytes it has read; None where it cannot read them."""
    from betterproto.lib.google.protobuf import Struct
    from tusk.drift.core.v1 import Span

    try:
        return bytes({"Struct": Struct, "Span": Span}[message]().parse(data))
    except Exception:
        return None


def _contents(data: object, message: str) -> dict[int, list[bytes]]:
    """The raw contents of a well-formed message's fields by number."""
    assert isinstance(data, bytes)
    contents: dict[int, list[bytes]] = {}
    for field in fields(data, message):
        contents.setdefault(field.number, []).append(data[field.content : field.end])
    return contents
