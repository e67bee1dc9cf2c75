"""Strict verification of protobuf bytes: is this a well-formed Struct or Span?

Well-formed means: every tag, varint and length is complete and in range; a known
field has its declared wire type; strings are UTF-8; the contents of known
messages are well-formed too.  Unknown fields are skipped, so a newer schema
passes; groups, which proto3 does not have, are refused.  A message may be
non-canonical (fields repeated, in any order, varints padded) and still pass.
"""

from __future__ import annotations

from typing import Union

from .arguments import require
from .wire import FIXED32, FIXED64, LENGTH_DELIMITED, VARINT

LARGEST_TAG = 0xFFFF_FFFF
LARGEST_VARINT = 0xFFFF_FFFF_FFFF_FFFF
TAG_BYTES, VARINT_BYTES = 5, 10


class Fields:
    """A message's known fields by number: a wire type, `STRING`, or the `Fields` of a message."""

    def __init__(self) -> None:
        self.kinds: dict[int, Kind] = {}


STRING = "string"
Kind = Union[int, str, Fields]

STRUCT, STRUCT_ENTRY, VALUE, LIST_VALUE = Fields(), Fields(), Fields(), Fields()
STRUCT.kinds = {1: STRUCT_ENTRY}
STRUCT_ENTRY.kinds = {1: STRING, 2: VALUE}
VALUE.kinds = {1: VARINT, 2: FIXED64, 3: STRING, 4: VARINT, 5: STRUCT, 6: LIST_VALUE}
LIST_VALUE.kinds = {1: VALUE}

SCHEMA, SCHEMA_ENTRY = Fields(), Fields()
SCHEMA.kinds = {1: VARINT, 2: SCHEMA_ENTRY, 3: SCHEMA, 4: VARINT, 5: VARINT, 6: FIXED64}
SCHEMA_ENTRY.kinds = {1: STRING, 2: SCHEMA}

SECONDS_AND_NANOS, STATUS, SPAN = Fields(), Fields(), Fields()
SECONDS_AND_NANOS.kinds = {1: VARINT, 2: VARINT}
STATUS.kinds = {1: VARINT, 2: STRING}
SPAN.kinds = {
    **dict.fromkeys(range(1, 8), STRING),
    8: VARINT,
    9: STRUCT,
    10: STRUCT,
    11: SCHEMA,
    12: SCHEMA,
    **dict.fromkeys(range(13, 17), STRING),
    17: VARINT,
    18: STATUS,
    19: VARINT,
    20: SECONDS_AND_NANOS,
    21: SECONDS_AND_NANOS,
    22: VARINT,
    23: STRUCT,
    24: STRING,
    25: STRING,
}


def verify_span(span: bytes) -> None:
    """Raise `ValueError` unless `span` is a well-formed Span."""
    require("span", span, bytes, "bytes")
    check("span", span, SPAN)


def check(argument: str, data: bytes, message: Fields) -> None:
    """Raise `ValueError`, naming the argument, the byte and the fault, unless `data` is well-formed."""
    try:
        _walk(data, message)
    except _Malformed as fault:
        raise ValueError(f"{argument} is malformed at byte {fault.position}: {fault.reason}") from None


class _Malformed(Exception):
    def __init__(self, position: int, reason: str) -> None:
        self.position, self.reason = position, reason


def _walk(data: bytes, message: Fields) -> None:
    """Read the bytes once from front to back; `enclosing` holds the messages still open around them."""
    position, end = 0, len(data)
    enclosing: list[tuple[int, Fields]] = []
    while True:
        if position == end:
            if not enclosing:
                return
            end, message = enclosing.pop()
            continue
        start = position
        tag, position = _varint(data, position, end, TAG_BYTES, LARGEST_TAG, "tag")
        field, wire_type = tag >> 3, tag & 7
        if field == 0:
            raise _Malformed(start, "field number 0")
        kind = message.kinds.get(field, wire_type)
        expected = kind if isinstance(kind, int) else LENGTH_DELIMITED
        if wire_type != expected:
            raise _Malformed(start, f"field {field} has wire type {wire_type}, not {expected}")
        if wire_type == VARINT:
            _, position = _varint(data, position, end, VARINT_BYTES, LARGEST_VARINT, "varint")
        elif wire_type == LENGTH_DELIMITED:
            length, position = _varint(data, position, end, VARINT_BYTES, LARGEST_VARINT, "length")
            if length > end - position:
                raise _Malformed(start, f"field {field} is longer than its message")
            if isinstance(kind, Fields):
                enclosing.append((end, message))
                end, message = position + length, kind
                continue
            if kind is STRING:
                _require_utf8(data, position, position + length, field)
            position += length
        elif wire_type in (FIXED32, FIXED64):
            position += 4 if wire_type == FIXED32 else 8
            if position > end:
                raise _Malformed(start, f"field {field} is cut short")
        else:
            raise _Malformed(start, f"field {field} has wire type {wire_type}, which proto3 does not have")


def _varint(
    data: bytes, position: int, end: int, most_bytes: int, largest: int, what: str
) -> tuple[int, int]:
    """(number, position after it)"""
    start, number = position, 0
    for shift in range(0, 7 * most_bytes, 7):
        if position == end:
            raise _Malformed(start, f"{what} is cut short")
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number > largest:
                break
            return number, position
    raise _Malformed(start, f"{what} is too long")


def _require_utf8(data: bytes, start: int, end: int, field: int) -> None:
    try:
        data[start:end].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Malformed(start + error.start, f"field {field} is not UTF-8") from None
