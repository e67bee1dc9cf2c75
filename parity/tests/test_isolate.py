"""Work in a child: its result comes back; its death or its hang is told with the place."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parity.isolate import HARNESS, Breadcrumb, Lost, Returned, isolated
from parity.outcome import Crash, Hang

CANDIDATE = 2


def test_result_comes_back_with_what_was_said() -> None:
    def work(crumb: Breadcrumb) -> bytes:
        os.write(2, b"a warning\n")
        print("not part of the result", flush=True)
        return b"x" * 3_000_000  # more than a pipe holds

    assert isolated(work, 5) == Returned(b"x" * 3_000_000, "a warning\n")


def test_exception_of_the_work_is_raised_here_with_its_traceback() -> None:
    def work(crumb: Breadcrumb) -> None:
        raise LookupError("no such lane")

    with pytest.raises(RuntimeError, match=r"(?s)in a worker.*in work.*LookupError: no such lane"):
        isolated(work, 5)


def test_segfault_is_told_with_its_place() -> None:
    def work(crumb: Breadcrumb) -> None:
        crumb.at(41)
        crumb.at(42)
        crumb.calling(CANDIDATE)
        ctypes.string_at(0)

    assert isolated(work, 5) == Lost(Crash(signal.SIGSEGV), 42, CANDIDATE)


def test_exit_is_a_crash_too() -> None:
    def work(crumb: Breadcrumb) -> None:
        crumb.at(7)
        crumb.calling(CANDIDATE)
        os._exit(3)

    assert isolated(work, 5) == Lost(Crash(0, 3), 7, CANDIDATE)


def test_leaving_without_a_result_is_a_crash() -> None:
    def work(crumb: Breadcrumb) -> None:
        os._exit(0)

    assert isolated(work, 5) == Lost(Crash(0, 0), 0, HARNESS)


def test_hang_is_killed_and_told_with_its_place() -> None:
    def work(crumb: Breadcrumb) -> None:
        crumb.at(9)
        crumb.calling(CANDIDATE)
        time.sleep(600)

    assert isolated(work, 0.3) == Lost(Hang(0.3), 9, CANDIDATE)


def test_work_that_goes_on_is_no_hang() -> None:
    def work(crumb: Breadcrumb) -> str:
        for position in range(20):
            crumb.at(position)
            crumb.calling(CANDIDATE)
            time.sleep(0.05)
        return "done"

    assert isolated(work, 0.4) == Returned("done")


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system does not tell who waits")
def test_waiting_for_a_processor_is_no_hang() -> None:
    allowed = os.sched_getaffinity(0)
    one = min(allowed)
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]

    def work(crumb: Breadcrumb) -> str:
        os.sched_setaffinity(0, {one})
        crumb.at(1)
        crumb.calling(CANDIDATE)
        while time.process_time() < 0.6:  # so more than 2 s by the clock on the wall
            pass
        return "done"

    try:
        for burner in burners:
            os.sched_setaffinity(burner.pid, {one})
        assert isolated(work, 1.2) == Returned("done")
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def test_interrupting_the_parent_leaves_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    forked = []
    fork = os.fork

    def remembered() -> int:
        child = fork()
        forked.append(child)
        return child

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("parity.isolate.os.fork", remembered)
    monkeypatch.setattr("parity.isolate._follow", interrupt)
    with pytest.raises(KeyboardInterrupt):
        isolated(lambda crumb: time.sleep(600), 5)
    with pytest.raises(ProcessLookupError):
        os.kill(forked[0], 0)
