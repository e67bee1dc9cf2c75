"""`google.protobuf.Struct` bytes of JSON text."""

from __future__ import annotations

import hashlib
import struct
import sys
from types import ModuleType

import pytest

from . import wire
from .failures import told
from .wire import FALSE, NULL, TRUE, entry, list_value, number, struct_value, text


def struct_of(core: ModuleType, payload_json: str) -> bytes:
    """Struct bytes, asked for in all ways there are."""
    result: bytes = core.object_to_protobuf_struct_bytes(payload_json)
    assert core.process_export_payload(payload_json, None)[5] == result
    return result


def test_bytes_on_the_wire(core: ModuleType) -> None:
    assert struct_of(core, '{"a":"x"}') == b"\x0a\x08\x0a\x01a\x12\x03\x1a\x01x"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("null", NULL),
        ("false", FALSE),
        ("true", TRUE),
        ("0", number(0.0)),
        ("-0", number(0.0)),
        ("-0.0", number(-0.0)),
        ("1.5", number(1.5)),
        ("1e400", number(float("inf"))),
        ("-Infinity", number(float("-inf"))),
        ("5e-324", number(5e-324)),
        ("12345678901234567890", number(1.2345678901234567e19)),
        ('""', text("")),
        ('"é😀\\u0000\\n"', text("é😀\0\n")),
        ("[]", list_value()),
        ("{}", struct_value()),
        ("[null,[],{},1]", list_value(NULL, list_value(), struct_value(), number(1.0))),
        ('{"":{"":null}}', struct_value(entry("", struct_value(entry("", NULL))))),
    ],
)
def test_every_kind_of_value_is_written_even_when_it_is_a_default(
    core: ModuleType, value: str, content: bytes
) -> None:
    assert struct_of(core, f'{{"k":{value}}}') == entry("k", content)


def test_nan_is_written_as_pythons_nan(core: ModuleType) -> None:
    assert struct_of(core, '{"k":NaN}') == entry("k", b"\x11" + struct.pack("<d", float("nan")))


def test_fields_stand_in_insertion_order(core: ModuleType) -> None:
    assert struct_of(core, '{"z":1,"a":{"y":null,"b":true},"":"s"}') == (
        entry("z", number(1.0))
        + entry("a", struct_value(entry("y", NULL), entry("b", TRUE)))
        + entry("", text("s"))
    )


def test_an_empty_key_leaves_its_bytes_out(core: ModuleType) -> None:
    assert struct_of(core, '{"":null}') == b"\x0a\x04\x12\x02\x08\x00"


def test_repeated_key_is_one_field_at_the_first_position_with_the_last_value(core: ModuleType) -> None:
    assert struct_of(core, '{"a":1,"b":2,"a":[3]}') == entry("a", list_value(number(3.0))) + entry(
        "b", number(2.0)
    )


@pytest.mark.parametrize(
    "payload_json", ["null", "true", "0", "1.5", '"x"', "[]", '[{"a":1}]', "{}", "1" + "0" * 400, "[1e400]"]
)
def test_what_is_no_object_or_empty_has_no_bytes(core: ModuleType, payload_json: str) -> None:
    assert struct_of(core, payload_json) == b""
    assert type(struct_of(core, payload_json)) is bytes


@pytest.mark.parametrize(
    "digits", ["9007199254740993", "9007199254740995", "18446744073709551615", "1" + "0" * 308, "3" * 25]
)
def test_ints_are_written_as_float(core: ModuleType, digits: str) -> None:
    assert struct_of(core, f'{{"k":-{digits}}}') == entry("k", number(-float(int(digits))))


@pytest.mark.parametrize("size", [0, 1, *range(115, 130), 16_380, 16_384, 70_000])
def test_lengths_are_right_where_a_varint_grows(core: ModuleType, size: int) -> None:
    content = "x" * size
    assert struct_of(core, f'{{"{content}":["{content}",{{"k":"{content}"}}]}}') == entry(
        content, list_value(text(content), struct_value(entry("k", text(content))))
    )


@pytest.mark.parametrize("levels", [1, 100, 199, 200, 201, 240])
def test_nested_objects_and_lists(core: ModuleType, levels: int) -> None:
    payload_json, content = "0", number(0.0)
    for level in range(levels - 1):
        if level % 2:
            payload_json, content = f"[{payload_json}]", list_value(content)
        else:
            payload_json, content = f'{{"a":{payload_json}}}', struct_value(entry("a", content))
    assert struct_of(core, f'{{"k":{payload_json}}}') == entry("k", content)


def test_many_fields(core: ModuleType) -> None:
    payload_json = "{" + ",".join(f'"k{i}":{i}' for i in range(20_000)) + "}"
    assert struct_of(core, payload_json) == b"".join(entry(f"k{i}", number(float(i))) for i in range(20_000))


# ---- failures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "digits",
    ["2" + "0" * 308, "1" + "0" * 309, "9" * 400, str(2**1024), str(2**1024 - 2**970)],
    ids=len,
)
def test_an_int_beyond_double_range_is_an_overflow_error(core: ModuleType, digits: str) -> None:
    for payload_json in (f'{{"k":{digits}}}', f'{{"k":[1,{{"a":-{digits}}}]}}'):
        raised = told(core.object_to_protobuf_struct_bytes, payload_json)
        assert raised == (OverflowError, "int too large to convert to float")
        assert told(core.process_export_payload, payload_json, None) == raised


def test_the_largest_int_that_rounds_to_a_double_is_written(core: ModuleType) -> None:
    digits = str(2**1024 - 2**970 - 1)
    assert struct_of(core, f'{{"k":{digits}}}') == entry("k", number(sys.float_info.max))


def test_an_int_beyond_double_range_is_no_failure_outside_an_object(core: ModuleType) -> None:
    assert struct_of(core, "[" + "9" * 400 + "]") == b""


@pytest.mark.parametrize("payload_json", [r'{"k":"\ud800"}', r'{"\udfff":1}', r'{"k":[{"x":["a\ud83d"]}]}'])
def test_a_lone_surrogate_is_an_encode_error(core: ModuleType, payload_json: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        core.object_to_protobuf_struct_bytes(payload_json)


def test_a_lone_surrogate_is_no_failure_outside_an_object(core: ModuleType) -> None:
    assert core.object_to_protobuf_struct_bytes(r'["\ud800"]') == b""


def test_overflow_goes_before_a_lone_surrogate(core: ModuleType) -> None:
    for payload_json in (r'{"a":"\ud800","b":' + "9" * 400 + "}", r'{"a":' + "9" * 400 + r',"b":"\ud800"}'):
        with pytest.raises(OverflowError):
            core.object_to_protobuf_struct_bytes(payload_json)


# ---- field count ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload_json", "count"),
    [
        ("{}", 0),
        ('{"a":{"b":1,"c":2}}', 1),
        ('{"a":1,"b":2,"":3}', 3),
        ('{"a":1,"b":2,"a":3}', 2),
        (r'{"a":1,"\u0061":2}', 1),
        ("[1,2,3]", 0),
        ('"abc"', 0),
        ("null", 0),
        ("7", 0),
        (r'{"\ud800":1,"b":"\udfff"}', 2),
        ('{"a":' + "9" * 400 + "}", 1),
        ("{" + ",".join(f'"{i % 700}":{i}' for i in range(1000)) + "}", 700),
    ],
    ids=lambda value: str(value)[:20],
)
def test_field_count_is_the_number_of_top_level_keys(core: ModuleType, payload_json: str, count: int) -> None:
    result = core.object_to_protobuf_struct_field_count(payload_json)
    assert (result, type(result)) == (count, int)


# ---- by way of objects ----------------------------------------------------------------------


def test_objects_have_the_struct_of_their_normal_form(core: ModuleType) -> None:
    payload = {"b": (1, b"x"), 5: {None: 2.5}, "s": {"é"}}
    expected = (
        entry("b", list_value(number(1.0), text("eA==")))
        + entry("5", struct_value(entry("None", number(2.5))))
        + entry("s", list_value(text("é")))
    )
    assert core.process_export_payload_pyobject(payload, None)[4] == expected


def test_int_of_an_object_beyond_double_range_is_an_overflow_error(core: ModuleType) -> None:
    assert told(core.process_export_payload_pyobject, {"k": [10**400]}, None) == (
        OverflowError,
        "int too large to convert to float",
    )


@pytest.mark.parametrize(
    ("payload_json", "expected"),
    [
        *(
            pytest.param(
                f'{{"k":"{"x" * size}"}}', entry("k", text("x" * size)), id=f"text of {size + 8} bytes"
            )
            for size in (4087, 4088, 4089)
        ),
        pytest.param(
            '{"k":{"d":[' + "1," * 2999 + "1]}}",
            entry("k", struct_value(entry("d", list_value(*[number(1.0)] * 3000)))),
            id="more bytes than text",
        ),
        pytest.param(
            '{"k":[' + "{}," * 2999 + "{}]}",
            entry("k", list_value(*[struct_value()] * 3000)),
            id="many containers",
        ),
        pytest.param('{"k":"' + "x" * 5000 + '","k":1}', entry("k", number(1.0)), id="repeated key"),
        pytest.param("[" + "1," * 2999 + "1]", b"", id="no object"),
    ],
)
def test_texts_from_four_kilobytes_on_have_the_same_bytes(
    core: ModuleType, payload_json: str, expected: bytes
) -> None:
    """Those are written into the result itself."""
    assert struct_of(core, payload_json) == expected


def test_a_large_struct_is_written_whole(core: ModuleType) -> None:
    payload_json = '{"rows":[' + ",".join(f'{{"id":{i},"name":"row {i}"}}' for i in range(25_000)) + "]}"
    rows = [
        struct_value(entry("id", number(float(i))), entry("name", text(f"row {i}"))) for i in range(25_000)
    ]
    result, expected = struct_of(core, payload_json), entry("rows", list_value(*rows))
    assert hashlib.sha256(result).digest() == hashlib.sha256(expected).digest()


def test_the_tests_own_writer_is_right() -> None:
    assert wire.varint(300) == b"\xac\x02"
    assert wire.varint(-1) == b"\xff" * 9 + b"\x01"
    assert wire.part(2, b"testing") == b"\x12\x07testing"
    assert wire.integer(1, 150) == b"\x08\x96\x01"
    assert wire.double(2, 1.0) == b"\x11\x00\x00\x00\x00\x00\x00\xf0\x3f"
