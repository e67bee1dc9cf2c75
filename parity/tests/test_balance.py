"""What a call keeps is seen; what it gives back is not blamed."""

from __future__ import annotations

from typing import Any

import pytest

from parity.balance import SETTLING_CALLS, imbalance
from parity.cases import Case
from parity.operations import OPERATIONS
from parity.subjects import Subject, load

PROCESS = OPERATIONS["process_export_payload_pyobject"]
CASE = Case("here", "test", PROCESS, lambda: ({"a": [1, 2.5, "text"], "b": {"c": None}}, None))


def subject(function: Any) -> Subject:
    honest = load("reference")
    return Subject("test", {PROCESS.name: function}, honest.provenance)


@pytest.mark.parametrize("name", ["reference", "native"])
def test_honest_subjects_give_everything_back(name: str) -> None:
    assert imbalance(CASE, load(name)) is None


def test_kept_argument_is_seen() -> None:
    kept = []

    def keep(payload: Any, merges: Any) -> None:
        kept.append(payload["a"])

    found = imbalance(CASE, subject(keep))
    assert found is not None
    assert (found.reason, found.path) == ("references", "a list argument")


def test_lost_reference_is_seen() -> None:
    import ctypes

    text = "".join(("of its ", "own"))
    case = Case("here", "test", PROCESS, lambda: ({"a": text}, None))
    for _ in range(2 * SETTLING_CALLS):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(text))  # so that what follows frees nothing

    def drop(payload: Any, merges: Any) -> None:
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(payload["a"]))

    found = imbalance(case, subject(drop))
    assert found is not None
    assert found.reason == "references"


def test_kept_memory_is_seen() -> None:
    kept = []

    def keep(payload: Any, merges: Any) -> None:
        kept.append(bytearray(100))

    found = imbalance(CASE, subject(keep))
    assert found is not None
    assert found.reason == "memory blocks kept"


def test_errors_are_balanced_too() -> None:
    case = Case("here", "test", PROCESS, lambda: ({"a": "\ud800"}, {"a": {"encoding": 7}}))
    assert imbalance(case, load("native")) is None


def test_garbage_that_is_collected_is_not_kept() -> None:
    def litter(payload: Any, merges: Any) -> None:
        for _ in range(10):
            ring: list[Any] = []
            ring.append(ring)

    assert imbalance(CASE, subject(litter)) is None


_EMPTY: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (lambda payload: (payload["a"], "hash"), "a list of the result"),  # the caller's own argument
        (lambda payload: ({"properties": _EMPTY}, "hash"), "a dict of the result"),  # of every result
        (lambda payload: ({"a": {}, "b": [[]]}, "hash"), None),
    ],
)
def test_a_container_that_the_result_shares_is_seen(answer: Any, seen: Any) -> None:
    found = imbalance(CASE, subject(lambda payload, merges: answer(payload)))
    assert (found.path if found else None) == seen


def test_a_result_that_holds_itself_is_looked_through_once() -> None:
    def ring(payload: Any, merges: Any) -> Any:
        outer: list[Any] = []
        outer += [outer, {"a": outer}]
        return [outer]

    found = imbalance(CASE, subject(ring))
    assert found is not None and found.path == "a list of the result"
