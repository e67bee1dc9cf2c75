"""A call leaves the process as it was, where the next call's answer depends on it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from parity.calling import call
from parity.outcome import Error, Value


def test_the_recursion_limit_is_put_back() -> None:
    before = sys.getrecursionlimit()
    assert call(sys.setrecursionlimit, (before + 77,), tuple) == Value(None)
    assert sys.getrecursionlimit() == before


@pytest.mark.skipif(not hasattr(sys, "set_int_max_str_digits"), reason="this Python has no such limit")
def test_the_limit_on_digits_of_ints_is_put_back() -> None:
    before = sys.get_int_max_str_digits()
    assert call(sys.set_int_max_str_digits, (0,), tuple) == Value(None)
    assert sys.get_int_max_str_digits() == before


def test_they_are_put_back_after_an_error_too() -> None:
    def lower(limit: int) -> None:
        sys.setrecursionlimit(limit)
        raise LookupError

    before = sys.getrecursionlimit()
    assert isinstance(call(lower, (before + 77,), tuple), Error)
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("raised", [MemoryError, type("_ArrayMemoryError", (MemoryError,), {})])
def test_a_call_without_memory_is_made_again_with_new_arguments(raised: type[MemoryError]) -> None:
    """Once may have told of the machine."""
    given: list[object] = []

    def once(argument: object) -> object:
        given.append(argument)
        if len(given) == 1:
            raise raised
        return argument

    again: Callable[[], tuple[object, ...]] = lambda: ("second",)  # noqa: E731
    assert call(once, ("first",), again) == Value("second")
    assert given == ["first", "second"]
