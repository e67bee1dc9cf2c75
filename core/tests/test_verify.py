"""Strict verification: which protobuf bytes are a well-formed Span or Struct, and what is said of others."""

from __future__ import annotations

import random
from types import ModuleType
from typing import Any, Optional

import pytest

from .failures import told
from .span_arguments import arguments
from .wire import (
    FALSE,
    NULL,
    TRUE,
    double,
    entry,
    integer,
    list_value,
    number,
    part,
    struct_value,
    text,
    varint,
)

# ---- a second opinion, written apart from both subjects -------------------------------------
#
# A message is a dict from field number to what the field holds: "v" a varint, "d" eight bytes,
# "s" a string, or the name of a message.

MESSAGES: dict[str, dict[int, str]] = {
    "Span": {
        **dict.fromkeys((1, 2, 3, 4, 5, 6, 7, 13, 14, 15, 16, 24, 25), "s"),
        **dict.fromkeys((8, 17, 19, 22), "v"),
        **dict.fromkeys((9, 10, 23), "Struct"),
        **dict.fromkeys((11, 12), "Schema"),
        **dict.fromkeys((20, 21), "Time"),
        18: "Status",
    },
    "Status": {1: "v", 2: "s"},
    "Time": {1: "v", 2: "v"},
    "Struct": {1: "StructEntry"},
    "StructEntry": {1: "s", 2: "Value"},
    "Value": {1: "v", 2: "d", 3: "s", 4: "v", 5: "Struct", 6: "List"},
    "List": {1: "Value"},
    "Schema": {1: "v", 2: "SchemaEntry", 3: "Schema", 4: "v", 5: "v", 6: "d"},
    "SchemaEntry": {1: "s", 2: "Schema"},
}
WIRE_TYPES = {"v": 0, "d": 1}


class Bad(Exception):
    pass


def _read_varint(data: bytes, at: int, most: int, bits: int) -> tuple[int, int]:
    for size in range(1, most + 1):
        if at + size > len(data):
            raise Bad
        if data[at + size - 1] < 128:
            value = sum((byte & 127) << 7 * i for i, byte in enumerate(data[at : at + size]))
            if value >> bits:
                raise Bad
            return value, at + size
    raise Bad


def _check(data: bytes, message: str) -> None:
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at, 5, 32)
        kind: Optional[str] = MESSAGES[message].get(tag >> 3)
        wire_type = tag & 7
        if tag >> 3 == 0 or (kind is not None and WIRE_TYPES.get(kind, 2) != wire_type):
            raise Bad
        if wire_type == 0:
            _, at = _read_varint(data, at, 10, 64)
        elif wire_type in (1, 5):
            at += 8 if wire_type == 1 else 4
        elif wire_type == 2:
            size, at = _read_varint(data, at, 10, 64)
            content, at = data[at : at + size], at + size
            if at > len(data):
                raise Bad
            if kind == "s":
                try:
                    content.decode()
                except UnicodeDecodeError:
                    raise Bad from None
            elif kind is not None:
                _check(content, kind)
        else:
            raise Bad
        if at > len(data):
            raise Bad


def well_formed(data: bytes, message: str = "Span") -> bool:
    try:
        _check(data, message)
    except Bad:
        return False
    return True


def accepts(core: ModuleType, data: bytes) -> bool:
    try:
        assert core.verify_span(data) is None
    except ValueError:
        return False
    return True


# ---- what passes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "span",
    [
        b"",
        part(1, b"x"),
        part(24) + part(25, "é".encode()),
        part(2, b"b") + part(1, b"a") + part(2, b"c"),
        integer(8, 99),
        integer(8, -1),
        integer(19, 2**64 - 1),
        b"\x40\x80\x00",
        b"\x40" + b"\x80" * 9 + b"\x01",
        b"\x8a\x80\x80\x80\x00\x00",
        b"\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00x",
        part(9) + part(10, entry("a", list_value(NULL, TRUE, FALSE, number(1.0), text("é"), struct_value()))),
        part(9, entry("a", b"")),
        part(9, entry("a", NULL + TRUE + NULL)),
        part(9, part(1)),
        part(11, part(2), part(3, part(3)), double(6, 0.5)),
        part(20, integer(1, -1), integer(2, 5)) + part(21),
        part(18, part(2, b"m"), integer(1, 7)),
        integer(26, 1) + part(536870911, b"\xff") + b"\xfd\x3f\x00\x00\x00\x00" + double(1000, 1.0),
        part(9, part(2, b"\xff"), integer(3, 1)),
    ],
    ids=lambda span: span.hex()[:40] or "empty",
)
def test_well_formed_spans_pass(core: ModuleType, span: bytes) -> None:
    assert well_formed(span)
    assert accepts(core, span)


# ---- what does not, and what is said of it --------------------------------------------------


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        (b"\x00", "at byte 0: field number 0"),
        (b"\x02\x00", "at byte 0: field number 0"),
        (b"\x0a\x00\x80\x00", "at byte 2: field number 0"),
        (b"\x8a", "at byte 0: tag is cut short"),
        (b"\x8a\x80\x80\x80\x80\x00", "at byte 0: tag is too long"),
        (b"\x8a\x80\x80\x80\x10\x00", "at byte 0: tag is too long"),
        (b"\x40", "at byte 1: varint is cut short"),
        (b"\x40\x80", "at byte 1: varint is cut short"),
        (b"\x40" + b"\x80" * 9 + b"\x02", "at byte 1: varint is too long"),
        (b"\x40" + b"\x80" * 10 + b"\x00", "at byte 1: varint is too long"),
        (b"\x0a", "at byte 1: length is cut short"),
        (b"\x0a\x80", "at byte 1: length is cut short"),
        (b"\x0a" + b"\xff" * 9 + b"\x01", "at byte 0: field 1 is longer than its message"),
        (b"\x0a" + b"\xff" * 10, "at byte 1: length is too long"),
        (b"\x0a\x02x", "at byte 0: field 1 is longer than its message"),
        (b"\x08\x01", "at byte 0: field 1 has wire type 0, not 2"),
        (b"\x09" + b"\x00" * 8, "at byte 0: field 1 has wire type 1, not 2"),
        (b"\x0d" + b"\x00" * 4, "at byte 0: field 1 has wire type 5, not 2"),
        (b"\x0b\x0c", "at byte 0: field 1 has wire type 3, not 2"),
        (b"\x42\x00", "at byte 0: field 8 has wire type 2, not 0"),
        (b"\xd3\x01\xd4\x01", "at byte 0: field 26 has wire type 3, which proto3 does not have"),
        (b"\xd4\x01", "at byte 0: field 26 has wire type 4, which proto3 does not have"),
        (b"\xd6\x01", "at byte 0: field 26 has wire type 6, which proto3 does not have"),
        (b"\xd7\x01", "at byte 0: field 26 has wire type 7, which proto3 does not have"),
        (b"\xd1\x01" + b"\x00" * 7, "at byte 0: field 26 is cut short"),
        (b"\xd5\x01" + b"\x00" * 3, "at byte 0: field 26 is cut short"),
        (b"\x0a\x03ab\xff", "at byte 4: field 1 is not UTF-8"),
        (b"\x0a\x03\xed\xa0\x80", "at byte 2: field 1 is not UTF-8"),
        (b"\x0a\x02\xc0\x80", "at byte 2: field 1 is not UTF-8"),
        (b"\x0a\x02\xc3\xa9\x0a\x01\xc3", "at byte 6: field 1 is not UTF-8"),
        (part(24, b"\xf4\x90\x80\x80"), "at byte 3: field 24 is not UTF-8"),
        (part(9, b"\x08\x01"), "at byte 2: field 1 has wire type 0, not 2"),
        (part(9, part(1, part(2, b"\x10\x01"))), "at byte 6: field 2 has wire type 0, not 1"),
        (part(9, part(1, part(2, b"\x11" + b"\x00" * 7))), "at byte 6: field 2 is cut short"),
        (part(9, part(1, part(1, b"\x80"))), "at byte 6: field 1 is not UTF-8"),
        (part(9, b"\x0a\x05abcd") + b"\x00" * 9, "at byte 2: field 1 is longer than its message"),
        (part(11, b"\x31" + b"\x00" * 4), "at byte 2: field 6 is cut short"),
        (part(11, part(2, part(2, b"\x0a\x00"))), "at byte 6: field 1 has wire type 2, not 0"),
        (part(18, part(2, b"\xff")), "at byte 5: field 2 is not UTF-8"),
        (part(20, b"\x0a\x00"), "at byte 3: field 1 has wire type 2, not 0"),
        (part(1, b"ok") + part(23, b"\x0a"), "at byte 8: length is cut short"),
    ],
    ids=lambda value: value.hex()[:40] if isinstance(value, bytes) else None,
)
def test_malformed_spans_are_a_value_error_that_tells_byte_and_fault(
    core: ModuleType, span: bytes, fault: str
) -> None:
    assert not well_formed(span)
    assert told(core.verify_span, span) == (ValueError, f"span is malformed {fault}")
    raised = told(core.build_export_spans_request_bytes_pyobject, "", "", "", "", [span])
    assert raised == (ValueError, f"spans[0] is malformed {fault}")


# ---- many bytes -----------------------------------------------------------------------------


def full_span(core: ModuleType) -> bytes:
    span: bytes = core.build_span_proto_bytes_pyobject(
        *arguments(
            trace_id="t",
            name="né",
            package_type=11,
            environment="e",
            kind=2,
            input_schema={"type": 6, "properties": {"a": {"type": 1, "match_importance": 0.5}, "": {}}},
            output_schema={"type": 7, "items": {"type": 2, "encoding": 1, "decoded_type": 1}},
            input_value_hash="h",
            status_code=2,
            status_message="m",
            is_pre_app_start=True,
            timestamp_seconds=1_700_000_000,
            timestamp_nanos=5,
            duration_nanos=-1,
            metadata={"k": "v"},
            input_value={"a": [None, True, 1.5, "é", {"": {}}]},
            output_value={"b": []},
        )
    )
    return span


def test_every_truncation_is_judged_right(core: ModuleType) -> None:
    span = full_span(core)
    for size in range(len(span) + 1):
        assert accepts(core, span[:size]) == well_formed(span[:size]), size


def test_every_changed_byte_is_judged_right(core: ModuleType) -> None:
    span = full_span(core)
    seen = set()
    for position in range(len(span)):
        for value in range(0, 256, 1 if position < 8 else 15):
            changed = span[:position] + bytes([value]) + span[position + 1 :]
            judged = accepts(core, changed)
            assert judged == well_formed(changed), (position, value)
            seen.add(judged)
    assert seen == {True, False}


def test_random_bytes_are_judged_right(core: ModuleType) -> None:
    source = random.Random(8)
    wire_bytes = [
        0,
        1,
        2,
        3,
        8,
        9,
        10,
        13,
        18,
        26,
        34,
        74,
        82,
        90,
        98,
        127,
        128,
        129,
        130,
        138,
        146,
        162,
        255,
    ]
    seen = set()
    for _ in range(10_000):
        data = bytes(source.choice(wire_bytes) for _ in range(source.randrange(12)))
        judged = accepts(core, data)
        assert judged == well_formed(data), data.hex()
        seen.add(judged)
    assert seen == {True, False}


def test_struct_bytes_of_a_span_are_judged_by_the_same_rules(core: ModuleType) -> None:
    content = entry("a", list_value(NULL, number(1.0), text("é"), struct_value(entry("", TRUE))))
    for position in range(len(content)):
        for value in range(0, 256, 5):
            changed = content[:position] + bytes([value]) + content[position + 1 :]
            changed_arguments = arguments(input_value_proto_struct_bytes=changed)
            try:
                core.build_span_proto_bytes_pyobject(*changed_arguments)
                judged = True
            except ValueError:
                judged = False
            assert judged == well_formed(changed, "Struct"), (position, value)


@pytest.mark.parametrize("levels", [1, 100, 340, 341, 342, 500, 2000])
def test_nesting_has_no_limit(core: ModuleType, levels: int) -> None:
    value: Any = NULL
    for _ in range(levels):
        value = struct_value(entry("a", value))
    span = part(9, entry("a", value))
    assert core.verify_span(span) is None
    assert core.build_export_spans_request_bytes_pyobject("", "", "", "", [span]) == part(5, span)
    broken = span[:-1] + b"\x80"
    assert told(core.verify_span, broken)[0] is ValueError


def test_very_deep_nesting_is_no_crash(core: ModuleType) -> None:
    size, heads = 0, []
    for _ in range(100_000):
        heads.append(b"\x1a" + varint(size))
        size += len(heads[-1])
    schema = b"".join(reversed(heads))
    assert core.verify_span(part(11, schema)) is None


def test_the_second_opinion_has_every_field_of_a_span() -> None:
    assert sorted(MESSAGES["Span"]) == list(range(1, 26))
