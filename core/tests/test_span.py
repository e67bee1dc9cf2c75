"""`tusk.drift.core.v1.Span` bytes: strings, enums, flags, times, and a span as a whole."""

from __future__ import annotations

import enum
from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments, build, plain_with
from .wire import TRUE, entry, integer, list_value, number, part, struct_value, text

# ---- strings --------------------------------------------------------------------------------

STRINGS = {
    "trace_id": 1,
    "span_id": 2,
    "parent_span_id": 3,
    "name": 4,
    "package_name": 5,
    "instrumentation_name": 6,
    "submodule_name": 7,
    "input_schema_hash": 13,
    "output_schema_hash": 14,
    "input_value_hash": 15,
    "output_value_hash": 16,
}


def test_defaults_are_left_out_but_for_schemas_and_status(core: ModuleType) -> None:
    assert build(core) == b"\x5a\x00\x62\x00\x92\x01\x00"


@pytest.mark.parametrize(("name", "field"), STRINGS.items())
def test_strings_are_utf8_in_their_fields(core: ModuleType, name: str, field: int) -> None:
    for value in ("x", "é😀", "\x00", "a" * 127, "a" * 128, "é" * 9000):
        assert build(core, **{name: value}) == plain_with(field, part(field, value.encode()))


def test_environment_is_absent_when_none_and_present_when_empty(core: ModuleType) -> None:
    assert build(core, environment=None) == plain_with(24, b"")
    assert build(core, environment="") == plain_with(24, b"\xc2\x01\x00")
    assert build(core, environment="é") == plain_with(24, part(24, "é".encode()))


def test_the_status_holds_code_and_message(core: ModuleType) -> None:
    assert build(core, status_code=1) == plain_with(18, part(18, integer(1, 1)))
    assert build(core, status_message="é") == plain_with(18, part(18, part(2, "é".encode())))
    assert build(core, status_code=2, status_message="no") == plain_with(
        18, part(18, integer(1, 2), part(2, b"no"))
    )


@pytest.mark.parametrize("name", [*STRINGS, "environment", "status_message"])
def test_a_lone_surrogate_in_a_string_is_an_encode_error(core: ModuleType, name: str) -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        build(core, **{name: "a\ud800"})
    assert (raised.value.object, raised.value.start) == ("a\ud800", 1)


def test_a_str_subclass_is_a_str(core: ModuleType) -> None:
    class Name(str):
        pass

    assert build(core, name=Name("x"), environment=Name("e")) == build(core, name="x", environment="e")


# ---- enums and flags ------------------------------------------------------------------------

ENUMS = [("package_type", 8, 11), ("kind", 17, 5), ("status_code", None, 2)]


@pytest.mark.parametrize(("name", "field", "largest"), ENUMS)
def test_enums_are_varints_and_left_out_when_zero(
    core: ModuleType, name: str, field: Any, largest: int
) -> None:
    for value in range(1, largest + 1):
        if field is None:
            expected = plain_with(18, part(18, integer(1, value)))
        else:
            expected = plain_with(field, integer(field, value))
        assert build(core, **{name: value}) == expected
    assert build(core, **{name: 0}) == build(core)


@pytest.mark.parametrize(("name", "field", "largest"), ENUMS)
@pytest.mark.parametrize("beyond", [-1, 1, 100, 2**63, -(10**30)])
def test_an_enum_out_of_range_is_a_value_error(
    core: ModuleType, name: str, field: Any, largest: int, beyond: int
) -> None:
    value = beyond if beyond < 0 else largest + beyond
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (ValueError, f"{name} must be from 0 to {largest}, not {value}")


def test_int_subclasses_are_ints(core: ModuleType) -> None:
    class Kind(enum.IntEnum):
        SERVER = 2

    assert build(core, kind=Kind.SERVER) == build(core, kind=2)
    assert build(core, package_type=True) == build(core, package_type=1)
    assert build(core, timestamp_nanos=True) == build(core, timestamp_nanos=1)


@pytest.mark.parametrize(("name", "field"), [("is_pre_app_start", 19), ("is_root_span", 22)])
def test_flags_are_one_when_true_and_left_out_when_false(core: ModuleType, name: str, field: int) -> None:
    assert build(core, **{name: True}) == plain_with(field, integer(field, 1))
    assert build(core, **{name: False}) == build(core)


# ---- times ----------------------------------------------------------------------------------

TIMES = [("timestamp", 20), ("duration", 21)]


@pytest.mark.parametrize(("name", "field"), TIMES)
@pytest.mark.parametrize(
    ("seconds", "nanos"),
    [
        (1, 0),
        (0, 1),
        (1700000000, 123456789),
        (253402300800, 999_999_999),  # the year 10000
        (2**63 - 1, 2**31 - 1),
        (-(2**63), -(2**31)),
        (-1, -1),
        (0, -5),
        (5, 2_000_000_000),
    ],
)
def test_times_are_exact(core: ModuleType, name: str, field: int, seconds: int, nanos: int) -> None:
    content = (integer(1, seconds) if seconds else b"") + (integer(2, nanos) if nanos else b"")
    built = build(core, **{f"{name}_seconds": seconds, f"{name}_nanos": nanos})
    assert built == plain_with(field, part(field, content))


def test_a_time_of_zero_is_left_out(core: ModuleType) -> None:
    assert build(core, timestamp_seconds=0, timestamp_nanos=0) == build(core)


@pytest.mark.parametrize(
    ("name", "bits"),
    [("timestamp_seconds", 64), ("timestamp_nanos", 32), ("duration_seconds", 64), ("duration_nanos", 32)],
)
def test_a_time_too_large_for_its_field_is_an_overflow_error(core: ModuleType, name: str, bits: int) -> None:
    for value in (2 ** (bits - 1), -(2 ** (bits - 1)) - 1, 10**30):
        raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
        assert raised == (OverflowError, f"{name} does not fit in {bits} bits")


# ---- a span as a whole ----------------------------------------------------------------------


def test_fields_stand_in_number_order(core: ModuleType) -> None:
    built = build(
        core,
        trace_id="t",
        span_id="s",
        parent_span_id="p",
        name="n",
        package_name="pn",
        instrumentation_name="in",
        submodule_name="sn",
        package_type=11,
        environment="prod",
        kind=5,
        input_schema={"type": 6},
        output_schema={"type": 7},
        input_schema_hash="ish",
        output_schema_hash="osh",
        input_value_hash="ivh",
        output_value_hash="ovh",
        status_code=2,
        status_message="sm",
        is_pre_app_start=True,
        is_root_span=True,
        timestamp_seconds=1_700_000_000,
        timestamp_nanos=1,
        duration_seconds=3,
        duration_nanos=4,
        metadata={"m": "v"},
        input_value={"i": 1},
        output_value={"ignored": 1},
        input_value_proto_struct_bytes=None,
        output_value_proto_struct_bytes=entry("o", TRUE),
    )
    assert built == (
        part(1, b"t")
        + part(2, b"s")
        + part(3, b"p")
        + part(4, b"n")
        + part(5, b"pn")
        + part(6, b"in")
        + part(7, b"sn")
        + integer(8, 11)
        + part(9, entry("i", number(1.0)))
        + part(10, entry("o", TRUE))
        + part(11, integer(1, 6))
        + part(12, integer(1, 7))
        + part(13, b"ish")
        + part(14, b"osh")
        + part(15, b"ivh")
        + part(16, b"ovh")
        + integer(17, 5)
        + part(18, integer(1, 2), part(2, b"sm"))
        + integer(19, 1)
        + part(20, integer(1, 1_700_000_000), integer(2, 1))
        + part(21, integer(1, 3), integer(2, 4))
        + integer(22, 1)
        + part(23, entry("m", text("v")))
        + part(24, b"prod")
    )
    assert type(built) is bytes


def test_a_large_span_is_written_whole(core: ModuleType) -> None:
    rows = [{"id": i, "name": "x" * 50} for i in range(20_000)]
    content = [
        struct_value(entry("id", number(float(i))), entry("name", text("x" * 50))) for i in range(20_000)
    ]
    assert build(core, output_value={"rows": rows}) == plain_with(
        10, part(10, entry("rows", list_value(*content)))
    )


def test_arguments_are_left_alone(core: ModuleType) -> None:
    value, metadata, schema = {"a": [{"b": 1}]}, {5: None, "k": {"x": None}}, {"properties": {"a": None}}
    before = repr((value, metadata, schema))
    build(core, input_value=value, metadata=metadata, input_schema=schema)
    assert repr((value, metadata, schema)) == before
