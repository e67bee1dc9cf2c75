"""claims.toml is read strictly, and the one of this checkout covers what it has to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from bench.claims import evidence
from bench.claims.loader import Metric, Statistic, load, parse
from bench.claims.several import BadClaims
from parity.operations import OPERATIONS

GOOD: dict[str, Any] = {
    "id": "fast",
    "sentence": "It is fast.",
    "metric": "time",
    "operation": "normalize_json",
    "subject": "native",
    "reference": "rust",
    "payloads": ["empty", "rows-4k"],
    "statistic": "geometric mean",
    "floor": 10.0,
    "machine": "any",
    "budget": "quick",
}
GENERATED = {"profile": "numbers", "seed": 1, "inputs": 20}
LIBRARY = {"metric": "peak memory", "reference": "input", "statistic": None, "floor": None, "ceiling": 4.0}
SCENARIO = {
    "metric": "process time",
    "scenario": "replay",
    "reference": "python",
    "operation": None,
    "payloads": None,
    "statistic": None,
}


def document(*changes: dict[str, Any]) -> dict[str, Any]:
    """Claims like the good one with changes; None takes a field out."""
    claims = [
        {name: value for name, value in {**GOOD, **one}.items() if value is not None} for one in changes
    ]
    return {"format": 2, "claim": claims}


def refused(change: dict[str, Any]) -> str:
    with pytest.raises(BadClaims) as error:
        parse(document(change), "claims.toml")
    return str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"payloads": None, **GENERATED},
        {"floor": None, "ceiling": 2.0},
        {"statistic": "growth", "payloads": ["records"], "floor": None, "ceiling": 0.2},
        {"reference": "orjson"},
        LIBRARY,
        {**LIBRARY, "metric": "instructions"},
        {**LIBRARY, "metric": "allocations", "reference": None},
        SCENARIO,
    ],
)
def test_a_good_claim_is_read(change: dict[str, Any]) -> None:
    (spec,) = parse(document(change), "claims.toml")
    assert spec.id == "fast"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"flor": 3}, "unknown field 'flor'"),
        ({**SCENARIO, "payloads": ["empty"]}, "unknown field 'payloads' for process time"),
        ({"sentence": None}, "has no 'sentence'"),
        ({"budget": None}, "has no 'budget'"),
        ({"floor": None}, "needs either a floor or a ceiling"),
        ({"ceiling": 3.0}, "needs either a floor or a ceiling"),
        ({"floor": "ten"}, "is not a number"),
        ({"floor": -1}, "is not a number of at least 0"),
        ({"floor": math.nan}, "is not a number of at least 0"),
        ({"floor": math.inf}, "is not a number of at least 0"),
        ({"metric": []}, "metric [] is none of time"),
        ({"sentence": 1}, "sentence: 1 is not of type str"),
        ({"operation": {}}, "operation: {} is not of type str"),
        ({"payloads": "rows-4k"}, "'rows-4k' is none of [payloads]"),
        ({"payloads": [1]}, "payloads[0]: 1 is not of type str"),
        ({"payloads": None, **GENERATED, "seed": 1.5}, "seed: 1.5 is not of type int"),
        ({"payloads": None, **GENERATED, "inputs": 10**9}, "is not a number from 1 to 100,000"),
        ({"payloads": None, **GENERATED, "inputs": 0}, "is not a number from 1 to 100,000"),
        ({"metric": "joules"}, "metric 'joules' is none of time"),
        ({"statistic": "mean"}, "statistic 'mean' is none of"),
        ({"budget": "daily"}, "budget 'daily' is none of quick, release"),
        ({"operation": "normalise"}, "no operation 'normalise'"),
        ({"payloads": ["rows-5k"]}, "no payload 'rows-5k'"),
        ({"statistic": "growth"}, "no payload 'empty'"),
        ({"statistic": "growth", "payloads": ["records", "keys"]}, "one kind of ladder"),
        ({"payloads": None}, "needs either payloads or profile"),
        ({**GENERATED}, "needs either payloads or profile"),
        ({"payloads": None, "profile": "numbers"}, "profile, seed and inputs together"),
        ({"payloads": None, **GENERATED, "profile": "spans"}, "no profile 'spans'"),
        ({"reference": None}, "needs a reference"),
        ({"reference": "sha256"}, "sha256 is no limit of normalize_json"),
        ({**SCENARIO, "scenario": "sleep"}, "no scenario 'sleep'"),
        ({**SCENARIO, "reference": "off"}, "replay has no variant 'off'"),
        ({**LIBRARY, "reference": "rust"}, "the reference can only be 'input'"),
    ],
)
def test_anything_else_is_refused_by_name(change: dict[str, Any], complaint: str) -> None:
    assert complaint in refused(change)
    assert "claims.toml: claim 'fast'" in refused(change)


def test_two_claims_of_one_id_are_refused() -> None:
    with pytest.raises(BadClaims, match="two claims have the id 'fast'"):
        parse(document({}, {}), "claims.toml")


@pytest.mark.parametrize(
    "top",
    [{}, {"format": 1}, {"format": 2, "claims": []}, {"format": 2, "claim": 3}, {"format": 2, "claim": [3]}],
)
def test_the_top_of_the_file_is_strict_too(top: dict[str, Any]) -> None:
    with pytest.raises(BadClaims):
        parse(top, "claims.toml")


def test_the_claims_of_this_checkout_are_good_and_cover_every_operation() -> None:
    specs = load()
    assert {spec.operation for spec in specs if spec.metric is Metric.TIME} == set(OPERATIONS)
    grown = {spec.operation for spec in specs if spec.statistic is Statistic.GROWTH}
    assert grown == set(OPERATIONS), "each operation must not lose on large input"


def test_a_pattern_of_machine_classes() -> None:
    (spec,) = parse(document({}), "claims.toml")
    assert spec.is_for("x86_64_anything")
    assert replace(spec, machine="x86_64_*").is_for("x86_64_amd_2cores_python3.11")
    assert not replace(spec, machine="aarch64_*").is_for("x86_64_amd_2cores_python3.11")


def test_tasks_of_a_claim_name_their_inputs() -> None:
    def inputs(change: dict[str, Any]) -> list[str]:
        (spec,) = parse(document(change), "claims.toml")
        return [task.input for task in evidence.tasks(spec)]

    assert inputs({}) == ["empty", "rows-4k"]
    span = {"operation": "build_span_proto_bytes_pyobject", "form": "struct bytes"}
    assert inputs(span) == ["empty+struct_bytes", "rows-4k+struct_bytes"]
    growth = {"statistic": "growth", "payloads": ["keys"], "floor": None, "ceiling": 0.2}
    assert inputs(growth)[:2] == ["keys@32", "keys@128"]
    generated = inputs({"payloads": None, **GENERATED})
    assert len(generated) == len(set(generated)) == 20
    assert all(":numbers:1:" in name and name.endswith(":normalize_json") for name in generated)
    assert inputs(LIBRARY) == []


SEVERAL: dict[str, Any] = {
    "format": 2,
    "defaults": {"metric": "time", "subject": "native", "machine": "any", "budget": "quick"},
    "payloads": {"small": ["empty", "http-0.4k"]},
    "names": {
        "hash": {"operation": "deterministic_hash", "payloads": "small"},
        "span": {"operation": "build_span_proto_bytes_pyobject", "form": "struct bytes", "payloads": "small"},
    },
    "claim": [
        {
            "id": "$name-fast",
            "sentence": "$operation is $bound times as fast.",
            "reference": "rust",
            "floor": 2,
            "each": {"hash": {"floor": 6.5}, "span": {"payloads": ["rows-4k"]}},
        }
    ],
}


def test_one_table_stands_for_a_claim_of_each_name() -> None:
    hashing, span = parse(SEVERAL, "claims.toml")
    assert (hashing.id, hashing.bound, hashing.payloads) == ("hash-fast", 6.5, ("empty", "http-0.4k"))
    assert hashing.sentence == "deterministic_hash is 6.5 times as fast."
    assert (span.id, span.bound, span.payloads) == ("span-fast", 2.0, ("rows-4k",))
    assert span.sentence == "build_span_proto_bytes_pyobject, given struct bytes, is 2 times as fast."


def test_a_list_of_names_is_enough_where_they_have_nothing_of_their_own() -> None:
    listed = {**SEVERAL["claim"][0], "each": ["span", "hash"]}
    assert [one.id for one in parse({**SEVERAL, "claim": [listed]}, "")] == ["span-fast", "hash-fast"]


@pytest.mark.parametrize(
    ("top", "claim", "complaint"),
    [
        ({}, {"each": ["hsah"]}, "'hsah' is none of [names]; there are hash, span"),
        ({}, {"each": 3}, "`each` is a list of names, or a table"),
        ({}, {"each": {"hash": 3}}, "`each` is a list of names, or a table"),
        ({}, {"payloads": "smal"}, "'smal' is none of [payloads]; there are small"),
        ({}, {"sentence": "$operaton is fast."}, "names something else than $name, $operation, $bound"),
        ({}, {"sentence": "It costs 3$."}, "names something else than $name, $operation, $bound"),
        ({"names": {"hash": 3, "span": {}}}, {}, "hash is no table"),
        ({"defaults": 3}, {}, "defaults is no table"),
        ({}, {"id": "fast"}, "two claims have the id 'fast'"),
    ],
)
def test_what_stands_for_several_is_strict_too(
    top: dict[str, Any], claim: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadClaims) as error:
        parse({**SEVERAL, **top, "claim": [{**SEVERAL["claim"][0], **claim}]}, "claims.toml")
    assert complaint in str(error.value)
