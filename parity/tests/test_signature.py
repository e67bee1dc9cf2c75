"""Signatures: what is alike in mismatches of one fault, and what keeps two faults apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from driftcore import reference

from driftgate.base.decode import decode
from parity.compare import compare
from parity.operations import OPERATIONS
from parity.outcome import Crash, Error, Hang, Outcome, OutOfMemory, Said, Value, with_said
from parity.signature import Signature, message_pattern, signature_of
from parity.tests.alike import Couple, Failure, Liar, Pair, counting
from parity.titles import title

SPAN = "build_span_proto_bytes_pyobject"
PROCESS = "process_export_payload_pyobject"


def signed(operation: str, expected: Outcome, actual: Outcome) -> Signature:
    found = OPERATIONS[operation]
    difference = compare(expected, actual, found.results)
    assert difference is not None
    return signature_of(found, expected, actual, difference)


def values(operation: str, expected: Any, actual: Any) -> tuple[str, tuple[str, str], tuple[str, str]]:
    signature = signed(operation, Value(expected), Value(actual))
    return signature.path, signature.types, signature.classes


def processed(**changes: Any) -> tuple[Any, ...]:
    plain = {"normalized": {}, "value_hash": "a" * 64, "schema": {"type": 6, "properties": {}}}
    return tuple({**plain, "schema_hash": "b" * 64, "struct_bytes": b"", **changes}.values())


@pytest.mark.parametrize(
    ("expected", "actual", "types", "classes"),
    [
        ('{"a":1e+16}', '{"a":1e16}', ("str", "str"), ("float with exponent", "the same, spelled otherwise")),
        ("[1e-07]", "[1]", ("float", "int"), ("float with exponent", "int")),
        ('{"a":{"b":-0.0}}', '{"a":{"b":0.0}}', ("float", "float"), ("-0.0", "float")),
        (
            "18446744073709551616",
            "1.8446744073709552e19",
            ("int", "float"),
            ("int beyond 64 bits", "float with exponent"),
        ),
        ("9223372036854775808", "0", ("int", "int"), ("int of u64", "int")),
        ('{"b":1,"a":1}', '{"a":1,"b":1}', ("list", "list"), ("keys", "the same keys in another order")),
        ('{"b":1,"a":1}', '{"a":1}', ("list", "list"), ("keys", "fewer keys")),
        ("[1,2]", "[1]", ("list", "list"), ("items", "fewer items")),
        ("[true]", "[1]", ("bool", "int"), ("bool", "int")),
        ('"\\ud800"', '"?"', ("str", "str"), ("str with a lone surrogate", "str")),
        ("NaN", "null", ("float", "NoneType"), ("NaN", "null")),
        ("[1]", "[1", ("str", "str"), ("JSON text", "text that cannot be read")),
    ],
)
def test_texts_part_by_the_values_in_them(
    expected: str, actual: str, types: tuple[str, str], classes: tuple[str, str]
) -> None:
    assert values("normalize_json", expected, actual) == ("$.**", types, classes)


def test_keys_and_indices_do_not_count_but_results_do() -> None:
    one = values(PROCESS, processed(normalized={"a": [1]}), processed(normalized={"a": [True]}))
    other = values(PROCESS, processed(normalized=[[[1]]]), processed(normalized=[[[True]]]))
    assert one == other == ("$.normalized.**", ("int", "bool"), ("int", "bool"))
    schema = {"type": 6, "properties": {"a": {"type": 1, "properties": {}}}}
    changed = {"type": 6, "properties": {"a": {"type": 2, "properties": {}}}}
    assert values(PROCESS, processed(schema=schema), processed(schema=changed))[0] == "$.schema.**.type"
    assert values(PROCESS, processed(), processed(value_hash="c" * 64)) == (
        "$.value_hash",
        ("str", "str"),
        ("digest", "digest"),
    )


def struct_bytes(text: str) -> bytes:
    return reference.object_to_protobuf_struct_bytes(text)


@pytest.mark.parametrize(
    ("expected", "actual", "path", "classes"),
    [
        ('{"a":1}', '{"a":2}', "$.**.number_value", ("float", "float")),
        ('{"a":[[{"b":0.0}]]}', '{"a":[[{"b":-0.0}]]}', "$.**.number_value", ("float", "-0.0")),
        ('{"a":1,"b":2}', '{"b":2,"a":1}', "$.**", ("fields", "the same fields in another order")),
        (
            '{"a":{"c":1,"d":2},"b":2}',
            '{"b":2,"a":{"d":2,"c":1}}',
            "$.**",
            ("fields", "the same fields in another order"),
        ),
        ('{"a":1,"b":2}', '{"a":1}', "$.**", ("present", "absent")),
        ('{"":1}', '{"a":1}', "$.**.key", ("absent", "present")),
    ],
)
def test_struct_bytes_part_by_their_fields(
    expected: str, actual: str, path: str, classes: tuple[str, str]
) -> None:
    found = values("object_to_protobuf_struct_bytes", struct_bytes(expected), struct_bytes(actual))
    assert (found[0], found[2]) == (path, classes)


@pytest.mark.parametrize(
    ("expected", "actual", "path", "classes"),
    [
        (b"", b"\x4a\x00", "$.input_value.**", ("absent", "present and empty")),
        (b"\xa2\x01\x02\x08\x01", b"\xa2\x01\x02\x08\x02", "$.timestamp.seconds", ("int", "int")),
        (b"\x22\x01a", b"\x22\x81\x00a", "$.name", ("str", "the same, written otherwise")),
    ],
)
def test_span_bytes_part_by_their_fields(
    expected: bytes, actual: bytes, path: str, classes: tuple[str, str]
) -> None:
    found = values(SPAN, expected, actual)
    assert (found[0], found[2]) == (path, classes)


def test_errors_of_one_class_go_by_the_references_message() -> None:
    expected = Error("ValueError", "kind must be from 0 to 5, not 6")
    one = signed(SPAN, expected, Error("ValueError", "6 is not a valid SpanKind"))
    assert one.errors == ("ValueError: ARGUMENT must be from N to N, not N", "ValueError")
    assert signed(SPAN, expected, Error("TypeError", "x")).errors == ("ValueError", "TypeError")
    assert signed(SPAN, Value(b""), expected).errors[0] == ""
    assert signed(SPAN, Value(b""), expected).outcomes == ("value", "error")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Expecting value: line 1 column 2 (char 1)", "Expecting value: line 7 column 30 (char 199)"),
        ("trace_id must be str, not int", "span_id must be str, not NoneType"),
        ("schema_merges['a'] must be an object, not int", "schema_merges['b c'] must be an object, not str"),
        ("can't encode character '\\ud800' in position 1: no", "can't encode characters in position 0-3: no"),
    ],
)
def test_what_comes_from_the_input_is_not_in_a_message_pattern(one: str, other: str) -> None:
    operation = OPERATIONS[SPAN if "_id" in one else PROCESS]
    assert message_pattern(operation, one) == message_pattern(operation, other)
    assert message_pattern(operation, one) != message_pattern(
        operation, "Extra data: line 1 column 2 (char 1)"
    )


def test_crashes_and_hangs_have_signatures() -> None:
    assert signed("normalize_json", Value("1"), Crash(11)).outcomes == ("value", "crash")
    assert signed("normalize_json", Value("1"), Crash(11)) != signed("normalize_json", Value("1"), Crash(6))
    hangs = [signed("normalize_json", Value("1"), Hang(seconds)) for seconds in (1.0, 5.0)]
    assert hangs[0] == hangs[1]
    assert hangs[0].outcomes == ("value", "hang")


def test_signature_survives_json() -> None:
    signature = signed("normalize_json", Value('{"a":"\ud800"}'), Error("ValueError", "x"))
    assert decode(Signature, json.loads(json.dumps(signature.to_json())), "signature") == signature


@pytest.mark.parametrize("damage", [{"path": 1}, {"types": ["a"]}, {"extra": ""}, {"outcomes": "value"}])
def test_damaged_signature_is_refused(damage: dict[str, Any]) -> None:
    signature = signed("normalize_json", Value("1"), Value("2"))
    with pytest.raises(ValueError, match="signature"):
        decode(Signature, {**signature.to_json(), **damage}, "signature")


@pytest.mark.parametrize(
    ("expected", "actual", "reason", "named"),
    [
        (Value("1"), OutOfMemory(1 << 31), "outcome", "more memory than it may have"),
        (Value("1"), Value(Liar(1)), "type", "str becomes parity.tests.alike.Liar"),
        (Value(b"1"), Value(bytearray(b"1")), "type", "bytes becomes bytearray"),
        (Value(Pair(1, 2)), Value(Couple(1, 2)), "type",
         "parity.tests.alike.Pair becomes parity.tests.alike.Couple"),
        (Value(counting()), Value(counting()), "no way to compare", "generator that cannot be compared"),
        (Value({1, 2}), Value({1}), "members", "members becomes fewer members"),
        (Value(1), Value(Failure(1)), "type", "int becomes parity.tests.alike.Failure"),
        (Error("E", "x", attributes={"a": 1}), Error("E", "x"), "error attributes",
         "E with other attributes"),
        (Error("E", "x", attributes={"a": 1}), Error("E", "x", attributes={"a": 2}), "error attributes",
         "E with other attributes"),
        (Error("E", "", attributes={"__notes__": ["a"]}), Error("E", "", attributes={"__notes__": ["b"]}),
         "error notes", "E with other notes"),
        (Error("E", "x", causes=(Error("F", "y"),)), Error("E", "x"), "error cause", "E with another cause"),
        (Error("E", "x", suppressed=True), Error("E", "x"), "error suppresses context",
         "E with its context hidden on one side"),
        (with_said(Value(1), Said("a")), with_said(Value(1), Said("b")), "printed output",
         "something else is printed"),
        (with_said(Value(1), Said()), with_said(Value(1), Said(warnings=(("W", "x"),))), "warnings",
         "other warnings"),
    ],
)  # fmt: skip
def test_every_reason_has_a_signature_and_a_title(
    expected: Outcome, actual: Outcome, reason: str, named: str
) -> None:
    signature = signed("normalize_json", expected, actual)
    assert signature.reason == reason
    assert signature == decode(Signature, json.loads(json.dumps(signature.to_json())), "signature")
    assert title(signature, frozenset()) == f"any input: {named}"
