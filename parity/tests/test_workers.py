"""Work is done for every item, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from driftgate.base.exit_codes import Unfit
from parity import losable
from parity.plan import Plan
from parity.worker_process import WorkerProcess, some_ready
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


def exit_at_import(plan: Plan, name: str) -> None:
    with losable.importing(name):
        print("so it ends")
        os._exit(0)


def print_and_fork(plan: Plan, item: int) -> int:
    print("printed")
    os.write(1, b"x" * 1_000_000)
    os.fork()
    return item


def close_all(plan: Plan, item: int) -> int:
    with losable.importing("mine"):
        os.closerange(0, 300)
    return item


def not_to_be_sent(plan: Plan, item: int) -> object:
    return lambda: item


def environment(plan: Plan, name: str) -> str | None:
    return os.environ.get(name)


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


def test_a_worker_that_an_import_ends_is_unfit_by_name_at_once() -> None:
    with Workers(2) as workers, pytest.raises(Unfit) as raised:
        list(workers.each(exit_at_import, PLAN, ["mine"] * 6))
    assert str(raised.value) == "mine: importing it ended its process with status 0; it said 'so it ends'"


def test_workers_that_end_again_and_again_are_unfit_with_their_status() -> None:
    with (
        Workers(1) as workers,
        pytest.raises(Unfit, match=rf"ended {TRIES + 1} times, .* status 7"),
    ):
        list(workers.each(leave, PLAN, [7]))


def leave(plan: Plan, status: int) -> None:
    os._exit(status)


def test_what_a_worker_prints_or_forks_does_not_reach_its_starter(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(1) as workers:
        assert list(workers.each(print_and_fork, PLAN, range(5))) == [0, 1, 2, 3, 4]
    assert capfd.readouterr() == ("", "")


def test_an_import_that_closes_what_is_not_its_own_is_unfit_by_name() -> None:
    with Workers(1) as workers, pytest.raises(Unfit, match=r"^mine: importing it ended its process"):
        list(workers.each(close_all, PLAN, [1]))


def test_a_result_that_cannot_be_sent_is_an_error() -> None:
    with Workers(1) as workers, pytest.raises(RuntimeError, match="in a worker"):
        workers.one(not_to_be_sent, PLAN, 1)


def test_a_worker_may_have_an_environment_of_its_own() -> None:
    process = WorkerProcess({"A_NAME_OF_ITS_OWN": "here"})
    process.give(environment, PLAN, "A_NAME_OF_ITS_OWN")
    while (given := process.answer()) is None:
        some_ready((process,), 1.0)
    process.close()
    assert given() == "here"
    assert "A_NAME_OF_ITS_OWN" not in os.environ
