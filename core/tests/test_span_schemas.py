"""A span's two schemas: `tusk.drift.core.v1.JsonSchema` bytes of a dict."""

from __future__ import annotations

import math
import struct
from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments, build, plain_with
from .wire import double, integer, part

# ---- schemas --------------------------------------------------------------------------------

SCHEMAS = [("input_schema", 11), ("output_schema", 12)]


@pytest.mark.parametrize(("name", "field"), SCHEMAS)
@pytest.mark.parametrize(
    ("schema", "content"),
    [
        ({}, b""),
        ({"type": 0}, b""),
        ({"type": 9}, integer(1, 9)),
        ({"type": True}, integer(1, 1)),
        ({"properties": {}}, b""),
        ({"items": {}}, part(3)),
        ({"items": {"type": 1}}, part(3, integer(1, 1))),
        ({"encoding": 0}, integer(4, 0)),
        ({"encoding": 1}, integer(4, 1)),
        ({"decoded_type": 0}, integer(5, 0)),
        ({"decoded_type": 24}, integer(5, 24)),
        ({"match_importance": 0}, double(6, 0.0)),
        ({"match_importance": -0.0}, double(6, -0.0)),
        ({"match_importance": 2}, double(6, 2.0)),
        ({"match_importance": True}, double(6, 1.0)),
        ({"match_importance": math.inf}, double(6, math.inf)),
        ({"unknown": {"x": 1}}, b""),
    ],
    ids=repr,
)
def test_each_part_of_a_schema_is_a_field(
    core: ModuleType, name: str, field: int, schema: Any, content: bytes
) -> None:
    assert build(core, **{name: schema}) == plain_with(field, part(field, content))


def test_schema_fields_stand_in_number_order(core: ModuleType) -> None:
    schema = {
        "match_importance": 0.5,
        "decoded_type": 2,
        "items": {"properties": {}, "type": 1},
        "encoding": 1,
        "properties": {"z": {"type": 2}, "a": {"type": 6, "properties": {"": {"type": 4}}}},
        "type": 7,
    }
    content = (
        integer(1, 7)
        + part(2, part(1, b"z"), part(2, integer(1, 2)))
        + part(2, part(1, b"a"), part(2, integer(1, 6), part(2, part(2, integer(1, 4)))))
        + part(3, integer(1, 1))
        + integer(4, 1)
        + integer(5, 2)
        + double(6, 0.5)
    )
    assert build(core, output_schema=schema) == plain_with(12, part(12, content))


def test_properties_keep_insertion_order(core: ModuleType) -> None:
    names = [f"k{(7 * i) % 101}" for i in range(101)]
    content = b"".join(part(2, part(1, name.encode()), part(2, integer(1, 1))) for name in names)
    built = build(core, input_schema={"properties": {name: {"type": 1} for name in names}})
    assert built == plain_with(11, part(11, content))


@pytest.mark.parametrize("empty", [{}, None, {"type": 0}, {"properties": {}}, {"type": 99}])
def test_an_empty_schema_leaves_its_key_and_nothing_else(core: ModuleType, empty: Any) -> None:
    built = build(core, input_schema={"properties": {"k": empty}})
    assert built == plain_with(11, part(11, part(2, part(1, b"k"))))


@pytest.mark.parametrize("empty", [{}, None])
def test_an_empty_schema_of_an_empty_key_is_kept(core: ModuleType, empty: Any) -> None:
    assert build(core, input_schema={"properties": {"": empty}}) == plain_with(11, part(11, part(2)))


@pytest.mark.parametrize("kind", [-1, 10, 100, 2**70, None, "6", 6.0, [], {}])
def test_an_unknown_type_counts_as_unspecified(core: ModuleType, kind: Any) -> None:
    assert build(core, input_schema={"type": kind, "encoding": 1}) == plain_with(11, part(11, integer(4, 1)))


@pytest.mark.parametrize("value", [-1, 2, 2**70, None, "1", 1.0, [], {}])
def test_an_unknown_encoding_counts_as_unset(core: ModuleType, value: Any) -> None:
    assert build(core, input_schema={"type": 1, "encoding": value}) == plain_with(11, part(11, integer(1, 1)))


@pytest.mark.parametrize("value", [-1, 25, 100, 2**70, None, "1", 1.0, [], {}])
def test_an_unknown_decoded_type_counts_as_unset(core: ModuleType, value: Any) -> None:
    built = build(core, input_schema={"type": 1, "decoded_type": value})
    assert built == plain_with(11, part(11, integer(1, 1)))


@pytest.mark.parametrize("value", [None, [], "x", 5])
def test_properties_and_items_that_are_no_dicts_count_as_empty(core: ModuleType, value: Any) -> None:
    built = build(core, input_schema={"type": 1, "properties": value, "items": value})
    assert built == plain_with(11, part(11, integer(1, 1)))


def test_match_importance_none_is_absent(core: ModuleType) -> None:
    assert build(core, input_schema={"match_importance": None}) == build(core)


def test_match_importance_nan_is_pythons_nan(core: ModuleType) -> None:
    content = b"\x31" + struct.pack("<d", math.nan)
    assert build(core, input_schema={"match_importance": math.nan}) == plain_with(11, part(11, content))


@pytest.mark.parametrize("name", ["input_schema", "output_schema"])
@pytest.mark.parametrize(
    ("schema", "error", "fault"),
    [
        ({"properties": {5: {}}}, TypeError, ": properties must have str keys, not int"),
        ({"properties": {"k": 5}}, TypeError, ": properties['k'] must be dict or None, not int"),
        ({"properties": {"k": []}}, TypeError, ": properties['k'] must be dict or None, not list"),
        ({"match_importance": "1"}, TypeError, ": match_importance must be int, float or None, not str"),
        (
            {"items": {"match_importance": []}},
            TypeError,
            ": match_importance must be int, float or None, not list",
        ),
        ({"match_importance": 10**400}, OverflowError, None),
    ],
)
def test_a_schema_with_a_part_of_the_wrong_type_is_an_error_that_names_it(
    core: ModuleType, name: str, schema: Any, error: type[Exception], fault: Any
) -> None:
    message = "int too large to convert to float" if fault is None else name + fault
    assert told(core.build_span_proto_bytes_pyobject, *arguments(**{name: schema})) == (error, message)


@pytest.mark.parametrize("key", ["\ud800", "a\udfff"])
def test_a_surrogate_in_a_property_is_an_encode_error(core: ModuleType, key: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        build(core, input_schema={"properties": {key: {}}})


def test_surrogates_and_odd_types_in_parts_that_do_not_count_are_ignored(core: ModuleType) -> None:
    for schema in ({"\ud800": 1}, {"note": "\ud800"}, {"note": object(), 5: {1: 2}}, {"type": "\ud800"}):
        assert build(core, input_schema=schema) == build(core)


@pytest.mark.parametrize("levels", [1, 66, 67, 99, 100, 101, 199, 200, 201, 240])
def test_schemas_may_nest(core: ModuleType, levels: int) -> None:
    schema: dict[str, Any] = {"type": 1}
    content = integer(1, 1)
    for level in range(levels):
        if level % 2:
            schema, content = {"items": schema}, part(3, content)
        else:
            schema, content = {"properties": {"a": schema}}, part(2, part(1, b"a"), part(2, content))
    assert build(core, input_schema=schema) == plain_with(11, part(11, content))


def test_a_schema_as_the_export_returns_it_is_written_whole(core: ModuleType) -> None:
    payload = {"a": "WzFd", "l": [{"b": None}]}
    merges = {"a": {"encoding": 1, "decoded_type": 1, "match_importance": 0.5}}
    schema = core.process_export_payload_pyobject(payload, merges)[2]
    content = (
        integer(1, 6)
        + part(
            2,
            part(1, b"a"),
            part(2, integer(1, 7), part(3, integer(1, 1)), integer(4, 1), integer(5, 1), double(6, 0.5)),
        )
        + part(
            2,
            part(1, b"l"),
            part(2, integer(1, 7), part(3, integer(1, 6), part(2, part(1, b"b"), part(2, integer(1, 4))))),
        )
    )
    assert build(core, output_schema=schema) == plain_with(12, part(12, content))
