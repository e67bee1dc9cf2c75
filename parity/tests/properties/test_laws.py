"""Laws both cores obey: what must hold of an answer whatever the answer is.

They would find a fault that reference and native share, where a comparison sees nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import driftcore_native
import pytest
from driftcore import bridge, reference
from hypothesis import assume, given
from hypothesis import strategies as st

from parity.generate.hypothesis_source import made
from parity.generate.profiles import PROFILES, Arguments
from parity.generate.source import Source
from parity.generate.values import read
from parity.operations import OPERATIONS, SPAN_ARGUMENTS, Takes
from parity.tests.properties.strategies import cases, texts
from parity.tests.protobuf_messages import CLASSES

CORES = {"reference": reference, "native": driftcore_native}
VALID = ("everyday", "numbers", "hostile-text", "structure", "limits")

both_cores = pytest.mark.parametrize("core", CORES.values(), ids=CORES)


def answer(function: Callable[..., Any], *arguments: object) -> Any:
    """What the function returns; the example is left out where it raises."""
    try:
        return function(*arguments)
    except (ValueError, TypeError, OverflowError, RecursionError, LookupError):
        assume(False)


# ---- text -----------------------------------------------------------------------


@both_cores
@given(text=texts(*VALID))
def test_normalising_is_idempotent(core: ModuleType, text: str) -> None:
    once = answer(core.normalize_json, text)
    assert core.normalize_json(once) == once


@both_cores
@given(text=texts(*VALID))
def test_normalising_changes_neither_hash_nor_struct_bytes(core: ModuleType, text: str) -> None:
    normalized = answer(core.normalize_json, text)
    assert answer(core.deterministic_hash, text) == core.deterministic_hash(normalized)
    struct_bytes = answer(core.object_to_protobuf_struct_bytes, text)
    assert struct_bytes == core.object_to_protobuf_struct_bytes(normalized)


def shuffled(value: Any, order: Callable[[int], int]) -> Any:
    """The same value with the members of every object in another order."""
    if isinstance(value, list):
        return [shuffled(item, order) for item in value]
    if not isinstance(value, dict):
        return value
    left = list(value.items())
    return {
        key: shuffled(item, order) for key, item in (left.pop(order(len(left))) for _ in range(len(left)))
    }


@both_cores
@given(text=texts(*VALID), data=st.data())
def test_hash_does_not_see_the_order_of_keys(core: ModuleType, text: str, data: st.DataObject) -> None:
    expected = answer(core.deterministic_hash, text)
    random = data.draw(st.randoms(use_true_random=False))
    other = json.dumps(shuffled(read(text), random.randrange), ensure_ascii=False)
    assert core.deterministic_hash(other) == expected


@both_cores
@given(text=texts(*VALID))
def test_hash_is_that_of_the_sorted_normal_text(core: ModuleType, text: str) -> None:
    expected = answer(core.deterministic_hash, text)
    written = json.dumps(read(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert hashlib.sha256(written.encode()).hexdigest() == expected


@both_cores
@given(text=texts(*VALID))
def test_processing_agrees_with_the_single_operations(core: ModuleType, text: str) -> None:
    normalized, decoded, value_hash, _, _, struct_bytes = answer(core.process_export_payload, text, None)
    assert normalized == decoded == core.normalize_json(text)
    assert core.normalize_and_hash(text) == (normalized, value_hash)
    assert core.object_to_protobuf_struct_bytes(text) == struct_bytes


# ---- protobuf ---------------------------------------------------------------------

SHALLOW = 30
"""google reads a hundred messages within one another; each level of JSON takes up to three."""


def value_of(message: Any) -> Any:
    """What a google.protobuf.Value says."""
    kind = message.WhichOneof("kind")
    if kind == "struct_value":
        return {key: value_of(item) for key, item in message.struct_value.fields.items()}
    if kind == "list_value":
        return [value_of(item) for item in message.list_value.values]
    return None if kind == "null_value" else getattr(message, kind)


def with_doubles(value: Any) -> Any:
    """A JSON value as a Struct can carry it: every number a double."""
    if isinstance(value, dict):
        return {key: with_doubles(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_doubles(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def same(left: Any, right: Any) -> bool:
    """Equal with NaN equal to itself and zeros told apart by their sign."""
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@both_cores
@given(text=texts("everyday", "numbers", "hostile-text"))
def test_struct_bytes_decode_to_the_value(core: ModuleType, text: str) -> None:
    value = read(text)
    assume(isinstance(value, dict) and text.count("{") + text.count("[") < SHALLOW)
    message: Any = CLASSES["Struct"]()
    message.ParseFromString(answer(core.object_to_protobuf_struct_bytes, text))
    decoded = {key: value_of(item) for key, item in message.fields.items()}
    assert same(decoded, with_doubles(value))
    assert core.object_to_protobuf_struct_field_count(text) == len(message.fields)


def spans_of(source: Source) -> list[Arguments]:
    found = []
    while source.more(2):
        found.append(PROFILES["span-arguments"].make(source)[Takes.SPAN]())
    return found


@both_cores
@given(spans=made(spans_of))
def test_a_request_of_n_spans_parses_into_n(core: ModuleType, spans: list[Arguments]) -> None:
    built = [answer(core.build_span_proto_bytes_pyobject, *span) for span in spans]
    request = core.build_export_spans_request_bytes_pyobject("service", "test", "1", "instance", built)
    parsed = fields(request)
    assert [content for number, content in parsed if number == 5] == built
    texts_found = [content for number, content in parsed if number != 5]
    assert texts_found == [b"service", b"test", b"1", b"instance"]


def fields(data: bytes) -> list[tuple[int, bytes]]:
    """Number and content of each field, all of them length-delimited."""
    found, at = [], 0
    while at < len(data):
        tag, length, at = data[at], 0, at + 1
        for shift in range(0, 70, 7):
            byte, at = data[at], at + 1
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        assert tag & 7 == 2
        found.append((tag >> 3, data[at : at + length]))
        at += length
    return found


# ---- the bridge -------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def switches_unset() -> Iterator[None]:
    """The subject `sdk` sets one for the process that loads it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("TUSK_")]:
            patch.delenv(name)
        yield


@given(case=cases(OPERATIONS["process_export_payload_pyobject"]))
def test_bridge_on_equals_bridge_off_for_payloads(case: Any) -> None:
    """Off, the caller's own path answers, which is what the reference is."""
    expected = answer(reference.process_export_payload_pyobject, *case.arguments())
    processed = bridge.process_export_payload_jsonable(*case.arguments())
    assert processed is not None
    assert repr(tuple(processed.values())) == repr(expected)


@given(case=cases(OPERATIONS["build_span_proto_bytes_pyobject"]))
def test_bridge_on_equals_bridge_off_for_spans(case: Any) -> None:
    expected = answer(reference.build_span_proto_bytes_pyobject, *case.arguments())
    named = dict(zip(SPAN_ARGUMENTS, case.arguments()))
    built = bridge.build_span_proto_bytes(**named)
    assert built is not None and built == expected
    assert bridge.validate_span_proto_bytes(built) is True
