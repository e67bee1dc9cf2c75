"""When the native module asks the reference: `punts()` counts each such call by reason.

The results of the calls are compared with the other subject's elsewhere; here the
point is which calls the C core answers by itself, and that no reason is dead.
"""

from __future__ import annotations

import enum
import gc
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Callable

import pytest

from .span_arguments import PLAIN, arguments
from .wire import entry, number, part, struct_value

REASONS = [
    "syntax",
    "digits",
    "surrogate",
    "depth",
    "overflow",
    "merges",
    "schema",
    "malformed",
    "assumption",
    "type",
    "argument",
]


@contextmanager
def counting(native: ModuleType) -> Iterator[dict[str, int]]:
    """The punts made inside the block, by reason; only those that were made."""
    made: dict[str, int] = {}
    before = native.punts()
    yield made
    made.update({reason: count - before[reason] for reason, count in native.punts().items()})
    for reason in [reason for reason, count in made.items() if count == 0]:
        del made[reason]


def test_every_reason_is_counted_by_name(native: ModuleType) -> None:
    counts = native.punts()
    assert list(counts) == REASONS
    assert all(type(count) is int for count in counts.values())


def test_counts_are_a_copy(native: ModuleType) -> None:
    counts = native.punts()
    counts["syntax"] += 7
    assert native.punts()["syntax"] == counts["syntax"] - 7


def nested(levels: int, text: bool = True) -> Any:
    if text:
        return "[" * levels + "]" * levels
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


class Level(enum.IntEnum):
    HIGH = 1


class Text(str):
    pass


def schema_of_depth(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": 1}
    for _ in range(levels - 1):
        schema = {"items": schema}
    return schema


def deep_span(levels: int) -> bytes:
    value = number(0.0)
    for _ in range(levels):
        value = struct_value(entry("a", value))
    return part(9, entry("a", value))


SPAN, REQUEST = "build_span_proto_bytes_pyobject", "build_export_spans_request_bytes_pyobject"
TEXT, OBJECT = "process_export_payload", "process_export_payload_pyobject"

PUNTING: list[tuple[str, str, list[Any]]] = [
    ("syntax", "normalize_json", ["{"]),
    ("syntax", "deterministic_hash", [""]),
    ("syntax", TEXT, ["[1,]", None]),
    ("syntax", TEXT, ["{}", "{"]),
    ("digits", "normalize_json", ["1" * 5000]),
    ("digits", OBJECT, [10**5000, None]),
    ("digits", OBJECT, [1 << 30_000, None]),
    ("surrogate", "normalize_json", [r'"\ud800"']),
    ("surrogate", "normalize_and_hash", ['{"\udfff":1}']),
    ("surrogate", TEXT, [r'{"k":"\"\\ud800\""}', '{"k":{"decoded_type":1}}']),
    ("surrogate", OBJECT, [["\ud83d\ude00"], None]),
    ("surrogate", SPAN, arguments(name="\ud800")),
    ("surrogate", SPAN, arguments(metadata={"a": "\ud800"})),
    ("surrogate", REQUEST, ["\ud800", "", "", "", []]),
    ("depth", "object_to_protobuf_struct_field_count", [nested(201)]),
    ("depth", TEXT, ['{"k":"' + nested(201) + '"}', '{"k":{"decoded_type":1}}']),
    ("depth", OBJECT, [nested(201, text=False), None]),
    ("depth", SPAN, arguments(input_schema=schema_of_depth(201))),
    ("depth", REQUEST, ["", "", "", "", [deep_span(1100)]]),
    ("depth", "verify_span", [deep_span(1100)]),
    ("overflow", "object_to_protobuf_struct_bytes", ['{"a":' + "9" * 400 + "}"]),
    ("overflow", OBJECT, [{"a": 10**400}, None]),
    ("overflow", SPAN, arguments(output_value={"a": 10**400})),
    ("overflow", SPAN, arguments(output_schema={"match_importance": 10**400})),
    ("merges", TEXT, ["{}", "[]"]),
    ("merges", TEXT, ["{}", '{"k":{"encoding":2}}']),
    ("merges", OBJECT, [1, {"k": None}]),
    ("schema", SPAN, arguments(input_schema={"match_importance": "x"})),
    ("schema", SPAN, arguments(input_schema={"properties": {"k": 5}})),
    ("malformed", SPAN, arguments(input_value_proto_struct_bytes=b"\x0a")),
    ("malformed", REQUEST, ["", "", "", "", [b"\x0a"]]),
    ("malformed", "verify_span", [b"\x0a"]),
    ("type", OBJECT, [(1,), None]),
    ("type", OBJECT, [{1: 2}, None]),
    ("type", OBJECT, [{"a": [b"x"]}, None]),
    ("type", OBJECT, [{"a": Level.HIGH}, None]),
    ("type", OBJECT, [Text("x"), None]),
    ("type", OBJECT, [{"k": 0}, {"k": {"encoding": Level.HIGH}}]),
    ("type", SPAN, arguments(metadata={1: 2})),
    ("argument", "normalize_json", [b"{}"]),
    ("argument", "normalize_json", []),
    ("argument", "normalize_json", ["{}", "{}"]),
    ("argument", TEXT, ["{}", {}]),
    ("argument", OBJECT, [{}, []]),
    ("argument", SPAN, arguments(kind=6)),
    ("argument", SPAN, arguments(kind=True)),
    ("argument", SPAN, arguments(name=None)),
    ("argument", SPAN, arguments(timestamp_seconds=2**63)),
    ("argument", SPAN, arguments(is_root_span=1)),
    ("argument", REQUEST, ["", "", "", "", ()]),
    ("argument", REQUEST, ["", "", "", "", [bytearray()]]),
    ("argument", "verify_span", [None]),
]


punting = pytest.mark.parametrize(
    ("reason", "name", "given"), PUNTING, ids=lambda value: value if isinstance(value, str) else ""
)


@punting
def test_each_reason_is_reached_and_counted_once(
    native: ModuleType, reason: str, name: str, given: list[Any]
) -> None:
    if reason == "digits" and not hasattr(sys, "get_int_max_str_digits") and name != OBJECT:
        pytest.skip("this Python has no limit on digits")
    with counting(native) as made:
        outcome(getattr(native, name), given)
    assert made == {reason: 1}


def test_no_reason_is_without_a_case() -> None:
    elsewhere = {"assumption"}  # test_assumptions.py: all of them hold in this process
    assert {reason for reason, _, _ in PUNTING} | elsewhere == set(REASONS)


def outcome(function: Callable[..., Any], given: list[Any]) -> Any:
    try:
        return function(*given)
    except Exception as error:
        return (type(error), str(error))


@punting
def test_a_punt_has_the_references_outcome(
    reference: ModuleType, native: ModuleType, reason: str, name: str, given: list[Any]
) -> None:
    assert outcome(getattr(native, name), given) == outcome(getattr(reference, name), given)


@punting
def test_a_punt_keeps_no_memory(native: ModuleType, reason: str, name: str, given: list[Any]) -> None:
    function = getattr(native, name)
    outcome(function, given)
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(200):
        outcome(function, given)
    gc.collect()
    assert sys.getallocatedblocks() - before < 150


def test_verification_of_nested_bytes_does_not_punt_within_the_limit(native: ModuleType) -> None:
    with counting(native) as made:
        native.verify_span(deep_span(200))
    assert made == {}


# ---- what never punts -----------------------------------------------------------------------


LEAVES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53 + 1, 2**64, -(10**300), 0.0, -0.0, 1.5, 1e16, 1e-7, float("inf"),
    "", "a", "é", "😀", "\x00\n", "x" * 300, "YQ==", "[1]",
)  # fmt: skip


def random_value(source: random.Random, levels: int) -> Any:
    if levels == 0 or source.random() < 0.3:
        return source.choice(LEAVES)
    if source.random() < 0.4:
        return [random_value(source, levels - 1) for _ in range(source.randrange(5))]
    names = ["", "a", "b", "é", "😀", "k", "type", "\x01", "long " * 20]
    return {name: random_value(source, levels - 1) for name in source.sample(names, source.randrange(7))}


def test_exact_json_types_without_lone_surrogates_never_punt(native: ModuleType) -> None:
    merges = {
        "a": {"encoding": 1, "decoded_type": 1},
        "k": {"match_importance": 0.5},
        "é": {"decoded_type": 1},
    }
    with counting(native) as made:
        for seed in range(400):
            value = random_value(random.Random(seed), 4)
            for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
                native.normalize_json(text)
                native.deterministic_hash(text)
                native.normalize_and_hash(text)
                native.object_to_protobuf_struct_bytes(text)
                native.object_to_protobuf_struct_field_count(text)
                native.process_export_payload(text, None)
                native.process_export_payload(text, json.dumps(merges))
            native.process_export_payload_pyobject(value, None)
            _, _, schema, _, struct_bytes = native.process_export_payload_pyobject(value, merges)
            given: dict[str, Any] = {
                "name": "é" * (seed % 9),
                "package_type": seed % 12,
                "environment": [None, "", "prod"][seed % 3],
                "kind": seed % 6,
                "input_schema": schema,
                "status_code": seed % 3,
                "is_root_span": bool(seed % 2),
                "timestamp_seconds": [0, 2**63 - 1, -(2**63)][seed % 3],
                "timestamp_nanos": [0, 2**31 - 1, -(2**31)][seed % 3],
                "metadata": value if isinstance(value, dict) else None,
                "input_value": value,
                "output_value": value,
                "output_value_proto_struct_bytes": struct_bytes,
            }
            span = native.build_span_proto_bytes_pyobject(*arguments(**given))
            native.verify_span(span)
            native.build_export_spans_request_bytes_pyobject("s", "é", "", "i", [span, b""] * (seed % 3))
    assert made == {}


def test_keywords_never_punt(native: ModuleType) -> None:
    with counting(native) as made:
        native.normalize_json(payload_json="[1]")
        native.process_export_payload(schema_merges_json=None, payload_json="[1]")
        native.build_span_proto_bytes_pyobject(**PLAIN)
    assert made == {}


def test_subclasses_of_str_as_texts_never_punt(native: ModuleType) -> None:
    with counting(native) as made:
        for text in ('{"b":1.50,"a":"x"}', '["é"]'):
            assert native.normalize_json(Text(text)) == native.normalize_json(text)
            assert native.process_export_payload(Text(text), Text("{}")) == native.process_export_payload(
                text, "{}"
            )
    assert made == {}


def test_values_beside_struct_bytes_never_punt(native: ModuleType) -> None:
    content = entry("a", number(1.0))
    with counting(native) as made:
        for value in ({1: 2}, {"a": b"x"}, {"a": "\ud800"}, {"a": 10**400}, object(), "text"):
            given = arguments(
                input_value=value,
                input_value_proto_struct_bytes=content,
                output_value=value,
                output_value_proto_struct_bytes=content,
            )
            native.build_span_proto_bytes_pyobject(*given)
    assert made == {}


def test_values_that_are_no_dicts_never_punt(native: ModuleType) -> None:
    with counting(native) as made:
        for value in (None, (1,), b"x", object(), "\ud800", [object()], 10**5000):
            native.build_span_proto_bytes_pyobject(*arguments(input_value=value, output_value=value))
    assert made == {}


@pytest.mark.parametrize("levels", [199, 200])
def test_nesting_up_to_200_is_answered_by_the_core(
    reference: ModuleType, native: ModuleType, levels: int
) -> None:
    with counting(native) as made:
        check_nesting(reference, native, levels)
    assert made == {}


@pytest.mark.parametrize("levels", [201, 202, 240])
def test_nesting_past_200_is_answered_by_the_reference(
    reference: ModuleType, native: ModuleType, levels: int
) -> None:
    with counting(native) as made:
        calls = check_nesting(reference, native, levels)
    assert made == {"depth": calls}


def check_nesting(reference: ModuleType, native: ModuleType, levels: int) -> int:
    """Compare all operations on values nested so deep; gives how many native calls that took."""
    lists, objects = nested(levels), '{"a":' * levels + "0" + "}" * levels
    value: Any = 0
    for _ in range(levels):
        value = {"a": value}
    calls: list[tuple[str, list[Any]]] = []
    for text in (lists, objects):
        calls += [
            ("normalize_json", [text]),
            ("deterministic_hash", [text]),
            ("normalize_and_hash", [text]),
            ("object_to_protobuf_struct_bytes", [text]),
            ("object_to_protobuf_struct_field_count", [text]),
            (TEXT, [text, None]),
        ]
    calls += [
        (OBJECT, [value, None]),
        (OBJECT, [nested(levels, text=False), {}]),
        (SPAN, arguments(input_value=value)),
        (SPAN, arguments(metadata=value)),
        (SPAN, arguments(input_schema=schema_of_depth(levels))),
    ]
    for name, given in calls:
        assert outcome(getattr(native, name), given) == outcome(getattr(reference, name), given)
    return len(calls)


def test_a_call_after_a_punt_is_answered_by_the_core_again(native: ModuleType) -> None:
    for _, name, given in PUNTING:
        outcome(getattr(native, name), given)
        with counting(native) as made:
            assert native.normalize_json(' {"a": 1} ') == '{"a":1}'
        assert made == {}


def test_a_call_inside_a_call_gets_its_own_answer(native: ModuleType) -> None:
    answers: list[str] = []

    class Inner:
        def __str__(self) -> str:
            answers.append(native.normalize_json('{"inner": [1, 2]}'))
            return "outer"

    assert native.process_export_payload_pyobject({"a": Inner()}, None)[0] == {"a": "outer"}
    assert answers == ['{"inner":[1,2]}']
