"""The first difference told in layers, and protobuf compared by meaning."""

from __future__ import annotations

from typing import Any

import pytest
from driftcore import reference

from parity.cases import Campaign
from parity.compare import Difference, compare
from parity.explain import Layer, explain
from parity.generate.wire import delimited, double_field, number_field
from parity.meaning import compare_protobuf_meaning
from parity.messages import fields
from parity.operations import OPERATIONS
from parity.outcome import Crash, Error, Outcome, Value, observe
from parity.parting import way_to
from parity.subjects import load
from parity.tests.judging import SAFE_PROFILES
from parity.tests.spans import PLAIN_SPAN

SPAN = "build_span_proto_bytes_pyobject"


def layers(operation: str, expected: Outcome, actual: Outcome) -> dict[str, Layer]:
    found = OPERATIONS[operation]
    difference = compare(expected, actual, found.results)
    assert difference is not None
    told = explain(found, expected, actual, difference)
    return {layer.name: layer for layer in told}


def rows(layer: Layer) -> dict[str, tuple[str, str]]:
    return {row.label: (row.expected, row.actual) for row in layer.rows}


def test_texts_show_the_place_with_a_caret_and_the_json_path() -> None:
    expected, actual = '{"rows":[1,{"price":1e+16}]}', '{"rows":[1,{"price":1e16}]}'
    told = layers("normalize_json", Value(expected), Value(actual))
    window = told["text"].rows
    assert window[0].label == "offset 22"
    assert window[1].expected == " " * 22 + "^"
    assert window[0].expected[22] == "+" and window[0].actual[22] == "1"
    assert rows(told["value"]) == {"JSON value": ("the same: only the spelling differs", "")}
    told = layers("normalize_json", Value(expected), Value('{"rows":[1,{"price":1}]}'))
    assert rows(told["value"])["JSON path"][0] == "$.rows[1].price"


def test_a_window_shows_half_surrogates_as_escapes_and_its_caret_still_fits() -> None:
    told = layers("normalize_json", Value('"é\ud800x"'), Value('"é\ud800y"'))
    first, caret = told["text"].rows
    at = caret.expected.index("^")
    assert (first.expected[at], first.actual[at]) == ("x", "y")
    assert first.expected.isascii()


def span(**changes: Any) -> bytes:
    return reference.build_span_proto_bytes_pyobject(*{**PLAIN_SPAN, **changes}.values())


def test_protobuf_bytes_show_the_field_and_its_byte() -> None:
    one, other = span(input_value={"a": 1, "b": [2.0]}), span(input_value={"a": 1, "b": [3.0]})
    told = rows(layers(SPAN, Value(one), Value(other))["protobuf"])
    at = one.index(b"\x11\x00\x00\x00\x00\x00\x00\x00\x40")
    place = f"$.input_value.fields['b'].value.list_value.values[0].number_value at byte {at}"
    assert told["field"] == (place, place)
    assert told["content"] == ("float 2.0", "float 3.0")
    assert told["meaning"] == ("another", "")


def test_protobuf_bytes_of_another_order_mean_the_same() -> None:
    one, other = span(input_value={"a": 1, "b": 2}), span(input_value={"b": 2, "a": 1})
    told = rows(layers(SPAN, Value(one), Value(other))["protobuf"])
    assert told["order"] == ("the same fields in another order", "")
    assert told["meaning"] == ("the same", "")


def test_a_field_one_side_lacks_is_absent_there() -> None:
    told = rows(layers(SPAN, Value(span()), Value(span(name="x")))["protobuf"])
    assert told["content"] == ("absent", "str 'x'")
    assert told["field"][1].startswith("$.name at byte ")


PROCESSED = ("{}", "{}", "a" * 64, '{"type":6,"properties":{}}', "b" * 64, b"")


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({2: "c" * 64}, {"value hash": None, "hashed decoded_json": "the same on both sides"}),
        ({4: "c" * 64}, {"schema hash": None, "hashed schema_json": "the same on both sides"}),
        ({1: "[]", 2: "c" * 64}, {"value hash": None, "hashed decoded_json": "not the same on both sides"}),
    ],
)
def test_hash_layer_says_which_stage_and_whether_what_was_hashed_differs(
    changes: dict[int, Any], labels: dict[str, Any]
) -> None:
    changed = tuple(changes.get(at, value) for at, value in enumerate(PROCESSED))
    told = rows(layers("process_export_payload", Value(PROCESSED), Value(changed))["hash"])
    assert set(told) == set(labels)
    for label, text in labels.items():
        assert text is None or told[label][0] == text


def test_a_digest_alone_says_so() -> None:
    told = rows(layers("deterministic_hash", Value("a" * 64), Value("b" * 64))["hash"])
    assert told["digest"] == ("a" * 64, "b" * 64)
    assert told["hashed"][0] == "the operation returns the digest alone"


def test_errors_show_what_differs_in_them() -> None:
    told = layers("normalize_json", Error("ValueError", "x", 1, ("x",)), Error("ValueError", "y", 1, ("x",)))
    assert rows(told["error"]) == {"message": ("x", "y")}
    told = layers("normalize_json", Value("1"), Crash(11))
    assert rows(told["outcome"]) == {"outcome": ("str '1'", "crashed with SIGSEGV")}


def test_changed_arguments_show_both_texts() -> None:
    difference = Difference("payload offset 1", "arguments after the call", "{1}", "{2}", 1)
    (layer,) = explain(OPERATIONS["process_export_payload_pyobject"], Value(1), Value(1), difference)
    assert layer.name == "arguments"
    assert layer.rows[0].expected == "{1}"


def test_every_mismatch_of_a_drifting_subject_can_be_told() -> None:
    pytest.importorskip("drift_core", reason="the Rust module is not installed")
    right, rust = load("reference").functions, load("rust").functions
    seen = 0
    for case in Campaign(list(OPERATIONS.values()), 2, 600):
        if case.profile not in SAFE_PROFILES or case.operation.name not in rust:
            continue
        name, results = case.operation.name, case.operation.results
        expected, actual = observe(right[name], case.arguments()), observe(rust[name], case.arguments())
        difference = compare(expected, actual, results)
        if difference is not None:
            seen += 1
            told = explain(case.operation, expected, actual, difference)
            assert told and all(layer.rows for layer in told)
    assert seen > 100


# ---- by meaning ---------------------------------------------------------------

NAME, KIND = delimited(4, b"GET /"), number_field(17, 2)
ONE = delimited(1, delimited(1, b"a") + delimited(2, double_field(2, 1.0)))
TWO = delimited(1, delimited(1, b"a") + delimited(2, double_field(2, 2.0)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (NAME + KIND, KIND + NAME, True),
        (NAME, number_field(26, 1) + NAME, True),
        (NAME, NAME + delimited(1, b""), True),
        (NAME, delimited(4, b"GET /", padding=2), True),
        (NAME, delimited(4, b"POST") + NAME, True),
        (NAME, NAME + delimited(24, b""), False),
        (NAME, NAME + delimited(9, b""), False),
        (delimited(9, TWO), delimited(9, ONE + TWO), True),
        (delimited(9, ONE), delimited(9, ONE + TWO), False),
        (delimited(9, ONE) + delimited(9, TWO), delimited(9, TWO), True),
        (
            delimited(20, number_field(1, 5)) + delimited(20, number_field(2, 7)),
            delimited(20, number_field(1, 5) + number_field(2, 7)),
            True,
        ),
        (b"\x0a", b"\x0a", True),
        (b"\x0a", b"\x0a\x05", False),
        (NAME, KIND, False),
    ],
)
def test_meaning_goes_by_protobufs_rules(one: bytes, other: bytes, same: bool) -> None:
    assert compare_protobuf_meaning(one, other, "Span") is same


def test_meaning_keeps_signs_of_zero_and_kinds_apart() -> None:
    def value(content: bytes) -> bytes:
        return delimited(1, delimited(1, b"a") + delimited(2, content))

    kinds = [
        double_field(2, 0.0),
        double_field(2, -0.0),
        number_field(1, 0),
        number_field(4, 0),
        b"",
        delimited(3, b""),
    ]
    for one in kinds:
        for other in kinds:
            assert compare_protobuf_meaning(value(one), value(other), "Struct") is (one == other)
    twice = value(number_field(4, 1) + double_field(2, 0.0))
    assert compare_protobuf_meaning(twice, value(double_field(2, 0.0)), "Struct")


def test_meaning_of_deep_bytes_ends() -> None:
    content = number_field(4, 1)
    for _ in range(3_000):
        content = delimited(6, delimited(1, content))
    data = delimited(1, delimited(1, b"a") + delimited(2, content))
    assert compare_protobuf_meaning(data, data, "Struct")


def test_fields_cover_every_byte_of_any_bytes() -> None:
    for case in Campaign([OPERATIONS["build_export_spans_request_bytes_pyobject"]], 1, 60):
        spans = case.arguments()[-1]
        for data in spans if isinstance(spans, list) else ():
            if isinstance(data, bytes):
                found = fields(data, "Span")
                assert b"".join(data[one.start : one.end] for one in found) == data
                assert not data or way_to(data, "Span", 0)[0].field == found[0]
