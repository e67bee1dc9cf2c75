"""Protobuf bytes read by the message descriptors: fields with their names, places and contents.

The table below is the contract's, written apart from every encoder under test.  The
reader is lenient: what it cannot read any further it gives as one damaged field, so
that even broken bytes can be shown, compared and made smaller.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
TAG_BYTES, VARINT_BYTES = 5, 10

_SECONDS_AND_NANOS = {1: ("seconds", "int"), 2: ("nanos", "int")}
_TEXTS = (
    "trace_id", "span_id", "parent_span_id", "name", "package_name", "instrumentation_name", "submodule_name",
)  # fmt: skip
_HASHES = ("input_schema_hash", "output_schema_hash", "input_value_hash", "output_value_hash")

MESSAGES: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "Struct": {1: ("fields", "Struct.Entry")},
    "Struct.Entry": {1: ("key", "string"), 2: ("value", "Value")},
    "Value": {
        1: ("null_value", "int"),
        2: ("number_value", "double"),
        3: ("string_value", "string"),
        4: ("bool_value", "int"),
        5: ("struct_value", "Struct"),
        6: ("list_value", "ListValue"),
    },
    "ListValue": {1: ("values", "Value")},
    "JsonSchema": {
        1: ("type", "int"),
        2: ("properties", "JsonSchema.Entry"),
        3: ("items", "JsonSchema"),
        4: ("encoding", "int"),
        5: ("decoded_type", "int"),
        6: ("match_importance", "double"),
    },
    "JsonSchema.Entry": {1: ("key", "string"), 2: ("value", "JsonSchema")},
    "Timestamp": _SECONDS_AND_NANOS,
    "Duration": _SECONDS_AND_NANOS,
    "SpanStatus": {1: ("code", "int"), 2: ("message", "string")},
    "Span": {
        **{number: (name, "string") for number, name in enumerate(_TEXTS, start=1)},
        8: ("package_type", "int"),
        9: ("input_value", "Struct"),
        10: ("output_value", "Struct"),
        11: ("input_schema", "JsonSchema"),
        12: ("output_schema", "JsonSchema"),
        **{number: (name, "string") for number, name in enumerate(_HASHES, start=13)},
        17: ("kind", "int"),
        18: ("status", "SpanStatus"),
        19: ("is_pre_app_start", "int"),
        20: ("timestamp", "Timestamp"),
        21: ("duration", "Duration"),
        22: ("is_root_span", "int"),
        23: ("metadata", "Struct"),
        24: ("environment", "string"),
        25: ("id", "string"),
    },
    "ExportSpansRequest": {
        1: ("observable_service_id", "string"),
        2: ("environment", "string"),
        3: ("sdk_version", "string"),
        4: ("sdk_instance_id", "string"),
        5: ("spans", "Span"),
    },
}
"""Message -> field number -> (name, kind); a kind is `int`, `double`, `string` or a message."""

REPEATED = frozenset({("Struct", 1), ("ListValue", 1), ("JsonSchema", 2), ("ExportSpansRequest", 5)})

WIRE_TYPES: Mapping[str, int] = {"int": VARINT, "double": FIXED64}
"""The wire type of a kind; everything else is length-delimited."""

RESULTS: Mapping[tuple[str, str], str] = {
    ("object_to_protobuf_struct_bytes", ""): "Struct",
    ("process_export_payload", "struct_bytes"): "Struct",
    ("process_export_payload_pyobject", "struct_bytes"): "Struct",
    ("build_span_proto_bytes_pyobject", ""): "Span",
    ("build_export_spans_request_bytes_pyobject", ""): "ExportSpansRequest",
}
"""Which message an operation's result holds, by operation and name of the result."""


@dataclass(frozen=True)
class Field:
    """One field of a message: `data[start:end]` is all of it, `data[content:end]` what follows its prefix.

    `number` 0 marks what cannot be read; `kind` is None for a field the message does not have.
    """

    number: int
    name: str
    kind: Optional[str]
    wire_type: int
    start: int
    content: int
    end: int

    @property
    def message(self) -> str | None:
        """The message inside, where the field holds one that is known."""
        return self.kind if self.kind in MESSAGES and self.wire_type == DELIMITED else None


def read_varint(data: bytes, at: int, end: int, most_bytes: int = VARINT_BYTES) -> tuple[int, int] | None:
    """(number, index after it), or None where it is cut short, longer than that or has more than 64 bits."""
    number = 0
    for shift in range(0, 7 * most_bytes, 7):
        if at >= end:
            return None
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number, at) if number < 1 << 64 else None
    return None


def fields(data: bytes, message: str, start: int = 0, end: int | None = None) -> list[Field]:
    """The fields of a message that stands at `data[start:end]`, in the order of its bytes."""
    end = len(data) if end is None else end
    known = MESSAGES[message]
    out = []
    at = start
    while at < end:
        field = _field(data, known, at, end)
        out.append(field)
        at = field.end
    return out


def _field(data: bytes, known: Mapping[int, tuple[str, str]], start: int, end: int) -> Field:
    damaged = Field(0, "damaged", None, -1, start, start, end)
    tag = read_varint(data, start, end, TAG_BYTES)
    if tag is None or tag[0] >> 3 == 0 or tag[0] > 0xFFFF_FFFF:
        return damaged
    number, wire_type, at = tag[0] >> 3, tag[0] & 7, tag[1]
    name, kind = known.get(number, (f"unknown_{number}", None))
    if kind is not None and WIRE_TYPES.get(kind, DELIMITED) != wire_type:
        return damaged
    if wire_type == VARINT:
        value = read_varint(data, at, end)
        return damaged if value is None else Field(number, name, kind, wire_type, start, at, value[1])
    if wire_type == DELIMITED:
        length = read_varint(data, at, end)
        if length is None or length[0] > end - length[1]:
            return damaged
        return Field(number, name, kind, wire_type, start, length[1], length[1] + length[0])
    size = {FIXED64: 8, FIXED32: 4}.get(wire_type)
    if size is None or at + size > end:
        return damaged
    return Field(number, name, kind, wire_type, start, at, at + size)


def value_of(data: bytes, field: Field) -> object:
    """The content as Python: an int, a float, a str, or bytes for what is none of these."""
    content = data[field.content : field.end]
    if field.wire_type == VARINT:
        read = read_varint(data, field.content, field.end)
        assert read is not None, "a field that was read has a whole varint"
        return read[0]
    if field.kind == "double":
        (number,) = struct.unpack("<d", content)
        return number
    if field.kind == "string":
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content
    return content
