"""Features: the facts of an input, the same for the same content in whatever form it comes."""

from __future__ import annotations

import json
from collections import deque
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from parity.cases import Campaign, generated
from parity.features import CARRIERS, FORMS, KINDS, VOCABULARY, features, telling
from parity.generate import lying
from parity.generate.objects import Level, Point, Unprintable
from parity.operations import OPERATIONS, SPAN_ARGUMENTS
from parity.tests.spans import PLAIN_SPAN

TEXT = OPERATIONS["normalize_json"]
MERGES = OPERATIONS["process_export_payload"]
OBJECT = OPERATIONS["process_export_payload_pyobject"]
SPAN = OPERATIONS["build_span_proto_bytes_pyobject"]
REQUEST = OPERATIONS["build_export_spans_request_bytes_pyobject"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("0", set()),
        ("[0]", {"list"}),
        ('{"a":0}', {"object"}),
        ("-0", {"-0"}),
        ("1", {"int 1", "int other than 0"}),
        (
            "1e16",
            {
                "float",
                "float in exponent form",
                "float that is whole",
                "exponent spelled",
                "odd spelling of a float",
            },
        ),
        ("1.5", {"float"}),
        ("1e400", {"float", "Infinity", "exponent spelled", "odd spelling of a float"}),
        ("NaN", {"float", "NaN"}),
        ('{"b":0,"a":0}', {"object", "several items", "keys out of code-point order"}),
        ('{"a":0,"a":0}', {"object", "several items", "repeated key"}),
        ('{"a":0,"\\u0061":0}', {"object", "several items", "repeated key", "escape \\u"}),
        ('{"":0}', {"object", "key ''"}),
        ('"\\ud83d"', {"string", "escape \\u", "lone surrogate", "non-ASCII"}),
        (
            '"\\ud83d\\ude00"',
            {"string", "escape \\u", "escaped surrogate pair", "non-ASCII", "astral character"},
        ),
        ('"\\\\ud83d"', {"string", "short escape", "quote or backslash"}),
        (" [0]", {"list", "blank between tokens"}),
        ("[]", {"list", "empty list"}),
        (
            "[" * 128 + "0" + "]" * 128,
            {"list", "nesting", "nesting over 30", "nesting over 100", "nesting over 127"},
        ),
        ("", {"not JSON"}),
        ("[0,]", {"not JSON", "list", "several items"}),
    ],
)
def test_facts_of_texts(text: str, facts: set[str]) -> None:
    assert features(TEXT, (text,)) == facts


@pytest.mark.parametrize(
    "text",
    ["0", "[0,-1]", '{"b":[1.5,null],"a":{}}', '{"é":"\\ud800"}', "[[[true]]]", "18446744073709551616"],
)
def test_an_object_has_the_facts_of_its_text(text: str) -> None:
    written = {"escape \\u", "exponent spelled", "odd spelling of a float"}
    assert features(TEXT, (text,)) - written == features(OBJECT, (json.loads(text), None))


@pytest.mark.parametrize(
    ("value", "fact"),
    [
        (b"", "bytes object"),
        ({1}, "set"),
        ((), "tuple"),
        ({1: 0}, "key that is no str"),
        (Level.ONE, "enum member"),
        (MappingProxyType({}), "Mapping that is no dict"),
        (Point(0), "dataclass"),
        (Decimal(1), "Decimal"),
        (deque(), "object known by its str"),
        (Unprintable(), "object whose str raises"),
        ({1: 0, "1": 0}, "keys alike as text"),
        ("\ud83d\ude00", "surrogates side by side"),
        (lying.TripleItems({"a": 1}), "object that lies"),
        (lying.RaisingItems({"a": 1}), "object that lies"),
        (lying.NotData(), "object that lies"),
    ],
)
def test_facts_of_odd_objects(value: Any, fact: str) -> None:
    assert fact in features(OBJECT, (value, None))
    assert fact in features(OBJECT, ({"a": [value]}, None))
    assert fact in features(SPAN, tuple({**PLAIN_SPAN, "input_value": {"a": value}}.values()))


def test_sharing_and_cycles_are_seen() -> None:
    shared: list[Any] = [0]
    assert "same object twice" in features(OBJECT, ([shared, shared], None))
    assert "same object twice" not in features(OBJECT, ([[0], [0]], None))
    shared.append(shared)
    assert "object within itself" in features(OBJECT, (shared, None))


@pytest.mark.parametrize(
    ("payload", "merges", "fact"),
    [
        ('{"a":"aGk"}', '{"a":{"encoding":1}}', "base64 of wrong length"),
        ('{"a":"aG k="}', '{"a":{"encoding":1}}', "base64 with foreign characters"),
        ('{"b":{"a":0}}', '{"a":{"encoding":1}}', "merge on nested key"),
        ("0", '{"a":{}}', "merge of an absent key"),
        ("0", '{"a":{"encoding":true}}', "wrong merges"),
        ("0", "{", "merges not JSON"),
        ("0", 1, "argument of a wrong type"),
    ],
)
def test_facts_of_merges(payload: str, merges: Any, fact: str) -> None:
    assert fact in features(MERGES, (payload, merges))


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"kind": "x"}, "argument of a wrong type"),
        ({"kind": 6}, "argument out of range"),
        ({"timestamp_nanos": 1}, "time finer than a microsecond"),
        ({"timestamp_seconds": 253_402_300_800}, "time out of datetime's range"),
        ({"duration_seconds": -1}, "time below zero"),
        ({"metadata": {"a": None}}, "None in metadata"),
        ({"input_value": []}, "value that is no object"),
        ({"input_schema": {}}, "schema: empty"),
        ({"input_schema": {"type": 6, "properties": {"": {}}}}, "key ''"),
        ({"input_value_proto_struct_bytes": b"\x0a"}, "damaged bytes"),
        ({"environment": "x"}, "environment"),
        ({"is_root_span": True}, "true flag"),
    ],
)
def test_facts_of_span_arguments(change: dict[str, Any], fact: str) -> None:
    assert fact not in features(SPAN, tuple(PLAIN_SPAN.values()))
    assert fact in features(SPAN, tuple({**PLAIN_SPAN, **change}.values()))


@pytest.mark.parametrize(
    ("span", "fact"),
    [
        (b"", "empty span"),
        (b"\x0a", "damaged bytes"),
        (b"\x0a\x01\xff", "bytes not UTF-8"),
        (b"\x12\x01b\x0a\x01a", "fields out of order"),
        (b"\x0a\x01a\x0a\x01a", "repeated field"),
        (b"\x0a\x81\x00a", "padded varint"),
        (b"\xd2\x01\x00", "unknown field"),
        (b"\x0a\x00", "default written out"),
        (b"\x4a\x02\x0a\x00", "map entry without key"),
    ],
)
def test_facts_of_span_bytes(span: bytes, fact: str) -> None:
    assert fact in features(REQUEST, ("", "", "", "", [span]))
    assert fact not in features(REQUEST, ("", "", "", "", [b"\x0a\x01a\x12\x01b"]))


def test_the_plainest_span_has_no_telling_fact() -> None:
    assert len(PLAIN_SPAN) == len(SPAN_ARGUMENTS)
    assert features(SPAN, tuple(PLAIN_SPAN.values())) == frozenset()


def test_the_strongest_facts_are_the_telling_ones() -> None:
    assert telling(frozenset({"object", "merges", "NaN"})) == {"NaN"}
    assert telling(frozenset({"object", "merges"})) == {"merges"}
    assert telling(frozenset({"object"})) == {"object"}


def test_every_fact_of_generated_cases_is_in_the_vocabulary_and_most_of_it_occurs() -> None:
    seen: set[str] = set()
    for case in Campaign(list(OPERATIONS.values()), 1, 1500):
        seen |= features(case.operation, case.arguments())
    assert seen <= set(VOCABULARY)
    assert len(seen) > 0.8 * len(VOCABULARY)
    assert set(VOCABULARY) >= KINDS | FORMS | CARRIERS


@pytest.mark.parametrize("profile", ["python-objects", "merges"])
def test_no_input_raises_whatever_its_objects_tell(profile: str) -> None:
    operations = [operation for operation in OPERATIONS.values() if operation.takes is MERGES.takes]
    operations.append(OBJECT)
    for index in range(3000):
        for case in generated(profile, 0, index, operations):
            assert features(case.operation, case.arguments()) <= VOCABULARY.keys()
