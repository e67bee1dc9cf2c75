"""The gate for pairs of one's own: what proves nothing is refused, and odd answers end in a verdict."""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from driftgate.base.exit_codes import ExitCode
from parity.gate import Gated, Operation, Takes, case, gate, subject
from parity.tests.alike import ROWS, Point, Slotted

DOUBLE = Operation("double", Takes.TEXT, ("number",))
CASES = [case(DOUBLE, number, number) for number in range(5)]


def double(number: int) -> int:
    return 2 * number


def shifted(number: int) -> int:
    return number << 1


def gated(one: Any, other: Any, **options: Any) -> Gated:
    return gate(CASES, subject("one", {"double": one}), subject("other", {"double": other}), **options)


def code(done: Gated) -> ExitCode:
    return done.code([DOUBLE])


class Doubling:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __call__(self, number: int) -> int:
        return self.factor * number

    def double(self, number: int) -> int:
        return self.factor * number


def multiplying(multiply: Callable[[int], int]) -> Callable[[int], int]:
    return lambda number: multiply(number)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (double, double),
        (double, types.FunctionType(double.__code__, double.__globals__)),
        (Doubling(2).double, Doubling(2).double),
        (Doubling(2), Doubling(2)),
        (functools.partial(double), functools.partial(double)),
        (len, len),
        (multiplying(double), multiplying(double)),
    ],
    ids=["itself", "copy", "method", "object", "partial", "builtin", "closure"],
)
def test_a_function_against_itself_is_unfit(one: Any, other: Any) -> None:
    done = gated(one, other)
    assert code(done) is ExitCode.UNFIT and done.differing == 0 and done.counts == {}
    assert done.shown == ("other offers the double of one as its own: nothing to compare",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (double, shifted),
        (multiplying(double), multiplying(shifted)),
        (Doubling(2).double, Doubling(2)),
        (functools.partial(double), functools.partial(shifted)),
    ],
)
def test_functions_of_one_module_and_one_maker_are_judged(one: Any, other: Any) -> None:
    done = gated(one, other)
    assert code(done) is ExitCode.PASS and done.counts == {"double": {"both_value": 5}}


def test_an_operation_that_one_side_lacks_is_unfit() -> None:
    done = gate(CASES, subject("one", {"double": double}), subject("other", {"twice": shifted}))
    assert code(done) is ExitCode.UNFIT and done.shown == ("other has no double",)


def ending(number: int) -> object:
    if number == 3:
        sys.exit(0)
    return 2 * number


def interrupting(number: int) -> object:
    if number == 3:
        raise KeyboardInterrupt
    return number << 1


def test_an_exit_within_a_call_is_one_difference_and_does_not_end_the_gate() -> None:
    done = gated(double, ending)
    assert code(done) is ExitCode.FAIL and done.differing == 1
    assert done.counts == {"double": {"both_value": 4, "one_error": 1}}
    assert "raised SystemExit: 0" in done.shown[0]
    assert code(gated(interrupting, lambda number: interrupting(number))) is ExitCode.PASS


def test_what_is_printed_and_warned_counts_on_request() -> None:
    def loud(number: int) -> int:
        print(number)
        return number << 1

    assert code(gated(double, loud)) is ExitCode.PASS
    done = gated(double, loud, listen=True)
    assert code(done) is ExitCode.FAIL and "printed output" in done.shown[0]
    assert code(gated(loud, lambda number: loud(number), listen=True)) is ExitCode.PASS


def numbered(number: int, at: int = 0) -> object:
    one = ROWS[number % len(ROWS)]
    return (one.make, *one.near)[at]()


def test_every_type_of_the_table_passes_against_a_copy_and_fails_against_a_near_miss() -> None:
    cases = [case(DOUBLE, number, number) for number in range(len(ROWS))]
    one = subject("one", {"double": numbered})
    done = gate(cases, one, subject("copy", {"double": lambda number: numbered(number)}))
    assert code(done) is ExitCode.PASS, done.shown
    done = gate(cases, one, subject("near", {"double": lambda number: numbered(number, 1)}))
    assert code(done) is ExitCode.FAIL and done.differing == sum(bool(row.near) for row in ROWS)


def test_arguments_of_any_class_are_compared_after_the_call() -> None:
    change = Operation("change", Takes.OBJECT_AND_MERGES, ("given",))
    cases = [case(change, 0, {"point": Point(1, [2]), "slots": Slotted(1)})]

    def careful(given: Any) -> None:
        given["point"].x = 2

    def careless(given: Any) -> None:
        given["point"].x = 2.0

    done = gate(cases, subject("one", {"change": careful}), subject("other", {"change": careless}))
    assert done.code([change]) is ExitCode.FAIL and "given.point.x" in done.shown[0]
    done = gate(
        cases, subject("one", {"change": careful}), subject("same", {"change": lambda given: careful(given)})
    )
    assert done.code([change]) is ExitCode.PASS
