"""Candidates are called on small stacks and near the recursion limit, and have to answer there."""

from __future__ import annotations

import _thread
import json
import sys
from dataclasses import replace
from typing import Any

import pytest

from parity import cases
from parity.cases import Case
from parity.generate.profiles import PROFILES
from parity.judge import Pair, judge
from parity.judgement_text import judgement_text
from parity.operations import OPERATIONS
from parity.outcome import Error, Value
from parity.subjects import Subject, load
from parity.surroundings import CALLS_TO_THE_REFERENCE, USUAL, Surroundings

NORMALIZE = OPERATIONS["normalize_json"]
LOW = Surroundings(limit=100)
NARROW = Surroundings(stack=32)


def depth() -> int:
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


def a_case(text: str, within: Surroundings) -> Case:
    return Case("here", "test", NORMALIZE, lambda: (text,), within)


def standing(calls: int) -> Subject:
    """The reference, so many calls deeper."""
    honest = load("reference")

    def normalize(text: Any, left: int = calls) -> Any:
        return normalize(text, left - 1) if left else honest.functions[NORMALIZE.name](text)

    return Subject("deep", {NORMALIZE.name: normalize}, honest.provenance)


def test_a_function_is_called_there_and_all_is_put_back() -> None:
    limit, stack = sys.getrecursionlimit(), _thread.stack_size()
    told = Surroundings(stack=64, limit=55).around(lambda: (sys.getrecursionlimit(), depth() < 8))()
    assert told == (55, True)
    assert (sys.getrecursionlimit(), _thread.stack_size()) == (limit, stack)


def test_an_error_comes_out_and_all_is_put_back() -> None:
    def endless() -> None:
        endless()

    limit = sys.getrecursionlimit()
    with pytest.raises(RecursionError) as raised:
        LOW.around(endless)()
    assert raised.value.__context__ is None
    assert sys.getrecursionlimit() == limit


def test_usual_surroundings_are_none() -> None:
    assert USUAL.around(depth) is depth


def test_each_surroundings_comes_in_turn_with_whatever_is_drawn() -> None:
    places = PROFILES["confined"].surroundings
    assert {place.stack for place in places} >= {0, 32, 64, 128}
    assert len({place.limit for place in places}) > 3
    for index in range(2 * len(places)):
        for case in cases.generated("confined", 5, index, list(OPERATIONS.values())):
            assert case.within == places[index % len(places)]
            [again] = cases.from_id(case.id)
            assert again.within == case.within


def test_other_profiles_are_called_as_usual() -> None:
    [case] = cases.generated("everyday", 0, 0, [NORMALIZE])
    assert case.within == USUAL


@pytest.mark.parametrize("calls", [0, CALLS_TO_THE_REFERENCE - 2])
@pytest.mark.parametrize("text", ["[1]", "[" * 70 + "]" * 70, "[" * 90 + "]" * 90, "[" * 300 + "]" * 300])
def test_a_recursion_error_is_let_pass_where_the_reference_has_it_too(text: str, calls: int) -> None:
    judgement = judge(a_case(text, LOW), Pair(load("reference"), standing(calls)))
    assert judgement.difference is None


def test_what_the_reference_makes_of_a_recursion_error_is_let_pass_too() -> None:
    """A text that is not decoded stays as it is."""
    process = OPERATIONS["process_export_payload"]
    text = json.dumps({"k": "[" * 70 + "]" * 70})
    case = Case("here", "test", process, lambda: (text, '{"k":{"decoded_type":1}}'))
    pair = Pair(load("reference"), load("reference"))
    [usual] = {str(judge(case, pair).actual)}
    answers = set()
    for limit in range(60, 140, 4):
        judgement = judge(replace(case, within=Surroundings(limit=limit)), pair)
        assert judgement.difference is None
        answers.add(str(judgement.actual))
    assert len(answers - {usual}) > 0


def test_a_recursion_error_where_the_reference_answers_is_a_mismatch() -> None:
    judgement = judge(a_case("[1]", LOW), Pair(load("reference"), standing(110)))
    assert isinstance(judgement.expected, Value)
    assert isinstance(judgement.actual, Error)
    assert judgement.difference is not None
    assert judge(a_case("[1]", USUAL), Pair(load("reference"), standing(110))).difference is None


def test_an_answer_where_the_reference_has_a_recursion_error_is_right() -> None:
    text = "[" * 200 + "]" * 200
    judgement = judge(a_case(text, LOW), Pair(load("reference"), load("native")))
    assert judgement.difference is None
    assert judgement.kind == "both_value"


def test_another_answer_is_a_mismatch_there_as_anywhere() -> None:
    honest = load("reference")
    wrong = Subject("wrong", {NORMALIZE.name: lambda text: "no"}, honest.provenance)
    assert judge(a_case("[1]", NARROW), Pair(honest, wrong)).difference is not None


def test_a_case_in_full_says_where_it_is_called() -> None:
    case = a_case("[1]", Surroundings(stack=32, limit=60))
    judgement = judge(case, Pair(load("reference"), load("native")))
    text = judgement_text(case, judgement, ("reference", "native"), None, {}, "again")
    assert "case here\ncalled with 32 KiB of stack and a recursion limit of 60\n" in text
    text = judgement_text(replace(case, within=USUAL), judgement, ("reference", "native"), None, {}, "again")
    assert "called with" not in text


def test_a_stack_below_the_least_that_there_is_is_the_least() -> None:
    """Python 3.14 lets no thread have 32 KiB."""
    assert Surroundings(stack=1).around(lambda: 7)() == 7
