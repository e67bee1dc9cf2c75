"""Results of a child one by one: they come as they are made, and a loss is told."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from driftgate.base.exit_codes import Unfit
from parity import losable
from parity.outcome import Crash, Hang
from parity.streamed import Interrupted, streamed

PATIENCE = 20.0


def test_results_come_as_they_are_made() -> None:
    def work() -> Iterator[object]:
        yield os.getpid()
        yield "x" * 1_000_000  # more than a pipe holds
        print("printed")
        yield None

    child, long, last = streamed(work, PATIENCE)
    assert (child != os.getpid(), long, last) == (True, "x" * 1_000_000, None)


def test_a_consumer_that_takes_its_time_is_no_hang() -> None:
    def work() -> Iterator[bytes]:
        for _ in range(3):
            yield bytes(200_000)

    taken = []
    for result in streamed(work, 0.3):
        time.sleep(0.4)
        taken.append(len(result))
    assert taken == [200_000] * 3


def test_a_child_that_exits_is_told_behind_what_it_gave() -> None:
    def work() -> Iterator[int]:
        yield 1
        os._exit(0)

    taken = streamed(work, PATIENCE)
    assert next(taken) == 1
    with pytest.raises(Interrupted) as raised:
        next(taken)
    assert raised.value.outcome == Crash(0, 0)


def test_a_child_that_stands_still_is_killed() -> None:
    def work() -> Iterator[int]:
        yield 1
        os.kill(os.getpid(), signal.SIGSTOP)

    with pytest.raises(Interrupted) as raised:
        list(streamed(work, 0.3))
    assert raised.value.outcome == Hang(0.3)


def test_a_subject_that_forks_gives_nothing_twice() -> None:
    def work() -> Iterator[int]:
        yield 1
        os.fork()
        yield 2

    assert list(streamed(work, PATIENCE)) == [1, 2]


def test_an_error_is_raised_here() -> None:
    def work() -> Iterator[int]:
        yield 1
        raise LookupError("no such lane")

    with pytest.raises(RuntimeError, match="LookupError: no such lane"):
        list(streamed(work, PATIENCE))


def test_an_import_that_ends_the_child_is_unfit_by_name() -> None:
    def work() -> Iterator[int]:
        with losable.importing("mine"):
            os._exit(0)
        yield 1

    with pytest.raises(Unfit, match="mine: importing it ended its process with status 0"):
        list(streamed(work, PATIENCE))


def test_a_consumer_that_stops_leaves_no_child() -> None:
    def work() -> Iterator[int]:
        while True:
            yield os.getpid()

    child = next(iter(streamed(work, PATIENCE)))
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
