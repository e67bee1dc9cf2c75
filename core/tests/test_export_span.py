"""`export_span` is the three calls it stands for, and fails as they do, in their order."""

from __future__ import annotations

import json
import random
from types import ModuleType
from typing import Any

import pytest

from .failures import failure, told
from .span_arguments import FROM_TEXT, PLAIN, PLAIN_EXPORT, export_arguments


def export(core: ModuleType, **changed: Any) -> tuple[Any, ...]:
    """A subject's answer; the span is verified by the same subject."""
    result: tuple[Any, ...] = core.export_span(*export_arguments(**changed))
    core.verify_span(result[0])
    return result


def three_calls(core: ModuleType, **changed: Any) -> tuple[Any, ...]:
    """The same from two payloads and a span, each on its own."""
    given = {**PLAIN_EXPORT, **changed}
    sides = [
        core.process_export_payload(given[f"{side}_json"], given[f"{side}_schema_merges_json"])
        for side in ("input", "output")
    ]
    metadata = given["metadata_json"]
    hashes = [[side[2] for side in sides], [side[4] for side in sides]]
    found = (
        json.loads(sides[0][3]),
        json.loads(sides[1][3]),
        *hashes[1],
        *hashes[0],
        None if metadata is None else json.loads(metadata),
        None,
        None,
        sides[0][5],
        sides[1][5],
    )
    fields = {name: given[name] for name in PLAIN if name not in FROM_TEXT}
    fields.update(zip(FROM_TEXT, found))
    span = core.build_span_proto_bytes_pyobject(**fields)
    return (span, *hashes[0], *hashes[1], sides[0][3], sides[1][3], sides[0][5], sides[1][5])


PAYLOADS = (
    "{}",
    "[]",
    "null",
    '"text"',
    '{"b":[{"é":1.50,"a":null},{"a":2}],"a":{"x":true},"":""}',
    '{"a":1,"b":{"c":[[],{}]},"a":"\\u00e9\\n"}',
    '{"k":"eyJhIjpbMSwiXHUwMGU5Il19","j":"[1,{}]","n":12345678901234567890,"f":-0.0}',
    " [ { } , 1e5 ] ",
    '{"n":[NaN,Infinity,-Infinity,1e400]}',
    "{" + ",".join(f'"key {i}":{{"v":{i}}}' for i in range(60)) + "}",
    '{"text":"' + "ab\\n" * 3000 + '"}',
)
MERGES = (
    None,
    "{}",
    '{"k":{"encoding":1,"decoded_type":1,"match_importance":0.25},"j":{"decoded_type":1}}',
    '{"key 3":{"match_importance":1},"b":{"encoding":0},"a":{"decoded_type":24},"none":{}}',
)
METADATA = (None, "{}", '{"a":null,"b":{"c":null},"é":[1,"x"]}')


def test_it_is_the_three_calls(core: ModuleType) -> None:
    source = random.Random("export_span")
    for payload in PAYLOADS:
        for merges in MERGES:
            changed = {
                "input_json": payload,
                "input_schema_merges_json": merges,
                "output_json": source.choice(PAYLOADS),
                "output_schema_merges_json": source.choice(MERGES),
                "metadata_json": source.choice(METADATA),
                "trace_id": source.choice(("", "t", "é" * 70)),
                "environment": source.choice((None, "", "test")),
                "status_code": source.randrange(3),
                "timestamp_seconds": source.choice((0, -1, 2**40)),
            }
            assert export(core, **changed) == three_calls(core, **changed)


def test_a_payload_is_the_same_on_both_sides(core: ModuleType) -> None:
    for payload in PAYLOADS:
        for merges in MERGES:
            result = export(
                core,
                input_json=payload,
                output_json=payload,
                input_schema_merges_json=merges,
                output_schema_merges_json=merges,
            )
            assert all(result[place] == result[place + 1] for place in (1, 3, 5, 7))


def test_native_answers_by_itself(native: ModuleType) -> None:
    before = native.punts()
    for payload in PAYLOADS:
        for merges in MERGES:
            export(native, input_json=payload, output_schema_merges_json=merges, metadata_json=METADATA[2])
    assert native.punts() == before


def test_one_call_leaves_nothing_for_the_next(core: ModuleType) -> None:
    first = export(core, input_json=PAYLOADS[4], metadata_json=METADATA[2])
    export(core, input_json=PAYLOADS[9], output_json=PAYLOADS[10], output_schema_merges_json=MERGES[2])
    assert export(core, input_json=PAYLOADS[4], metadata_json=METADATA[2]) == first
    failure(core.export_span, *export_arguments(output_json="{"))
    assert export(core, input_json=PAYLOADS[4], metadata_json=METADATA[2]) == first


# ---- failures -----------------------------------------------------------------------------------

BIG = "9" * 400  # no double
# From the first step that can fail to the last, each with what it says.
STEPS: list[tuple[dict[str, Any], str]] = [
    ({"input_json": b"{}"}, "input_json must be str, not bytes"),
    ({"input_schema_merges_json": {}}, "input_schema_merges_json must be str or None, not dict"),
    ({"output_json": None}, "output_json must be str, not NoneType"),
    ({"output_schema_merges_json": 1}, "output_schema_merges_json must be str or None, not int"),
    ({"metadata_json": {}}, "metadata_json must be str or None, not dict"),
    ({"input_json": "[1"}, "Expecting ',' delimiter: line 1 column 3 (char 2)"),
    ({"input_schema_merges_json": "[]"}, "input_schema_merges_json must be an object of objects, not list"),
    ({"output_json": ""}, "Expecting value: line 1 column 1 (char 0)"),
    (
        {"output_schema_merges_json": '{"k":5}'},
        "output_schema_merges_json['k'] must be an object, not int",
    ),
    ({"metadata_json": ""}, "Expecting value: line 1 column 1 (char 0)"),
    ({"metadata_json": "[]"}, "metadata_json must be an object, not list"),
    ({"trace_id": 1}, "trace_id must be str, not int"),
    ({"package_type": 12}, "package_type must be from 0 to 11, not 12"),
    ({"is_root_span": 1}, "is_root_span must be bool, not int"),
    ({"duration_nanos": 2**31}, "duration_nanos does not fit in 32 bits"),
]


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_the_first_step_that_fails_is_told(core: ModuleType, step: int) -> None:
    later: dict[str, Any] = {}
    for changed, _ in reversed(STEPS[step:]):
        later.update(changed)
    assert told(core.export_span, *export_arguments(**later))[1] == STEPS[step][1]


def test_a_big_int_is_told_of_its_payload_and_of_the_metadata(core: ModuleType) -> None:
    for name in ("input_json", "output_json", "metadata_json"):
        raised = failure(core.export_span, *export_arguments(**{name: f'{{"a":{BIG}}}'}))
        assert type(raised) is OverflowError


def test_lone_surrogates_are_refused(core: ModuleType) -> None:
    for changed in (
        {"input_json": '{"a":"\\ud800"}'},
        {"output_json": '{"\ud800":1}'},
        {"metadata_json": '{"a":"\\udc00"}'},
        {"name": "\ud800"},
    ):
        raised = failure(core.export_span, *export_arguments(**changed))
        assert type(raised) is UnicodeEncodeError


def test_subclasses_of_str_and_int_are_as_good(core: ModuleType) -> None:
    class Name(str):
        pass

    class Number(int):
        pass

    plain = {"name": "n", "kind": 2, "input_json": '{"a":1}', "metadata_json": '{"m":1}'}
    changed = {
        "name": Name("n"),
        "kind": Number(2),
        "input_json": Name('{"a":1}'),
        "metadata_json": Name('{"m":1}'),
    }
    assert export(core, **changed) == export(core, **plain)


def test_payloads_may_nest_as_deep_as_python_reads(core: ModuleType) -> None:
    for depth in (100, 200, 201, 300):
        text = '{"a":' * depth + "1" + "}" * depth
        assert export(core, input_json=text, output_json=text) == three_calls(
            core, input_json=text, output_json=text
        )
