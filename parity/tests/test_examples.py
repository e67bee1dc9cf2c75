"""The example of a pair of one's own: short, and its gate sees what is there."""

from __future__ import annotations

import os
from pathlib import Path

from driftgate.base.exit_codes import ExitCode
from parity.examples import json_strings as example
from parity.gate import Operation, Takes, case, gate, subject


def test_the_example_is_short() -> None:
    source = Path(example.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60


def test_encoders_of_the_standard_library_agree() -> None:
    done = gate(
        (case for case in example.cases(2000) if case.operation is not example.SCAN),
        example.PYTHON,
        example.C,
    )
    assert done.differing == 0, done.shown
    assert done.code((example.ENCODE, example.ESCAPE)) is ExitCode.PASS


def test_scanners_differ_in_how_they_tell_of_a_cut_off_string() -> None:
    done = gate(
        (case for case in example.cases(500) if case.operation is example.SCAN), example.PYTHON, example.C
    )
    assert done.code((example.SCAN,)) is ExitCode.FAIL
    assert done.counts["scan"]["both_value"] > 100
    assert "error" in done.shown[0] and "Unterminated string" in done.shown[0]


def test_a_wrong_value_a_crash_and_a_lack_of_values_are_seen() -> None:
    cases = [case(example.ENCODE, number, str(number)) for number in range(10)]
    wrong = subject("wrong", {"encode_ascii": lambda text: '"7"'})
    assert gate(cases, example.PYTHON, wrong).differing == 9
    crashing = subject("crashing", {"encode_ascii": lambda text: os.abort()})
    lost = gate(cases, example.PYTHON, crashing)
    assert lost.code((example.ENCODE,)) is ExitCode.FAIL and "SIGABRT" in lost.shown[0]
    assert gate([], example.PYTHON, example.C).code((example.ENCODE,)) is ExitCode.INCONCLUSIVE


def test_no_subject_sees_what_another_did_to_its_arguments() -> None:
    pop = Operation("pop", Takes.OBJECT_AND_MERGES, ("items",))
    popping = subject("popping", {"pop": lambda items: items.pop()})
    also = subject("also popping", {"pop": lambda items: items.pop()})
    done = gate([case(pop, 0, [1, 2])], popping, also)
    assert done.differing == 0, done.shown
