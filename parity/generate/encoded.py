"""JSON values and their schemas as protobuf bytes, written apart from every encoder under test.

The generator measures with it what a text comes to, and puts it into the spans of export requests.
`parity/tests/test_lengths.py` holds it against the reference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .values import JsonValue
from .wire import delimited, double_field, number_field, string_field

Members = dict[str, JsonValue]
Schema = dict[str, object]

ANNOTATIONS: Schema = {"encoding": 0, "decoded_type": 0, "match_importance": 0.5}
"""What merges may say of a key without changing its value."""

_NUMBER, _STRING, _BOOLEAN, _NULL, _OBJECT, _LIST = 1, 2, 3, 4, 6, 7


def value_bytes(value: JsonValue) -> bytes:
    """A google.protobuf.Value."""
    if value is None:
        return number_field(1, 0)
    if isinstance(value, bool):
        return number_field(4, value)
    if isinstance(value, (int, float)):
        return double_field(2, float(value))
    if isinstance(value, str):
        return delimited(3, value.encode())
    return delimited(6, list_bytes(value)) if isinstance(value, list) else delimited(5, struct_bytes(value))


def list_bytes(items: list[JsonValue]) -> bytes:
    """A google.protobuf.ListValue."""
    return b"".join(delimited(1, value_bytes(item)) for item in items)


def struct_bytes(members: Mapping[str, JsonValue]) -> bytes:
    """A google.protobuf.Struct."""
    return b"".join(delimited(1, entry_bytes(key, item)) for key, item in members.items())


def entry_bytes(key: str, value: JsonValue) -> bytes:
    """A member of a Struct."""
    return string_field(1, key) + delimited(2, value_bytes(value))


def inferred(value: JsonValue, annotated: Collection[str] = ()) -> Schema:
    """The schema of a value, as a dict, with `ANNOTATIONS` for those members of an object that have them."""
    if isinstance(value, dict):
        properties = {
            key: {**inferred(item), **ANNOTATIONS} if key in annotated else inferred(item)
            for key, item in value.items()
        }
        return {"type": _OBJECT, "properties": properties}
    if isinstance(value, list):
        items = {"items": inferred(value[0])} if value else {}
        return {"type": _LIST, "properties": {}, **items}
    if value is None:
        return {"type": _NULL, "properties": {}}
    kind = _BOOLEAN if isinstance(value, bool) else _STRING if isinstance(value, str) else _NUMBER
    return {"type": kind, "properties": {}}


def schema_bytes(schema: Schema) -> bytes:
    """A JsonSchema of what `inferred` gives, with the attributes of merges where they were added."""
    out = [number_field(1, _int(schema["type"]))]
    properties, items = schema["properties"], schema.get("items")
    assert isinstance(properties, dict)
    out += (delimited(2, property_bytes(key, item)) for key, item in properties.items())
    if isinstance(items, dict):
        out.append(delimited(3, schema_bytes(items)))
    for field, name in ((4, "encoding"), (5, "decoded_type")):
        if name in schema:
            out.append(number_field(field, _int(schema[name])))
    if "match_importance" in schema:
        importance = schema["match_importance"]
        assert isinstance(importance, float)
        out.append(double_field(6, importance))
    return b"".join(out)


def property_bytes(key: str, schema: Schema) -> bytes:
    """A member of `properties`."""
    return string_field(1, key) + delimited(2, schema_bytes(schema))


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
