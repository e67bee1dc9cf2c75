"""One case, judged: a right answer does not excuse what a call does to its arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from parity.cases import Case
from parity.compare import CHANGED_ARGUMENTS, NO_WAY, Difference
from parity.judge import CANDIDATE, REFERENCE, Pair, ask_again, judge, judge_lost
from parity.listening import heard
from parity.operations import OPERATIONS
from parity.outcome import Crash, Hang, OutOfMemory, Value
from parity.signature import signature_of
from parity.subjects import Subject, load
from parity.tests.alike import Bytes, counting

PROCESS = OPERATIONS["process_export_payload_pyobject"]


class Liar:
    """Looks the same whatever it holds."""

    def __init__(self) -> None:
        self.hidden: list[int] = []

    def __repr__(self) -> str:
        return "Liar()"


CASE = Case(
    "here",
    "test",
    PROCESS,
    lambda: ({"b": 1, "a": [1.0], "buffer": b"x", "liar": Liar(), "set": {1, "a"}}, None),
)


def careless(change: Any) -> Subject:
    """The reference, but for what it does to the payload when it has its answer."""
    honest = load("reference")
    process = honest.functions[PROCESS.name]

    def answer(payload: Any, merges: Any) -> Any:
        result = process(payload, merges)
        change(payload)
        return result

    return Subject("careless", {PROCESS.name: answer}, honest.provenance)


@pytest.mark.parametrize("candidate_first", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload.update(c=1),
        lambda payload: payload.pop("b"),
        lambda payload: payload.update(b=payload.pop("b")),  # another order
        lambda payload: payload["a"].__setitem__(0, 1),  # an equal value of another type
        lambda payload: payload.update(buffer=bytearray(payload["buffer"])),
        lambda payload: payload.update(buffer=memoryview(payload["buffer"])),
        lambda payload: payload.update(buffer=Bytes(payload["buffer"])),
        lambda payload: payload["liar"].hidden.append(1),  # its repr shows nothing of it
        lambda payload: payload["set"].update({True, 2}),
    ],
)
def test_changed_arguments_are_seen(change: Any, candidate_first: bool) -> None:
    judgement = judge(CASE, Pair(load("reference"), careless(change)), candidate_first)
    assert judgement.difference is not None
    assert judgement.difference.reason == CHANGED_ARGUMENTS


def test_a_changed_argument_is_named_with_the_way_to_the_change() -> None:
    careless_one = careless(lambda payload: payload["a"].__setitem__(0, 1))
    difference = judge(CASE, Pair(load("reference"), careless_one)).difference
    assert difference == Difference("payload.a[0]", CHANGED_ARGUMENTS, 1.0, 1)
    signature = signature_of(PROCESS, Value(1), Value(1), difference)
    assert signature.path == "payload"


def test_what_cannot_be_compared_is_told_as_such() -> None:
    def answering(answer: Any) -> Subject:
        return Subject("x", {PROCESS.name: lambda payload, merges: answer()}, load("reference").provenance)

    judgement = judge(CASE, Pair(answering(counting), answering(counting)))
    assert judgement.difference is not None and judgement.difference.reason == NO_WAY
    assert ask_again(CASE, answering(counting), judgement.expected) is None  # so it is no contradiction
    case = Case("here", "test", PROCESS, lambda: ({"a": counting()}, None))
    difference = judge(case, Pair(answering(int), answering(int))).difference
    assert difference is not None and (difference.path, difference.reason) == ("payload.a", NO_WAY)


@pytest.mark.parametrize("lost", [Crash(11), Crash(0, 3), Hang(5.0), OutOfMemory(1 << 31)])
def test_a_call_that_does_not_return_is_lost(lost: Crash | Hang | OutOfMemory) -> None:
    pair = Pair(load("reference"), careless(lambda payload: None))
    judgement = judge_lost(CASE, pair, CANDIDATE, lost)
    assert judgement.kind == "lost" and judgement.actual is lost
    assert judgement.difference is not None and judgement.difference.reason == "outcome"
    assert judge_lost(CASE, pair, REFERENCE, lost).kind == "no_verdict"


def test_what_is_told_besides_counts_where_subjects_are_listened_to() -> None:
    def talkative(payload: Any, merges: Any) -> Any:
        print("done")
        return load("reference").functions[PROCESS.name](payload, merges)

    pair = Pair(load("reference"), Subject("x", {PROCESS.name: talkative}, load("reference").provenance))
    assert judge(CASE, pair).difference is None
    difference = judge(CASE, replace(pair, observe=heard)).difference
    assert difference == Difference("stdout offset 0", "printed output", "", "done\n", 0)


def test_arguments_left_alone_are_no_difference() -> None:
    assert judge(CASE, Pair(load("reference"), careless(lambda payload: None))).difference is None
