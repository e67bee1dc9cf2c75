"""Each declared divergence still is one, and none explains more than it says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from driftcore.reference import object_to_protobuf_struct_bytes

from parity.cases import Case
from parity.divergences import DIVERGENCES, PROCESSING, REQUEST, SPAN, declared_for
from parity.engine import judge
from parity.operations import OPERATIONS, SPAN_ARGUMENTS
from parity.subjects import Subject, load

pytest.importorskip("drift", reason="upstream's SDK is not installed")

TEXT_PROCESSING, OBJECT_PROCESSING = PROCESSING

PLAIN_SPAN: Mapping[str, Any] = {
    **dict.fromkeys(SPAN_ARGUMENTS, ""),
    "name": "GET /",
    "package_type": 1,
    "environment": None,
    "kind": 2,
    "input_schema": {"type": 6, "properties": {}},
    "output_schema": {"type": 6, "properties": {}},
    "status_code": 1,
    "is_pre_app_start": False,
    "is_root_span": True,
    "timestamp_seconds": 1_700_000_000,
    "timestamp_nanos": 500_000_000,
    "duration_seconds": 0,
    "duration_nanos": 1_000_000,
    "metadata": None,
    "input_value": {"a": 1},
    "output_value": None,
    "input_value_proto_struct_bytes": None,
    "output_value_proto_struct_bytes": None,
}


def case(operation: str, *arguments: object) -> Case:
    return Case("example", "example", OPERATIONS[operation], lambda: arguments)


def span(**changes: object) -> Case:
    return case(SPAN, *{**PLAIN_SPAN, **changes}.values())


def tower(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"a": value}
    return value


def struct_bytes(value: object) -> bytes:
    return object_to_protobuf_struct_bytes(json.dumps(value))


EXAMPLES = [
    ("argument-types", case("normalize_json", b"{}")),
    ("argument-types", case(TEXT_PROCESSING, "{}", b"{}")),
    ("argument-types", case(OBJECT_PROCESSING, {}, [])),
    ("argument-types", span(is_root_span=1)),
    ("argument-types", case(REQUEST, "", "", "", "", ())),
    ("merges-validated", case(TEXT_PROCESSING, '{"a":1}', '{"a":{"encoding":true}}')),
    ("merges-validated", case(OBJECT_PROCESSING, {"a": 1}, {"a": {"match_importance": float("nan")}})),
    ("recursion", span(input_value=tower(150))),
    ("enum-message", span(kind=6)),
    ("int-width", span(duration_nanos=2**31)),
    ("odd-members", span(input_value={1: "a"})),
    ("odd-members", span(input_schema={"properties": {"a": 1}})),
    ("odd-members", span(output_schema={"match_importance": "1"})),
    ("times-out-of-range", span(timestamp_seconds=253_402_300_800)),
    ("times-out-of-range", span(duration_seconds=2**62)),
    ("times-truncated", span(timestamp_nanos=123_456_789)),
    ("times-truncated", span(duration_seconds=-1, duration_nanos=500_000_000)),
    ("empty-map-entry", span(input_schema={"type": 6, "properties": {"": {}}})),
    ("struct-reencoded", span(input_value_proto_struct_bytes=b"\x0a\x07\x12\x02\x20\x01\x0a\x01a")),
    (
        "struct-reencoded",
        span(input_value={"a": 10**400}, input_value_proto_struct_bytes=struct_bytes(tower(150))),
    ),
    ("struct-malformed", span(input_value_proto_struct_bytes=b"\x0a")),
    ("span-malformed", case(REQUEST, "", "", "", "", [b"\x0a\x05ab"])),
    ("request-reencoded", case(REQUEST, "", "", "", "", [b"\x12\x01b\x0a\x01a"])),
]


@pytest.mark.parametrize(("divergence", "example"), EXAMPLES)
def test_divergence_still_diverges(divergence: str, example: Case) -> None:
    judgement = judge(example, load("reference"), load("sdk"), declared_for("sdk"))
    assert judgement.difference is not None
    assert judgement.explained_by is not None
    assert judgement.explained_by.id == divergence


def test_every_divergence_has_an_example() -> None:
    assert {divergence for divergence, _ in EXAMPLES} == {divergence.id for divergence in DIVERGENCES}


def test_plain_span_does_not_diverge() -> None:
    assert judge(span(), load("reference"), load("sdk"), ()).difference is None


def with_bug(sdk: Subject, bug: Callable[[bytes], bytes]) -> Subject:
    """Upstream whose span bytes go through a bug."""

    def build(*arguments: object) -> bytes:
        data = sdk.functions[SPAN](*arguments)
        assert isinstance(data, bytes)
        return bug(data)

    return replace(sdk, functions={**sdk.functions, SPAN: build})


@pytest.mark.parametrize(
    "example",
    [
        span(),
        span(timestamp_nanos=123_456_789),
        span(input_schema={"type": 6, "properties": {"": {}}}),
        span(input_value_proto_struct_bytes=b"\x0a\x07\x12\x02\x20\x01\x0a\x01a"),
    ],
    ids=["plain", "times-truncated", "empty-map-entry", "struct-reencoded"],
)
def test_bug_beside_a_declared_divergence_is_a_mismatch(example: Case) -> None:
    """The bug is in the span's name, which no divergence accounts for."""
    broken = with_bug(load("sdk"), lambda data: data.replace(b"GET /", b"GET ."))
    assert judge(example, load("reference"), broken, declared_for("sdk")).is_mismatch


@pytest.mark.parametrize("number", [b"\xa2\x01", b"\xaa\x01"], ids=["timestamp", "duration"])
def test_lost_time_is_a_mismatch_where_upstream_is_exact(number: bytes) -> None:
    broken = with_bug(load("sdk"), lambda data: data.replace(number, b"\xca\x01"))
    assert judge(span(), load("reference"), broken, declared_for("sdk")).is_mismatch


def test_nothing_is_declared_for_another_candidate() -> None:
    assert declared_for("native") == declared_for("rust") == ()
