"""The shapes, and the arguments made of them and of recorded payloads."""

from __future__ import annotations

import hashlib
import json

import pytest

from bench.pairs.inputs import SPANS_IN_A_REQUEST, anew, is_ascii, recorded_inputs, shape_input
from bench.pairs.payloads import Shape, compact, shapes
from parity.operations import OPERATIONS, Takes
from parity.outcome import Value, observe
from parity.subjects import load

SIZES = {
    "empty": 2,
    "one-member": 7,
    "http-0.4k": 400,
    "rows-4k": 4_000,
    "merges-8k": 8_000,
    "non-ascii-16k": 16_000,
    "numbers-20k": 20_000,
    "text-64k": 64_000,
    "rows-92k": 92_000,
    "image-256k": 256_000,
}


def test_shapes_have_the_sizes_of_their_names() -> None:
    found = {name: shape.size for name, shape in shapes().items()}
    assert list(found) == list(SIZES)
    assert found == pytest.approx(SIZES, rel=0.1)


def test_shapes_are_the_same_bytes_everywhere() -> None:
    digest = hashlib.sha256()
    for shape in shapes().values():
        digest.update(shape.text.encode() + json.dumps(shape.merges).encode())
    assert digest.hexdigest() == "a6e07da408e1302a376fd399622a25e23b808cc5cc378e6efb235e0c64834c7e"


@pytest.mark.parametrize("shape", shapes().values(), ids=list(SIZES))
def test_shapes_are_compact_objects(shape: Shape) -> None:
    value = json.loads(shape.text)
    assert isinstance(value, dict)
    assert compact(value) == shape.text


def test_rows_have_ten_mixed_fields() -> None:
    rows = json.loads(shapes()["rows-92k"].text)["rows"]
    assert all(len(row) == 10 for row in rows)
    assert {type(value) for value in rows[0].values()} == {int, str, float, bool, type(None), list, dict}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))
def test_the_reference_accepts_every_shape(operation: object) -> None:
    reference = load("reference")
    for shape in shapes().values():
        given = shape_input(shape, operation)  # type: ignore[arg-type]
        if given is not None and shape.size < 100_000:
            assert isinstance(observe(reference.functions[given.operation.name], given.make()), Value)


def test_merges_are_for_the_operations_that_take_some_and_decode_something() -> None:
    shape = shapes()["merges-8k"]
    taking = [name for name, one in OPERATIONS.items() if shape_input(shape, one) is not None]
    assert taking == ["process_export_payload", "process_export_payload_pyobject", "export_span"]
    given = shape_input(shape, OPERATIONS["process_export_payload"])
    assert given is not None
    decoded = json.loads(load("reference").functions["process_export_payload"](*given.make())[1])  # type: ignore[index]
    assert isinstance(decoded["body"]["rows"], list) and isinstance(decoded["arguments"]["rows"], list)


def test_only_non_ascii_payloads_need_new_arguments() -> None:
    normalize = OPERATIONS["normalize_json"]
    shared = {name: (shape_input(shape, normalize)) for name, shape in shapes().items() if not shape.merges}
    assert [name for name, given in shared.items() if given and not given.may_share] == ["non-ascii-16k"]


def test_new_arguments_are_new_objects() -> None:
    shape = shapes()["non-ascii-16k"]
    for operation in OPERATIONS.values():
        given = shape_input(shape, operation)
        assert given is not None
        if operation.takes is Takes.REQUEST:
            assert given.may_share
        else:
            first, second = given.make(), given.make()
            places = {Takes.SPAN: "input_value", Takes.EXPORT: "input_json"}
            at = operation.arguments.index(places.get(operation.takes, operation.arguments[0]))
            assert first[at] is not second[at] and first[at] == second[at]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", True), ("ä", False), ({"ä": 1}, False), ([{"a": ["ä"]}], False), ((b"\xff", 1, None), True)],
)
def test_non_ascii_text_is_found_at_any_depth(value: object, expected: bool) -> None:
    assert is_ascii(value) is expected


def test_what_stands_at_many_places_or_inside_itself_is_seen_once() -> None:
    doubled: list[object] = ["\u00e4"]
    for _ in range(200):
        doubled = [doubled, doubled, {"k": doubled}]
    assert not is_ascii(doubled)
    copy = anew(doubled)
    assert copy is not doubled and copy[0] is copy[1] is copy[2]["k"]
    inside: list[object] = ["\u00e4"]
    inside.append((inside, {"k": inside}))
    assert not is_ascii(inside)
    copy = anew(inside)
    assert copy[0] == "\u00e4" and copy[1][0] is copy[1][1]["k"] is copy


def test_a_request_holds_many_spans() -> None:
    given = shape_input(shapes()["http-0.4k"], OPERATIONS["build_export_spans_request_bytes_pyobject"])
    assert given is not None
    spans = given.make()[-1]
    assert isinstance(spans, list) and len(spans) == SPANS_IN_A_REQUEST
    assert given.size > SPANS_IN_A_REQUEST * 400


def test_every_recorded_payload_is_an_input_once() -> None:
    inputs = recorded_inputs([OPERATIONS["normalize_json"], OPERATIONS["build_span_proto_bytes_pyobject"]])
    texts = [given.make()[0] for given in inputs if given.operation.takes is Takes.TEXT]
    assert len(texts) == len(set(texts)) > 600
    assert sum(given.operation.takes is Takes.SPAN for given in inputs) == 420
    assert inputs[0].name == "recorded:0:normalize_json"
