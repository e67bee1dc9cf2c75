"""Work is done for every item, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from driftgate.base.exit_codes import Unfit
from parity.plan import Plan
from parity.workers import TRIES, Here, Workers

PLAN = Plan("reference", "native")


def double(plan: Plan, item: int) -> int:
    return 2 * item


def fail_at_three(plan: Plan, item: int) -> int:
    if item == 3:
        raise LookupError("three")
    return item


def die_once(plan: Plan, mark: Path) -> str:
    """Is killed the first time it is asked, as by a machine short of memory."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.name


def die(plan: Plan, item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def sleep(plan: Plan, seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_every_item_has_its_result() -> None:
    with Workers(2) as workers:
        assert sorted(workers.each(double, PLAN, range(40))) == [2 * item for item in range(40)]
        assert workers.one(double, PLAN, 21) == 42


def test_here_does_the_same() -> None:
    assert list(Here().each(double, PLAN, range(5))) == [0, 2, 4, 6, 8]
    assert Here().one(double, PLAN, 21) == 42


def test_exception_of_the_work_is_raised() -> None:
    with Workers(1) as workers, pytest.raises(RuntimeError, match="LookupError: three"):
        list(workers.each(fail_at_three, PLAN, range(6)))


def test_killed_worker_is_replaced_and_its_work_done_again(tmp_path: Path) -> None:
    marks = [tmp_path / name for name in ("a", "b")]
    marks[1].touch()
    with Workers(2) as workers:
        assert sorted(workers.each(die_once, PLAN, marks)) == ["a", "b"]


def test_workers_that_are_killed_again_and_again_are_unfit() -> None:
    with Workers(1) as workers, pytest.raises(Unfit, match=f"killed {TRIES + 1} times"):
        list(workers.each(die, PLAN, [1]))


def test_stopping_leaves_what_has_not_begun() -> None:
    done: list[float] = []
    with Workers(1) as workers:
        for result in workers.each(sleep, PLAN, [0.01] * 200, lambda: len(done) >= 3):
            done.append(result)
    assert 3 <= len(done) < 20
