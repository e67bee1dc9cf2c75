"""The reducer reaches the minimum that can be stated, in few calls, without leaving the input's facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from parity import minimising
from parity.cases import Campaign, generated
from parity.features import features
from parity.generate.objects import Label, Pair, Point, Record, Unprintable, View
from parity.generate.wire import delimited, number_field
from parity.lookup import cases_named
from parity.minimise import Minimised, minimise
from parity.operations import OPERATIONS, Operation
from parity.show import full
from parity.tests.spans import PLAIN_SPAN

TEXT = OPERATIONS["normalize_json"]
MERGES = OPERATIONS["process_export_payload"]
OBJECT = OPERATIONS["process_export_payload_pyobject"]
SPAN = OPERATIONS["build_span_proto_bytes_pyobject"]
REQUEST = OPERATIONS["build_export_spans_request_bytes_pyobject"]

ROW = '{"id": 12, "name" :"Ada \\u0041", "price":19.90,\t"tags":["a","b",[]], "ok":true, "none":null}'
REST = f'"more": {ROW}, "zebra": 1, "apple": [1e16, -0.0, "\\ud800"]'
BIG = f'{{"rows": [{", ".join([ROW] * 20)}], "%s": %s, {REST}}}'


def in_text(check: Callable[[Any], bool]) -> Callable[[tuple[Any, ...]], bool]:
    """Whether some scalar or container in the text's value passes a check."""

    def still(arguments: tuple[Any, ...]) -> bool:
        try:
            return any(map(check, parts(json.loads(arguments[0]))))
        except ValueError:
            return False

    return still


def parts(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        item = pending.pop()
        yield item
        if isinstance(item, dict):
            pending += item.values()
        elif isinstance(item, list):
            pending += item


@pytest.mark.parametrize(
    ("still", "minimum"),
    [
        (lambda arguments: "e+" in str(json.loads(arguments[0])), "9999999999999999.0"),
        (in_text(lambda one: one == 0 and str(one) == "-0.0"), "-0.0"),
        (in_text(lambda one: one is True), "true"),
        (in_text(lambda one: one is None), "null"),
        (in_text(lambda one: one == []), "[]"),
        (in_text(lambda one: one == "\ud800"), '"\ud800"'),
        (in_text(lambda one: isinstance(one, dict) and list(one) != sorted(one)), '{"b":0,"a":0}'),
        (in_text(lambda one: isinstance(one, list) and len(one) > 12), "[0,0,0,0,0,0,0,0,0,0,0,0,0]"),
        (in_text(lambda one: isinstance(one, dict) and "price" in one), '{"price":0}'),
        (in_text(lambda one: one == 19.9), "19.9"),
        (lambda arguments: "19.90" in arguments[0], "19.90"),
        (lambda arguments: "\t" in arguments[0], '{\t"a":0}'),
        (lambda arguments: "\\u0041" in arguments[0], '"\\u0041"'),
    ],
)
def test_text_is_reduced_to_what_it_takes(still: Callable[[tuple[Any, ...]], bool], minimum: str) -> None:
    text = BIG % ("x", '{"x": 1}')
    assert still((text,))
    found = minimise(TEXT, (text,), still, seconds=60)
    assert found.arguments == (minimum,)
    assert found.steady and found.finished and not found.stuck
    assert found.calls < 300


def test_text_that_is_not_json_is_reduced_by_characters() -> None:
    text = BIG % ("x", "[1,]")

    def still(arguments: tuple[Any, ...]) -> bool:
        try:
            json.loads(arguments[0])
        except json.JSONDecodeError as error:
            return (
                error.msg in ("Illegal trailing comma before end of array", "Expecting value")
                and error.pos > 0
            )
        return False

    assert still((text,))
    found = minimise(TEXT, (text,), still, seconds=60)
    assert len(found.arguments[0]) <= 4
    assert found.finished
    assert found.calls < 300


@pytest.mark.parametrize("open_close", [("[", "]"), ('{"k":', "}"), ('[1,{"k":', ',"l":2}]')])
def test_nesting_is_reduced_to_the_limit(open_close: tuple[str, str]) -> None:
    text = open_close[0] * 140 + "0" + open_close[1] * 140

    def still(arguments: tuple[Any, ...]) -> bool:
        return str(arguments[0]).count("[") + str(arguments[0]).count("{") > 127

    found = minimise(TEXT, (text,), still, seconds=60)
    depth = found.arguments[0].count("[") + found.arguments[0].count("{")
    assert depth == 128
    assert '"l"' not in found.arguments[0]


def test_a_number_of_many_digits_costs_few_calls() -> None:
    text = f'{{"a":[1,2,{"7" * 4400}]}}'
    found = minimise(TEXT, (text,), lambda arguments: len(arguments[0]) > 4300, seconds=60)
    assert 4301 <= len(found.arguments[0]) <= 4370
    assert set(found.arguments[0]) == {"1", "0"}
    assert found.calls < 300


PYTHON = {
    "rows": [Record({"a": 1, 1.5: Label("x")}), (1, 2, 3), View({"k": [b"bytes"]})],
    "point": Point(Decimal("1.10"), Pair(Unprintable(), {3})),
    "name": "Ada" * 30,
    "big": 2**70 + 12345,
    "text": "é\ud83d\ude00",
}


def holds(kind: type) -> Callable[[tuple[Any, ...]], bool]:
    return lambda arguments: f"{kind.__name__}(" in full(arguments[0])


@pytest.mark.parametrize(
    ("still", "minimum"),
    [
        (holds(View), "View({'a': 0})"),
        (holds(Label), "Label('')"),
        (holds(Decimal), "Decimal('0')"),
        (holds(Unprintable), "Unprintable()"),
        (holds(Point), "Point(x=0, y=0, tags=0)"),
        (holds(Pair), "Pair(left=0, right=0)"),
        (lambda arguments: "bytes" in full(arguments[0]), "b'bytes'"),
        (lambda arguments: "{3}" in full(arguments[0]), "{3}"),
        (lambda arguments: "1.5:" in full(arguments[0]), "{1.5: 0}"),
        (lambda arguments: "118059162071741" in full(arguments[0]), str(2**70)),
        (lambda arguments: "\\ud83d\\ude00" in full(arguments[0]), "'\\ud83d\\ude00'"),
    ],
)
def test_objects_are_reduced_to_what_it_takes(still: Callable[[tuple[Any, ...]], bool], minimum: str) -> None:
    found = minimise(OBJECT, (PYTHON, {"name": {"encoding": 1}}), still, seconds=60)
    assert full(found.arguments) == f"({minimum}, None)"
    assert found.finished
    assert found.calls < 300


def test_what_was_given_is_not_changed_and_each_call_gets_its_own() -> None:
    given: Any = ({"b": [1, 2], "a": View({"k": [b"x"]})}, {"a": {"encoding": 1}})
    before = full(given)
    seen: list[int] = []
    kept: list[Any] = []

    def still(arguments: tuple[Any, ...]) -> bool:
        assert arguments[0] is not given[0]
        seen.append(id(arguments[0]))
        kept.append(arguments)
        keeps = "b'x'" in full(arguments)
        if isinstance(arguments[0], dict):
            arguments[0].clear()
        return keeps

    found = minimise(OBJECT, given, still)
    assert full(given) == before
    assert full(found.arguments) == "(b'x', None)"
    assert len(set(map(id, kept))) == len(kept)


def test_sharing_and_cycles_are_kept_while_they_matter() -> None:
    shared: list[Any] = [1, 2, {"a": 3}]
    found = minimise(
        OBJECT,
        ({"x": shared, "y": [shared, 7]}, None),
        lambda arguments: "same object twice" in features(OBJECT, arguments),
    )
    assert len(full(found.arguments)) < 40
    assert "same object twice" in features(OBJECT, found.arguments)
    shared.append(shared)
    found = minimise(
        OBJECT, ({"x": shared}, None), lambda arguments: "object within itself" in features(OBJECT, arguments)
    )
    assert full(found.arguments) == "([[...]], None)"


def test_span_arguments_go_to_their_plainest() -> None:
    odd = {
        **PLAIN_SPAN,
        "trace_id": "a" * 32,
        "kind": 3,
        "input_schema": {
            "type": 6,
            "properties": {"a": {"type": 6, "properties": {"": {}, "b": {"type": 2}}}},
        },
        "timestamp_seconds": 1_700_000_000,
        "timestamp_nanos": 123_456_789,
        "metadata": {"k": "v"},
        "input_value": {"rows": [{"price": 19.99}] * 10},
    }

    def lost_nanos(arguments: tuple[Any, ...]) -> bool:
        return int(arguments[21]) % 1000 != 0

    found = minimise(SPAN, tuple(odd.values()), lost_nanos)
    assert found.arguments == tuple({**PLAIN_SPAN, "timestamp_nanos": 1}.values())
    assert found.calls < 100

    def empty_entry(arguments: tuple[Any, ...]) -> bool:
        return "'': {}" in full(arguments[10])

    found = minimise(SPAN, tuple(odd.values()), empty_entry)
    assert full(found.arguments[10]) == "{'properties': {'': {}}}"
    assert found.arguments[11:] == tuple(PLAIN_SPAN.values())[11:]


def test_span_bytes_are_reduced_by_their_fields() -> None:
    struct_field = delimited(1, delimited(1, b"k") + delimited(2, delimited(3, b"v" * 200)))
    span = delimited(1, b"t" * 32) + delimited(9, struct_field * 3) + number_field(19, 1, padding=3)
    spans = [span, b"", delimited(4, b"name"), span]

    def padded(arguments: tuple[Any, ...]) -> bool:
        return any(b"\x98\x01\x81" in one for one in arguments[4])

    found = minimise(REQUEST, ("service", "env", "1", "i", spans), padded)
    assert found.arguments == ("", "", "", "", [b"\x98\x01\x81\x80\x80\x00"])

    def nested(arguments: tuple[Any, ...]) -> bool:
        return any(b"\x0a\x01k" in one for one in arguments[4])

    found = minimise(REQUEST, ("service", "env", "1", "i", spans), nested)
    assert found.arguments == ("", "", "", "", [b"\x4a\x05\x0a\x03\x0a\x01k"])
    assert found.calls < 300


def test_merges_and_payload_keep_their_common_key() -> None:
    payload = '{"Content-Type":"aGVsbG8=","x":[1,2,3]}'
    merges = '{"x":{"match_importance":0.5},"Content-Type":{"encoding":1,"decoded_type":1}}'

    def still(arguments: tuple[Any, ...]) -> bool:
        try:
            value, rules = json.loads(arguments[0]), json.loads(arguments[1])
            return any(rules[key]["encoding"] == 1 for key in value if isinstance(value[key], str))
        except (ValueError, TypeError, KeyError):
            return False

    assert minimise(MERGES, (payload, merges), still).arguments == ('{"a":""}', '{"a":{"encoding":1}}')


def test_an_input_that_does_not_fail_again_is_stuck() -> None:
    found = minimise(TEXT, ("[1, 2]",), lambda arguments: False)
    assert found.stuck and not found.steady and not found.finished
    assert found.arguments == ("[1, 2]",)


def test_an_input_that_fails_at_times_is_not_steady() -> None:
    turns = iter(range(10**6))
    found = minimise(TEXT, ('{"a": [1, 2, 3]}',), lambda arguments: next(turns) % 2 == 0, seconds=60)
    assert not found.stuck and not found.steady


class Ticking:
    """A clock that gains a second with each look at it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_time_ends_it_with_the_best_so_far() -> None:
    text = BIG % ("x", "[1, 2]")

    def short(seconds: float) -> Minimised:
        return minimise(TEXT, (text,), in_text(lambda one: one is True), seconds=seconds, clock=Ticking())

    early, late = short(4.0), short(1e6)
    assert not early.finished and late.finished
    assert len(late.arguments[0]) < len(early.arguments[0]) < len(text)
    assert early.calls < late.calls


def test_an_exception_of_the_caller_passes_through() -> None:
    def still(arguments: tuple[Any, ...]) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        minimise(TEXT, ("1",), still)


def test_same_question_same_answer() -> None:
    for case in Campaign([OBJECT, SPAN, REQUEST], 3, 20):
        facts = features(case.operation, case.arguments())
        fact = max(facts, default="")

        def still(arguments: tuple[Any, ...], case: Any = case, fact: str = fact) -> bool:
            return not fact or fact in features(case.operation, arguments)

        one, other = (minimise(case.operation, case.arguments(), still, seconds=60) for _ in range(2))
        assert full(one.arguments) == full(other.arguments)
        assert one.calls == other.calls


def has_fact(operation: Operation, fact: str, arguments: tuple[Any, ...]) -> bool:
    return fact in features(operation, arguments)


@pytest.mark.parametrize("operation", [TEXT, MERGES, OBJECT, SPAN, REQUEST], ids=lambda one: str(one.name))
def test_a_minimal_input_has_no_facts_its_origin_lacks_and_few_nodes(operation: Any) -> None:
    """For any single fact as the fault; deep and wide inputs need their size and are left out."""
    large = ("nesting over", "over 100", "long string", "int of over 640", "int beyond double")
    seen: set[str] = set()
    plain = len(full(tuple(PLAIN_SPAN.values()))) if operation is SPAN else 0
    for case in Campaign([operation], 7, 150 if operation in (TEXT, MERGES, OBJECT) else 20):
        facts = features(operation, case.arguments())
        for fact in sorted(facts - seen):
            seen.add(fact)
            if fact.startswith(large):
                continue
            found = minimise(operation, case.arguments(), partial(has_fact, operation, fact), seconds=60)
            assert fact in features(operation, found.arguments) <= facts
            assert len(full(found.arguments)) - plain < 130, (fact, found.arguments)
    assert len(seen) > 10


def test_where_steps_on_the_value_run_out_of_time_fewer_choices_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = next(
        case
        for index in range(500)
        for case in generated("numbers", 0, index, [OPERATIONS["normalize_json"]])
        if "1e16" in str(case.arguments()[0]) and len(str(case.arguments()[0])) > 60
    )
    seconds_given = []

    def without_time_at_first(
        operation: Operation, arguments: Any, still: Any, *, seconds: float
    ) -> Minimised:
        seconds_given.append(seconds)
        return minimise(operation, arguments, still, seconds=60.0 if len(seconds_given) > 1 else 0.0)

    monkeypatch.setattr(minimising, "minimise", without_time_at_first)
    small = minimising.made_small(case, lambda arguments: "1e16" in str(arguments[0]), 60.0)
    assert small.arguments == ("1e16",)
    assert small.finished and small.steady and small.calls > 12
    assert seconds_given == [60.0, 30.0]


def test_a_recorded_case_is_left_where_it_sticks() -> None:
    [case] = cases_named("recorded:0:normalize_json")
    small = minimising.made_small(case, lambda arguments: True, 0.0)
    assert small.arguments == case.arguments() and not small.finished


def test_fewer_choices_give_an_input_no_facts_it_did_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    [case] = generated("numbers", 0, 1, [OPERATIONS["normalize_json"]])
    asked: dict[str, bool] = {}

    def from_other_choices(case: Any, still: Any, *, calls: int, seconds: float) -> None:
        for text in ('{"a":"\\ud800"}', case.arguments()[0]):
            asked[text] = still((text,))

    monkeypatch.setattr(minimising, "shrink_with_hypothesis", from_other_choices)
    minimising.made_small(case, lambda arguments: True, 0.0)
    assert asked == {'{"a":"\\ud800"}': False, case.arguments()[0]: True}
