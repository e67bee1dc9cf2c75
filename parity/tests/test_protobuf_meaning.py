"""What the reference writes, google's protobuf reads, and it means what the arguments said.

An independent decoder over generated cases: it would find a fault that reference and
candidates share.  Order inside maps is not visible to it; the byte comparisons see that.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from driftcore import reference
from google.protobuf.message import DecodeError

from parity.cases import Campaign
from parity.generate.profiles import Arguments
from parity.operations import OPERATIONS, SPAN_ARGUMENTS
from parity.tests.protobuf_messages import CLASSES

STRUCTS, PROCESSED, SPANS, REQUESTS = 3000, 1500, 2000, 800

READABLE_DEPTH = 30
"""google reads a hundred messages within one another; each level of JSON takes up to three."""


def answers(operation: str, count: int) -> Iterator[tuple[Arguments, Any]]:
    """The cases the reference answers with a value: their arguments and the value."""
    function: Callable[..., Any] = getattr(reference, operation)
    for case in Campaign([OPERATIONS[operation]], 0, count):
        try:
            yield case.arguments(), function(*case.arguments())
        except Exception:  # lying objects raise whatever they like
            continue


def decode(kind: str, data: bytes, *values: object) -> Any:
    """The message, or None where one of the `values` in it is nested beyond what google reads."""
    message = CLASSES[kind]()
    try:
        message.ParseFromString(data)
    except DecodeError:
        if any(depth(value) > READABLE_DEPTH for value in values):
            return None
        raise
    return message


def depth(value: object) -> int:
    deepest = 0
    pending = [(value, 1)]
    while pending:
        item, level = pending.pop()
        if isinstance(item, (dict, list)):
            deepest = max(deepest, level)
            pending += [(one, level + 1) for one in (item.values() if isinstance(item, dict) else item)]
    return deepest


def read_struct(message: Any) -> dict[str, object]:
    return {key: read_value(value) for key, value in message.fields.items()}


def read_value(message: Any) -> object:
    kind = message.WhichOneof("kind")
    if kind == "struct_value":
        return read_struct(message.struct_value)
    if kind == "list_value":
        return [read_value(item) for item in message.list_value.values]
    if kind is None:  # only in precomputed bytes
        return "no kind"
    return None if kind == "null_value" else getattr(message, kind)


def by_text(members: Mapping[Any, Any]) -> dict[str, Any]:
    """As protobuf reads them: a key is its text, whatever it says of itself, and the last one counts."""
    return {str(key): item for key, item in members.items()}


def same(expected: object, read: object) -> bool:
    """Whether a value that was read means what was written: doubles by their bits, objects as maps."""
    if isinstance(expected, dict):
        members = by_text(expected)
        return (
            isinstance(read, dict)
            and members.keys() == read.keys()
            and all(same(item, read[key]) for key, item in members.items())
        )
    if isinstance(expected, list):
        return isinstance(read, list) and len(expected) == len(read) and all(map(same, expected, read))
    if expected is None or isinstance(expected, bool):
        return read is expected
    if isinstance(expected, (int, float)):
        return isinstance(read, float) and struct.pack("<d", float(expected)) == struct.pack("<d", read)
    return read == (expected if isinstance(expected, str) else str(expected))


def test_struct_bytes_mean_the_text() -> None:
    seen = skipped = 0
    for (text,), data in answers("object_to_protobuf_struct_bytes", STRUCTS):
        value = json.loads(str(text))
        message = decode("Struct", data, value)
        if message is None:
            skipped += 1
            continue
        seen += 1
        assert same(value if isinstance(value, dict) else {}, read_struct(message))
    assert seen > STRUCTS / 2
    assert skipped < seen / 20


def test_struct_bytes_of_objects_mean_the_normalised_object() -> None:
    seen = skipped = 0
    for _, (normalized, *_, data) in answers("process_export_payload_pyobject", PROCESSED):
        message = decode("Struct", data, normalized)
        if message is None:
            skipped += 1
            continue
        seen += 1
        assert same(normalized if isinstance(normalized, dict) else {}, read_struct(message))
    assert seen > PROCESSED / 2
    assert skipped < seen / 20


PLAIN_FIELDS = (
    *SPAN_ARGUMENTS[:8],
    "kind",
    "input_schema_hash",
    "output_schema_hash",
    "input_value_hash",
    "output_value_hash",
    "is_pre_app_start",
    "is_root_span",
)


def test_span_bytes_mean_the_arguments() -> None:
    seen = skipped = 0
    for arguments, data in answers("build_span_proto_bytes_pyobject", SPANS):
        given: Mapping[str, Any] = dict(zip(SPAN_ARGUMENTS, arguments))
        precomputed = [given[f"{side}_value_proto_struct_bytes"] for side in ("input", "output")]
        values = [given[name] for name in ("input_value", "output_value", "metadata")]
        span = (
            decode("Span", data, *values) if not any(precomputed) else decode_if_readable(data, precomputed)
        )
        if span is None:
            skipped += 1
            continue
        seen += 1
        assert [getattr(span, name) for name in PLAIN_FIELDS] == [given[name] for name in PLAIN_FIELDS]
        assert (span.status.code, span.status.message) == (given["status_code"], given["status_message"])
        for name in ("timestamp", "duration"):
            read = getattr(span, name)
            assert (read.seconds, read.nanos) == (given[f"{name}_seconds"], given[f"{name}_nanos"])
        assert (span.environment if span.HasField("environment") else None) == given["environment"]
        assert not span.HasField("id")
        for name in ("input", "output"):
            assert_value(span, name, given)
            assert span.HasField(f"{name}_schema")
            assert_schema(getattr(span, f"{name}_schema"), given[f"{name}_schema"])
        metadata = {key: item for key, item in by_text(given["metadata"] or {}).items() if item is not None}
        assert same(metadata, read_struct(span.metadata))
    assert seen > SPANS / 2
    assert skipped < seen / 20


def decode_if_readable(data: bytes, precomputed: list[bytes | None]) -> Any:
    """The span, or None where google cannot read the Struct bytes in it on their own for their nesting."""
    for struct_bytes in precomputed:
        try:
            CLASSES["Struct"]().ParseFromString(struct_bytes or b"")
        except DecodeError:
            return None
    try:
        return decode("Span", data)
    except DecodeError:
        return None


def assert_value(span: Any, name: str, given: Mapping[str, Any]) -> None:
    read = read_struct(getattr(span, f"{name}_value"))
    precomputed, value = given[f"{name}_value_proto_struct_bytes"], given[f"{name}_value"]
    if precomputed:
        assert same(read_struct(CLASSES["Struct"].FromString(precomputed)), read)
    else:
        assert same(value if isinstance(value, dict) else {}, read)


def assert_schema(read: Any, given: Mapping[str, Any]) -> None:
    assert read.type == (enum(given.get("type"), 9) or 0)
    properties = given.get("properties")
    properties = by_text(properties) if isinstance(properties, dict) else {}
    assert read.properties.keys() == properties.keys()
    for key, item in properties.items():
        assert_schema(read.properties[key], item or {})
    assert read.HasField("items") == isinstance(given.get("items"), dict)
    if read.HasField("items"):
        assert_schema(read.items, given["items"])
    for name, largest in (("encoding", 1), ("decoded_type", 24)):
        assert (getattr(read, name) if read.HasField(name) else None) == enum(given.get(name), largest)
    importance = given.get("match_importance")
    assert read.HasField("match_importance") == (importance is not None)
    assert importance is None or same(float(importance), read.match_importance)


def enum(number: object, largest: int) -> int | None:
    return int(number) if isinstance(number, int) and 0 <= number <= largest else None


def test_request_bytes_hold_the_spans_behind_four_texts() -> None:
    seen = skipped = 0
    for arguments, data in answers("build_export_spans_request_bytes_pyobject", REQUESTS):
        *texts, spans = arguments
        assert isinstance(spans, list)
        try:
            alone = [CLASSES["Span"].FromString(span) for span in spans]
            request: Any = CLASSES["ExportSpansRequest"].FromString(data)
        except DecodeError:
            skipped += 1
            continue
        seen += 1
        assert texts == [
            request.observable_service_id,
            request.environment,
            request.sdk_version,
            request.sdk_instance_id,
        ]
        assert [deterministic(span) for span in request.spans] == [deterministic(span) for span in alone]
    assert seen > REQUESTS / 3  # as many are damaged
    assert skipped < seen / 10


def deterministic(message: Any) -> bytes:
    data: bytes = message.SerializeToString(deterministic=True)
    return data
