"""Input made to hurt, by size: Python's errors where Python errs, an answer elsewhere, never a crash.

That cost grows with size and no faster is for `test_growth.c`, which counts work; here is what only
large input reaches.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments
from .wire import varint

DEEP = 1_000_000
LARGE = 100_000_000
TEXT_FUNCTIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
)


@pytest.mark.parametrize("function", TEXT_FUNCTIONS)
@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_a_million_open_containers_are_a_recursion_error(
    core: ModuleType, function: str, opening: str
) -> None:
    with pytest.raises(RecursionError):
        getattr(core, function)(opening * DEEP)


def test_a_million_closed_containers_are_a_recursion_error(core: ModuleType) -> None:
    with pytest.raises(RecursionError):
        core.process_export_payload("[" * DEEP + "]" * DEEP, None)


def nested(levels: int) -> Any:
    value: Any = []
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def test_an_object_a_million_deep_is_a_recursion_error(core: ModuleType) -> None:
    value = nested(DEEP)
    with pytest.raises(RecursionError):
        core.process_export_payload_pyobject(value, None)
    with pytest.raises(RecursionError):
        core.build_span_proto_bytes_pyobject(*arguments(metadata={"a": value}))
    while value:  # its own deallocation must not be the one that goes deep
        value = value.pop() if isinstance(value, list) else value.pop("a")


def test_wire_bytes_nested_a_hundred_thousand_times_are_walked(core: ModuleType) -> None:
    """A Struct in a Value in a Struct: well-formed at any depth, and no recursion to run out of."""
    parts, size = [], 0
    for _ in range(100_000):
        for tag in (b"\x2a", b"\x12", b"\x0a"):  # Value.struct_value, the entry's value, Struct.fields
            head = tag + varint(size)
            parts.append(head)
            size += len(head)
    struct = b"".join(reversed(parts))
    span = core.build_span_proto_bytes_pyobject(*arguments(input_value_proto_struct_bytes=struct))
    assert struct in span
    with pytest.raises(ValueError, match=r"cut short|longer than"):
        core.build_span_proto_bytes_pyobject(*arguments(input_value_proto_struct_bytes=struct[:-1]))


@pytest.mark.parametrize("unit", ["a", "é", "\\u0041"], ids=["plain", "wide", "escaped"])
def test_a_string_of_a_hundred_megabytes(native: ModuleType, unit: str) -> None:
    count = LARGE // len(unit.encode())
    text = '{"k":"' + unit * count + '"}'
    normalized = native.normalize_json(text)
    expected = "A" if unit.startswith("\\") else unit
    assert len(normalized) == count + len('{"k":""}')
    assert normalized[:8] == '{"k":"' + 2 * expected
    assert normalized.count(expected) == count + (expected == "k")
    assert native.object_to_protobuf_struct_field_count(text) == 1


def test_a_string_of_a_hundred_megabytes_within_an_object(native: ModuleType) -> None:
    value = {"k": "x" * LARGE}
    _, _, schema, _, struct_bytes = native.process_export_payload_pyobject(value, None)
    assert schema["properties"]["k"]["type"] == 2
    assert len(struct_bytes) > LARGE
    span = native.build_span_proto_bytes_pyobject(*arguments(input_value_proto_struct_bytes=struct_bytes))
    assert len(span) > LARGE


def test_a_million_keys_alike_for_long(native: ModuleType, reference: ModuleType) -> None:
    text = "{" + ",".join(f'"{"same" * 8}{i * 7919 % 1_000_003:07}":{i}' for i in range(1_000_000)) + "}"
    assert native.deterministic_hash(text) == reference.deterministic_hash(text)
    assert native.object_to_protobuf_struct_field_count(text) == 1_000_000


def test_one_key_a_million_times(native: ModuleType) -> None:
    text = '{"k":0' + ',"k":[1]' * 1_000_000 + "}"
    assert native.normalize_json(text) == '{"k":[1]}'
    assert native.object_to_protobuf_struct_field_count(text) == 1


def test_keys_whose_python_hashes_collide(core: ModuleType) -> None:
    """Ints that are equal modulo the hash's prime become str keys that are all different."""
    modulus = sys.hash_info.modulus
    payload = {i * modulus: i for i in range(500)}
    assert len({hash(key) for key in payload}) == 1
    result = core.process_export_payload_pyobject(payload, None)[0]
    assert list(result.items()) == [(str(i * modulus), i) for i in range(500)]


@pytest.mark.parametrize("digits", [4300, 4301, 1_000_000])
def test_long_ints_follow_the_digit_limit(core: ModuleType, set_digit_limit: Any, digits: int) -> None:
    text = "9" * digits
    set_digit_limit(4300)
    if digits <= 4300:
        assert core.normalize_json(text) == text
    else:
        assert told(core.normalize_json, text)[0] is ValueError
