"""Fingerprints of answers: what counts changes them, how often a shard was begun anew does not."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal

import pytest

from parity.fingerprint import added, fingerprint, text
from parity.outcome import Crash, Error, NoVerdict, Outcome, Value

OUTCOMES: list[Outcome] = [
    Value(1),
    Value(True),
    Value(1.0),
    Value(0.0),
    Value(-0.0),
    Value("1"),
    Value(b"1"),
    Value({"a": 0, "b": 0}),
    Value({"b": 0, "a": 0}),
    Value((1,)),
    Value([1]),
    Value(object()),
    Value(("1", b"1")),
    Value(("1", bytearray(b"1"))),
    Value({1, 2}),
    Value({1, True + 2}),
    Value(Decimal("1.0")),
    Value(Decimal("1.00")),
    Error("ValueError", "no"),
    Error("ValueError", "yes"),
    Error("TypeError", "no"),
    Error("ValueError", "no", 0),
    Error("RecursionError", ""),
    Crash(11),
    NoVerdict("so"),
]


def test_what_compare_tells_apart_has_other_fingerprints() -> None:
    assert len({fingerprint(0, outcome) for outcome in OUTCOMES}) == len(OUTCOMES)


def without_address(outcome: Outcome) -> str:
    """A name that is the same in every process, or tests cannot be shared out."""
    return repr(outcome).partition(" at 0x")[0]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=without_address)
def test_the_place_counts(outcome: Outcome) -> None:
    assert fingerprint(0, outcome) == fingerprint(0, outcome)
    assert fingerprint(0, outcome) != fingerprint(1, outcome)


def test_sets_and_objects_have_the_same_in_every_process() -> None:
    program = (
        "from parity.fingerprint import fingerprint; from parity.outcome import Value; "
        "from parity.tests.alike import Point, plus; "
        "print(fingerprint(0, Value([{'a', 'b', 'c'}, Point(object(), plus)])))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(seen) == 1


def test_where_the_stack_ended_does_not_count() -> None:
    one, other = (Error("RecursionError", f"at level {level}") for level in (7, 8))
    assert fingerprint(0, one) == fingerprint(0, other)


def test_parts_add_up_to_the_whole_in_any_order() -> None:
    numbers = [fingerprint(at, outcome) for at, outcome in enumerate(OUTCOMES)]
    whole = text(sum(numbers))
    assert added([text(sum(numbers[5:])), text(sum(numbers[:5]))]) == whole
    assert whole != text(sum(numbers[1:])) and len(whole) == 32
    assert added([]) == text(0) == "0" * 32
