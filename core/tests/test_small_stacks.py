"""Threads with little stack: the core answers at any depth it handles, on the least that Python gives.

The reference itself recurs, in C and in Python, and may end the process there; so every comparison is made by
processes of their own, against what it gives on the main thread.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Optional

import pytest

from .sanitizers import without_sanitizers

ROOT = Path(__file__).resolve().parents[2]


def smallest() -> int:
    """KiB of the least stack that this Python gives a thread: 32, more from 3.14 on, 128 on 64-bit ARM."""
    for kib in range(32, 256, 4):
        with suppress(ValueError):
            before = threading.stack_size(kib << 10)
            threading.stack_size(before)
            return kib
    raise AssertionError("this Python gives a thread no stack of less than 256 KiB")


SMALLEST = smallest()


def stacks(*kib: int) -> list[int]:
    """These, as far as they can be had here."""
    return sorted({max(SMALLEST, one) for one in kib})


LARGE = 16 << 10  # KiB, of the thread that the core starts where little is left (core/native/stack.c)
NATIVE, REFERENCE = "driftcore_native", "driftcore.reference"

pytestmark = without_sanitizers


@cache
def outcomes(subject: str, kib: int, depth: int, kinds: str) -> Optional[list[str]]:
    """A line for each call, None where the process died of a signal."""
    done = subprocess.run(
        [sys.executable, "-m", "core.tests.small_stacks", subject, str(kib), str(depth), kinds],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode <= 0, done.stderr
    return done.stdout.splitlines() if done.returncode == 0 else None


@pytest.mark.parametrize("depth", [1, 120, 200])
@pytest.mark.parametrize("kib", stacks(SMALLEST, 128))
def test_whatever_the_core_handles_it_answers_on_any_stack(kib: int, depth: int) -> None:
    expected = outcomes(REFERENCE, 0, depth, "text,object")
    assert expected is not None
    assert outcomes(NATIVE, kib, depth, "text,object") == expected


@pytest.mark.parametrize("depth", [200, 201, 300, 100_000])
def test_text_that_goes_to_the_reference_is_answered_at_any_depth(depth: int) -> None:
    """As on a thread with a large stack; the reference called here dies from some depth on.

    From 3.14 on what the reference can read depends on the stack that it has.
    """
    expected = outcomes(REFERENCE, LARGE, depth, "text,punting")
    assert expected is not None
    assert outcomes(NATIVE, SMALLEST, depth, "text,punting") == expected


@pytest.mark.parametrize("kib", stacks(SMALLEST, 64, 160))
def test_an_object_that_goes_to_the_reference_is_answered_where_that_answers(kib: int) -> None:
    """But for the kilobyte that calling it from here takes."""
    compared = 0
    for depth in (5, 20, 60, 110, 230):
        deeper = depth * 21 // 20 + 4
        if outcomes(REFERENCE, kib, deeper, "odd") != outcomes(REFERENCE, 0, deeper, "odd"):
            break  # it ends the process there, or from 3.14 on raises RecursionError
        expected = outcomes(REFERENCE, 0, depth, "odd")
        assert expected is not None
        assert outcomes(NATIVE, kib, depth, "odd") == expected
        compared += 1
    assert compared > 0


FIRST_PUNT = f"""
import sys, threading
import driftcore_native
assert "driftcore.reference" not in sys.modules
told = []
def punt():
    try:
        driftcore_native.normalize_json("[")
    except ValueError as error:
        told.append(str(error))
threading.stack_size({SMALLEST} << 10)
thread = threading.Thread(target=punt)
thread.start()
thread.join()
assert threading.stack_size() == {SMALLEST} << 10
print(told)
"""


def test_the_first_punt_of_a_process_may_come_from_the_smallest_stack() -> None:
    """It imports the reference, which takes more than that."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PUNT], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "['Expecting value: line 1 column 2 (char 1)']\n"), (
        done.stderr
    )
