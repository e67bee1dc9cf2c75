"""The schema of a decoded value, and what the two export functions return of it."""

from __future__ import annotations

import hashlib
import json
from types import ModuleType
from typing import Any

import pytest


def schema_json(core: ModuleType, text: str, merges: Any = None) -> str:
    result: str = core.process_export_payload(text, merges)[3]
    return result


def leaf(number: int) -> str:
    return f'{{"type":{number},"properties":{{}}}}'


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 1),
        ("-1.5", 1),
        ("1e400", 1),
        ("NaN", 1),
        ("1" * 500, 1),
        ('""', 2),
        ('"x"', 2),
        ("true", 3),
        ("false", 3),
        ("null", 4),
        ("{}", 6),
        ("[]", 7),
    ],
)
def test_type_is_the_number_of_the_values_kind(core: ModuleType, text: str, number: int) -> None:
    assert schema_json(core, text) == leaf(number)


def test_type_and_properties_are_always_there_in_that_order(core: ModuleType) -> None:
    assert schema_json(core, '[{"a":null}]') == (
        '{"type":7,"properties":{},"items":{"type":6,"properties":{"a":{"type":4,"properties":{}}}}}'
    )


def test_properties_stand_in_insertion_order(core: ModuleType) -> None:
    text = '{"z":1,"":"x","a":true,"é":null}'
    properties = f'"z":{leaf(1)},"":{leaf(2)},"a":{leaf(3)},"é":{leaf(4)}'
    assert schema_json(core, text) == f'{{"type":6,"properties":{{{properties}}}}}'


def test_nested_objects_have_properties_of_their_own(core: ModuleType) -> None:
    inner = f'{{"type":6,"properties":{{"y":{leaf(1)},"x":{leaf(2)}}}}}'
    assert schema_json(core, '{"o":{"y":1,"x":"s"}}') == f'{{"type":6,"properties":{{"o":{inner}}}}}'


def test_items_is_the_schema_of_the_first_element(core: ModuleType) -> None:
    assert schema_json(core, '["a",1,{"b":2}]') == f'{{"type":7,"properties":{{}},"items":{leaf(2)}}}'
    item = f'{{"type":6,"properties":{{"b":{leaf(1)}}}}}'
    assert schema_json(core, '[{"b":2},null]') == f'{{"type":7,"properties":{{}},"items":{item}}}'


def test_an_empty_list_has_no_items(core: ModuleType) -> None:
    assert schema_json(core, '{"a":[]}') == f'{{"type":6,"properties":{{"a":{leaf(7)}}}}}'


def test_lists_in_lists_have_items_in_items(core: ModuleType) -> None:
    assert schema_json(core, "[[[1]]]") == (
        '{"type":7,"properties":{},"items":{"type":7,"properties":{},"items":'
        f'{{"type":7,"properties":{{}},"items":{leaf(1)}}}}}}}'
    )


def test_keys_that_name_parts_of_a_schema_are_ordinary_keys(core: ModuleType) -> None:
    text = '{"type":1,"properties":{"items":[{"encoding":null}]},"match_importance":"x"}'
    encoding = f'{{"type":6,"properties":{{"encoding":{leaf(4)}}}}}'
    items = f'{{"type":7,"properties":{{}},"items":{encoding}}}'
    properties = f'{{"type":6,"properties":{{"items":{items}}}}}'
    assert schema_json(core, text) == (
        f'{{"type":6,"properties":{{"type":{leaf(1)},"properties":{properties},"match_importance":{leaf(2)}}}}}'
    )


def test_repeated_keys_have_one_property_of_the_last_value(core: ModuleType) -> None:
    assert schema_json(core, '{"a":1,"b":2,"a":"x"}') == (
        f'{{"type":6,"properties":{{"a":{leaf(2)},"b":{leaf(1)}}}}}'
    )


@pytest.mark.parametrize("levels", [50, 128, 199, 200, 201, 250])
def test_schema_of_nested_values_nests_as_deep(core: ModuleType, levels: int) -> None:
    expected = leaf(7)
    for _ in range(levels - 1):
        expected = f'{{"type":7,"properties":{{}},"items":{expected}}}'
    assert schema_json(core, "[" * levels + "]" * levels) == expected


def test_schema_hash_is_the_hash_of_the_schemas_text(core: ModuleType) -> None:
    text = '{"b":{"z":1,"a":[{"y":[],"c":null}]},"a":true}'
    for subject_text, merges in ((text, None), ('{"k":"v"}', '{"k":{"match_importance":1,"encoding":0}}')):
        _, _, _, schema, schema_hash, _ = core.process_export_payload(subject_text, merges)
        in_order = json.dumps(json.loads(schema), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert schema_hash == hashlib.sha256(in_order.encode()).hexdigest()


def test_schema_hash_of_a_known_schema(core: ModuleType) -> None:
    text = '{"properties":{"a":{"properties":{},"type":1}},"type":6}'
    assert core.process_export_payload('{"a":1}', None)[4] == hashlib.sha256(text.encode()).hexdigest()


# ---- results as a whole ---------------------------------------------------------------------


def test_text_export_returns_six_results(core: ModuleType) -> None:
    result = core.process_export_payload(' {"b":"MQ==", "a":1.50} ', '{"b":{"encoding":1,"decoded_type":1}}')
    normalized, decoded = '{"b":"MQ==","a":1.5}', '{"b":1,"a":1.5}'
    schema = (
        '{"type":6,"properties":{"b":{"type":1,"properties":{},"encoding":1,"decoded_type":1},'
        '"a":{"type":1,"properties":{}}}}'
    )
    sorted_schema = (
        '{"properties":{"a":{"properties":{},"type":1},'
        '"b":{"decoded_type":1,"encoding":1,"properties":{},"type":1}},"type":6}'
    )
    struct_bytes = (
        b"\x0a\x0b\x0a\x01b\x12\x06\x1a\x04MQ==\x0a\x0e\x0a\x01a\x12\x09\x11\x00\x00\x00\x00\x00\x00\xf8\x3f"
    )
    assert result == (
        normalized,
        decoded,
        hashlib.sha256(b'{"a":1.5,"b":1}').hexdigest(),
        schema,
        hashlib.sha256(sorted_schema.encode()).hexdigest(),
        struct_bytes,
    )
    assert [type(part) for part in result] == [str, str, str, str, str, bytes]
    assert type(result) is tuple


def test_object_export_returns_five_results(core: ModuleType) -> None:
    payload = {"b": "MQ==", "a": (1.5,)}
    merges = {"b": {"encoding": 1, "decoded_type": 1, "match_importance": 2}}
    result = core.process_export_payload_pyobject(payload, merges)
    schema = {
        "type": 6,
        "properties": {
            "b": {"type": 1, "properties": {}, "encoding": 1, "decoded_type": 1, "match_importance": 2.0},
            "a": {"type": 7, "properties": {}, "items": {"type": 1, "properties": {}}},
        },
    }
    in_order = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    struct_bytes = (
        b"\x0a\x0b\x0a\x01b\x12\x06\x1a\x04MQ=="
        b"\x0a\x12\x0a\x01a\x12\x0d\x32\x0b\x0a\x09\x11\x00\x00\x00\x00\x00\x00\xf8\x3f"
    )
    assert result == (
        {"b": "MQ==", "a": [1.5]},
        hashlib.sha256(b'{"a":[1.5],"b":1}').hexdigest(),
        schema,
        hashlib.sha256(in_order.encode()).hexdigest(),
        struct_bytes,
    )
    assert json.dumps(result[2]) == json.dumps(schema)
    assert [type(part) for part in result] == [dict, str, dict, str, bytes]
    assert type(result) is tuple


@pytest.mark.parametrize(
    "payload", [None, True, 1, -2.5, "x", [], {}, [1], [[{"a": []}]], {"a": {"b": [1, "x"]}, "é": None}]
)
def test_both_exports_agree_on_one_value(core: ModuleType, payload: Any) -> None:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    by_text = core.process_export_payload(text, None)
    normalized, decoded, value_hash, schema, schema_hash, struct_bytes = by_text
    assert (normalized, decoded) == (text, text)
    by_object = core.process_export_payload_pyobject(payload, None)
    assert by_object == (payload, value_hash, json.loads(schema), schema_hash, struct_bytes)
    assert json.dumps(by_object[2], ensure_ascii=False, separators=(",", ":")) == schema


def test_schema_values_are_plain_types(core: ModuleType) -> None:
    schema = core.process_export_payload_pyobject({"a": 1}, {"a": {"match_importance": 1, "encoding": 0}})[2]
    member = schema["properties"]["a"]
    assert [type(value) for value in member.values()] == [int, dict, int, float]
    assert type(schema) is dict


def test_export_does_without_merges_what_the_single_functions_do(core: ModuleType) -> None:
    text = '{"b":[1,{"x":"é"}],"a":null,"b":2.0}'
    exported = core.process_export_payload(text, None)
    normalized = core.normalize_json(text)
    assert exported[:3] == (normalized, normalized, core.deterministic_hash(text))
    assert exported[5] == core.object_to_protobuf_struct_bytes(text)
