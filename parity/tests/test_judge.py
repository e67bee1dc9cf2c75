"""One case, judged: a right answer does not excuse what a call does to its arguments."""

from __future__ import annotations

from typing import Any

import pytest

from parity.cases import Case
from parity.compare import CHANGED_ARGUMENTS
from parity.judge import Pair, judge
from parity.operations import OPERATIONS
from parity.subjects import Subject, load

PROCESS = OPERATIONS["process_export_payload_pyobject"]
CASE = Case("here", "test", PROCESS, lambda: ({"b": 1, "a": [1.0]}, None))


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
    ],
)
def test_changed_arguments_are_seen(change: Any, candidate_first: bool) -> None:
    judgement = judge(CASE, Pair(load("reference"), careless(change)), candidate_first)
    assert judgement.difference is not None
    assert judgement.difference.reason == CHANGED_ARGUMENTS


def test_arguments_left_alone_are_no_difference() -> None:
    assert judge(CASE, Pair(load("reference"), careless(lambda payload: None))).difference is None
