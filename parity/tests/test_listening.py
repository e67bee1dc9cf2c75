"""A call that is listened to is heard by whatever way it speaks, and no other one is."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from typing import Any

import pytest

from parity.compare import compare
from parity.listening import heard
from parity.outcome import Error, Outcome, Said, Value, observe


def said(function: Any) -> Said:
    outcome = heard(function, ())
    assert isinstance(outcome, (Value, Error)) and outcome.said is not None
    return outcome.said


def written_in_c() -> None:
    library = ctypes.CDLL(None)
    library.printf(b"in C\n")


def raised() -> None:
    print("before")
    raise ValueError("x")


def closing() -> None:
    print("last")
    sys.stdout.close()


@pytest.mark.parametrize(
    ("speak", "output", "errors"),
    [
        (lambda: print("a\ud800"), "a\udced\udca0\udc80\n", ""),
        (lambda: print("b", file=sys.stderr), "", "b\n"),
        (lambda: os.write(1, b"c\xff"), "c\udcff", ""),
        (lambda: os.write(2, b"d"), "", "d"),
        (lambda: os.system("echo e; echo f >&2"), "e\n", "f\n"),
        (written_in_c, "in C\n", ""),
        (raised, "before\n", ""),
        (closing, "last\n", ""),
        (lambda: None, "", ""),
    ],
)
def test_what_is_printed_is_heard_and_kept_from_the_streams(
    speak: Any, output: str, errors: str, capfd: pytest.CaptureFixture[str]
) -> None:
    heard_of = said(speak)
    assert (heard_of.output, heard_of.errors, heard_of.warnings) == (output, errors, ())
    print("after")
    assert capfd.readouterr() == ("after\n", "")


def test_warnings_are_heard_each_time_by_class_and_text() -> None:
    def warn() -> None:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        warnings.warn(UserWarning(1), stacklevel=1)

    for action in ("always", "ignore", "error", "once"):
        with warnings.catch_warnings():
            warnings.simplefilter(action)
            for _ in range(2):
                assert said(warn).warnings == (("DeprecationWarning", "old"), ("UserWarning", "1"))


def test_outcomes_are_those_of_calls_that_nobody_listens_to() -> None:
    outcome = heard(raised, ())
    assert isinstance(outcome, Error) and (outcome.kind, outcome.message) == ("ValueError", "x")
    assert heard(int, ("1",)) != observe(int, ("1",)) == Value(1)


def test_what_was_said_is_compared_where_both_were_heard() -> None:
    def warn() -> None:
        warnings.warn("x", stacklevel=1)

    quiet: list[Outcome] = [heard(lambda: None, ()), observe(lambda: None, ())]
    for loud, reason in ((lambda: print("x"), "printed output"), (warn, "warnings")):
        found = compare(quiet[0], heard(loud, ()))
        assert found is not None and found.reason == reason
        assert compare(quiet[1], heard(loud, ())) is None
    assert compare(heard(raised, ()), heard(raised, ())) is None
