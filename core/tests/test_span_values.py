"""A span's input, output and metadata: Structs of objects, or struct bytes that are given."""

from __future__ import annotations

import enum
import math
from collections import OrderedDict
from types import MappingProxyType, ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments, build, plain_with
from .wire import FALSE, NULL, TRUE, entry, integer, list_value, number, part, struct_value, text

# ---- values ---------------------------------------------------------------------------------

VALUES = [("input_value", 9), ("output_value", 10)]


@pytest.mark.parametrize(("name", "field"), VALUES)
def test_a_value_is_the_struct_of_its_dict(core: ModuleType, name: str, field: int) -> None:
    value = {"z": [1, None, {"": "é"}], "a": {"t": True, "f": False}, "n": -0.0, "e": {}, "l": []}
    expected = (
        entry("z", list_value(number(1.0), NULL, struct_value(entry("", text("é")))))
        + entry("a", struct_value(entry("t", TRUE), entry("f", FALSE)))
        + entry("n", number(-0.0))
        + entry("e", struct_value())
        + entry("l", list_value())
    )
    assert build(core, **{name: value}) == plain_with(field, part(field, expected))


@pytest.mark.parametrize(("name", "field"), VALUES)
@pytest.mark.parametrize("value", [None, {}, [], [{"a": 1}], "text", 5, 1.5, True, ("a",), b"x", object()])
def test_an_empty_struct_is_left_out_whatever_it_came_from(
    core: ModuleType, name: str, field: int, value: Any
) -> None:
    assert build(core, **{name: value}) == build(core)


@pytest.mark.parametrize(("name", "field"), VALUES)
def test_a_value_of_nulls_is_no_empty_struct(core: ModuleType, name: str, field: int) -> None:
    assert build(core, **{name: {"a": None}}) == plain_with(field, part(field, entry("a", NULL)))


def test_values_keep_ints_as_doubles_and_non_finite_numbers(core: ModuleType) -> None:
    value = {"i": 2**53 + 1, "inf": math.inf, "big": 10**300, "b": True}
    expected = (
        entry("i", number(float(2**53)))
        + entry("inf", number(math.inf))
        + entry("big", number(1e300))
        + entry("b", TRUE)
    )
    assert build(core, input_value=value) == plain_with(9, part(9, expected))


def test_a_part_of_a_value_that_is_no_json_becomes_its_str(core: ModuleType) -> None:
    value = {"t": (1, 2), "b": b"x", "s": {3}}
    expected = entry("t", text("(1, 2)")) + entry("b", text("b'x'")) + entry("s", text("{3}"))
    assert build(core, input_value=value) == plain_with(9, part(9, expected))


def test_subclasses_in_a_value_count_as_what_they_extend(core: ModuleType) -> None:
    class Level(enum.IntEnum):
        HIGH = 3

    value = OrderedDict(b=Level.HIGH, a=[OrderedDict(x=1.5)])
    expected = entry("b", number(3.0)) + entry("a", list_value(struct_value(entry("x", number(1.5)))))
    assert build(core, input_value=value, output_value=OrderedDict()) == plain_with(9, part(9, expected))


@pytest.mark.parametrize("name", ["input_value", "output_value"])
def test_a_value_with_keys_that_are_no_str_is_a_type_error(core: ModuleType, name: str) -> None:
    for value in ({1: 2}, {"a": [{None: 1}]}):
        error, message = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
        assert error is TypeError
        assert message.startswith(f"{name} must have str keys, not ")


@pytest.mark.parametrize("name", ["input_value", "output_value", "metadata"])
def test_an_int_beyond_double_range_in_a_value_is_an_overflow_error(core: ModuleType, name: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: {"a": [10**400]}}))
    assert raised == (OverflowError, "int too large to convert to float")


@pytest.mark.parametrize("name", ["input_value", "output_value", "metadata"])
@pytest.mark.parametrize("value", [{"a": "\ud800"}, {"\udfff": 1}, {"a": [{"b": "\ud83d\ude00"}]}])
def test_a_surrogate_in_a_value_is_an_encode_error(core: ModuleType, name: str, value: Any) -> None:
    with pytest.raises(UnicodeEncodeError):
        build(core, **{name: value})


def test_overflow_goes_before_a_lone_surrogate(core: ModuleType) -> None:
    changes: list[dict[str, Any]] = [
        {"trace_id": "\ud800", "metadata": {"a": 10**400}},
        {"input_value": {"a": "\ud800"}, "output_value": {"a": 10**400}},
        {"name": "\ud800", "input_value": {"a": 10**400}},
    ]
    for changed in changes:
        with pytest.raises(OverflowError):
            build(core, **changed)


@pytest.mark.parametrize("levels", [1, 100, 199, 200, 201, 250])
def test_values_may_nest(core: ModuleType, levels: int) -> None:
    value: Any = 0
    content = number(0.0)
    for _ in range(levels):
        value, content = {"a": value}, struct_value(entry("a", content))
    expected = plain_with(9, part(9, entry("a", content)))
    assert build(core, input_value={"a": value}) == expected


@pytest.mark.parametrize("name", ["input_value", "output_value", "metadata", "input_schema", "output_schema"])
def test_deep_nesting_is_a_recursion_error_and_no_crash(core: ModuleType, name: str) -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"items": nested}
    with pytest.raises(RecursionError):
        build(core, **{name: nested})


# ---- precomputed struct bytes ---------------------------------------------------------------


@pytest.mark.parametrize(("name", "field"), VALUES)
def test_struct_bytes_are_used_when_there_are_any(core: ModuleType, name: str, field: int) -> None:
    content = entry("a", number(1.0))
    changed = {f"{name}_proto_struct_bytes": content, name: {"other": [2]}}
    assert build(core, **changed) == plain_with(field, part(field, content))


@pytest.mark.parametrize(("name", "field"), VALUES)
@pytest.mark.parametrize("nothing", [None, b""])
def test_empty_struct_bytes_leave_the_value_in_force(
    core: ModuleType, name: str, field: int, nothing: Any
) -> None:
    changed = {f"{name}_proto_struct_bytes": nothing, name: {"a": 1}}
    assert build(core, **changed) == plain_with(field, part(field, entry("a", number(1.0))))


def test_with_struct_bytes_the_value_is_not_looked_at(core: ModuleType) -> None:
    content = entry("a", NULL)
    for value in ({1: 2}, {"a": 10**400}, {"a": "\ud800"}, object(), {"a": object()}):
        built = build(core, input_value=value, input_value_proto_struct_bytes=content)
        assert built == plain_with(9, part(9, content))


def test_well_formed_struct_bytes_pass_unchanged_even_when_not_canonical(core: ModuleType) -> None:
    content = (
        entry("a", NULL) + entry("a", TRUE) + part(1) + b"\x8a\x00\x00" + integer(900, 1) + part(77, b"\xff")
    )
    built = build(core, output_value_proto_struct_bytes=content)
    assert built == plain_with(10, part(10, content))


@pytest.mark.parametrize("name", ["input_value", "output_value"])
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x0a", "at byte 1: length is cut short"),
        (b"\x0a\x05ab", "at byte 0: field 1 is longer than its message"),
        (b"\x0a\x03\x0a\x01\xff", "at byte 4: field 1 is not UTF-8"),
        (b"\x08\x01", "at byte 0: field 1 has wire type 0, not 2"),
        (b"\x00", "at byte 0: field number 0"),
        (b"\x0b", "at byte 0: field 1 has wire type 3, not 2"),
    ],
)
def test_malformed_struct_bytes_are_a_value_error(
    core: ModuleType, name: str, data: bytes, fault: str
) -> None:
    argument = f"{name}_proto_struct_bytes"
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{argument: data}))
    assert raised == (ValueError, f"{argument} is malformed {fault}")


# ---- metadata -------------------------------------------------------------------------------


def test_metadata_is_a_struct(core: ModuleType) -> None:
    content = entry("b", number(1.0)) + entry("a", struct_value(entry("n", text("x"))))
    assert build(core, metadata={"b": 1, "a": {"n": "x"}}) == plain_with(23, part(23, content))


def test_metadata_drops_none_at_the_top_level_only(core: ModuleType) -> None:
    metadata = {"x": None, "a": {"n": None}, "y": None, "l": [None], "z": None}
    content = entry("a", struct_value(entry("n", NULL))) + entry("l", list_value(NULL))
    assert build(core, metadata=metadata) == plain_with(23, part(23, content))


@pytest.mark.parametrize("metadata", [None, {}, {"a": None}, {"a": None, "b": None}])
def test_empty_metadata_is_left_out(core: ModuleType, metadata: Any) -> None:
    assert build(core, metadata=metadata) == build(core)


def test_metadata_keys_become_str(core: ModuleType) -> None:
    metadata: dict[Any, Any] = {True: 1, None: "x", 1.5: [], 3: None}
    content = entry("True", number(1.0)) + entry("None", text("x")) + entry("1.5", list_value())
    assert build(core, metadata=metadata) == plain_with(23, part(23, content))


def test_metadata_keys_that_collide_leave_the_last_at_the_first_position(core: ModuleType) -> None:
    content = entry("1", text("b")) + entry("x", number(0.0))
    assert build(core, metadata={"1": "a", "x": 0, 1: "b"}) == plain_with(23, part(23, content))


def test_metadata_may_be_any_mapping(core: ModuleType) -> None:
    view = MappingProxyType({"b": 1, "a": None})
    assert build(core, metadata=view) == plain_with(23, part(23, entry("b", number(1.0))))
