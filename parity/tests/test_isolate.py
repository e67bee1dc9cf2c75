"""Work in a child: its result comes back; its death or its hang is told with the place."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Union

import pytest
from tblib import pickling_support

from driftgate.base.exit_codes import Unfit
from parity import losable, memory
from parity.breadcrumb import LONGEST_ANSWER
from parity.isolate import HARNESS, Breadcrumb, Lost, Returned, isolated, leave
from parity.outcome import Crash, Error, Hang, OutOfMemory, observe
from parity.watching import SAID_LIMIT

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


# ---- what a subject does beside answering ------------------------------------------------


def test_only_the_process_that_was_started_answers() -> None:
    """A subject that forks returns twice; what the second process would post is another answer."""

    def work(crumb: Breadcrumb) -> str:
        me = os.getpid()
        if os.fork() == 0:
            time.sleep(0.05)
        return "the first" if os.getpid() == me else "the second"

    for _ in range(5):
        assert isolated(work, 5) == Returned("the first")


def test_a_process_that_a_subject_forked_does_not_go_on_with_the_work(tmp_path: Path) -> None:
    done = tmp_path / "done"

    def work(crumb: Breadcrumb) -> None:
        if os.fork():
            os.wait()
        crumb.at(2)
        with done.open("a") as file:
            file.write("once ")

    assert isolated(work, 5) == Returned(None)
    assert done.read_text() == "once "


def test_what_was_forked_and_left_behind_is_killed(tmp_path: Path) -> None:
    def work(crumb: Breadcrumb) -> int:
        stray = os.fork()
        if stray == 0:
            time.sleep(600)
        return stray

    done = isolated(work, 5)
    assert isinstance(done, Returned)
    for _ in range(500):
        if not Path(f"/proc/{done.value}/cmdline").exists():
            return
        if "Z" in Path(f"/proc/{done.value}/stat").read_text().rpartition(")")[2].split()[0]:
            return  # dead, and nobody's child to be waited for in this container
        time.sleep(0.01)
    raise AssertionError("it still runs")


@pytest.mark.parametrize("first", [0, 3])
def test_descriptors_that_are_closed_or_written_to_take_no_answer_away(first: int) -> None:
    def work(crumb: Breadcrumb) -> str:
        for descriptor in range(first, 300):
            try:
                os.write(descriptor, b"(an answer of its own)")
            except OSError:
                continue
        os.closerange(first, 300)
        return "the answer"

    done = isolated(work, 5, imports=True)  # so that it does not write to the descriptors of this test
    assert isinstance(done, Returned) and done.value == "the answer"


def test_work_that_imports_what_it_calls_has_no_descriptor_of_its_starter(tmp_path: Path) -> None:
    with (tmp_path / "results").open("w+b", buffering=0) as file:

        def work(crumb: Breadcrumb) -> bool:
            try:
                os.write(file.fileno(), b"x")
            except OSError:
                return False
            return True

        assert isolated(work, 5, imports=True) == Returned(False)
        assert isolated(work, 5) == Returned(True), "else this says nothing"


def test_of_much_that_is_said_the_end_is_kept_and_nothing_blocks() -> None:
    def work(crumb: Breadcrumb) -> str:
        os.write(2, b"x" * 5_000_000 + b"the end")
        print("y" * 5_000_000)
        return "done"

    done = isolated(work, 5)
    assert isinstance(done, Returned) and done.value == "done"
    assert done.said == "x" * (SAID_LIMIT - 7) + "the end"


def test_a_timer_that_is_set_never_goes_off() -> None:
    def work(crumb: Breadcrumb) -> str:
        signal.signal(signal.SIGALRM, lambda *_: os._exit(9))
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        deadline = time.monotonic() + 0.1
        while time.monotonic() < deadline:
            pass
        return "done"

    assert isolated(work, 5) == Returned("done")


def test_signals_to_the_group_do_not_reach_the_starter() -> None:
    def work(crumb: Breadcrumb) -> None:
        crumb.at(3)
        crumb.calling(CANDIDATE)
        os.kill(0, signal.SIGKILL)

    assert isolated(work, 5) == Lost(Crash(signal.SIGKILL), 3, CANDIDATE)


def test_interrupts_are_for_the_starter_to_heed() -> None:
    def work(crumb: Breadcrumb) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return "done"

    assert isolated(work, 5) == Returned("done")


def test_an_answer_that_is_not_whole_is_none() -> None:
    crumb = Breadcrumb()
    crumb.post(b"an answer")
    assert crumb.answer() == b"an answer"
    whole = crumb._memory.find(b"an answer")
    crumb._memory[whole : whole + 1] = b"A"
    assert crumb.answer() is None


def test_what_was_left_before_the_end_comes_with_the_loss() -> None:
    def work(crumb: Breadcrumb) -> None:
        leave(crumb, "first")
        leave(crumb, "second")
        os._exit(4)

    assert isolated(work, 5) == Lost(Crash(0, 4), 0, HARNESS, left="second")


def test_an_import_that_ends_the_child_is_unfit_by_name() -> None:
    def work(crumb: Breadcrumb) -> None:
        losable.keep_what_is_printed()
        with losable.importing("mine"):
            print("so\nit ends")
            os._exit(0)

    with pytest.raises(Unfit) as raised:
        isolated(work, 5)
    assert str(raised.value) == "mine: importing it ended its process with status 0; it said 'so it ends'"


# ---- memory ------------------------------------------------------------------------------

LIMIT = 64 << 20
OUT_OF_MEMORY = OutOfMemory(LIMIT)


def eaten(crumb: Breadcrumb) -> None:
    kept = []
    while True:
        kept.append(bytes(100_000))


@pytest.mark.parametrize("eat", [eaten, lambda crumb: bytearray(1 << 40)])
def test_memory_is_bounded(eat: Callable[[Breadcrumb], object]) -> None:
    assert isolated(eat, 5, LIMIT) == Lost(OUT_OF_MEMORY, 0, HARNESS)


def in_new_process(work: Callable[[Breadcrumb], Any]) -> Union[Returned[Any], Lost]:
    """As much as is asked for here an older process may hold from earlier tests, free and its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(isolated, (work, 5, LIMIT))


def unchecked(crumb: Breadcrumb) -> None:
    kept = bytearray(40 << 20)
    kept[::4096] = bytes(len(kept[::4096]))
    ctypes.string_at(0)


def aborting(crumb: Breadcrumb) -> None:
    os.write(2, b"memory allocation of 1099511627776 bytes failed\n")
    os.abort()


def test_a_crash_for_want_of_memory_is_told_as_such() -> None:
    """C code that does not look at what malloc gives, and Rust, which aborts and says why."""
    for work in (unchecked, aborting):
        lost = in_new_process(work)
        assert isinstance(lost, Lost) and lost.outcome == OUT_OF_MEMORY
    lost = isolated(lambda crumb: os.abort(), 5, LIMIT)
    assert isinstance(lost, Lost) and lost.outcome == Crash(signal.SIGABRT)


def test_an_answer_too_long_to_be_posted_is_out_of_memory() -> None:
    assert isolated(lambda crumb: "x" * (LONGEST_ANSWER + 1), 5) == Lost(
        OutOfMemory(memory.MEMORY), 0, HARNESS
    )


def test_an_error_of_its_own_is_no_want_of_memory() -> None:
    def refuse() -> None:
        raise MemoryError("of its own")

    def work(crumb: Breadcrumb) -> object:
        return memory.observed(refuse, tuple)

    assert isolated(work, 5, LIMIT) == Returned(
        Error("MemoryError", "of its own", None, ("of its own",), of=MemoryError)
    )


def asking_twice(crumb: Breadcrumb) -> list[str]:
    kept = bytearray(50 << 20)
    first = observe(bytearray, (50 << 20,))
    again = memory.observed(bytearray, lambda: (50 << 20,))
    return [type(first).__name__, type(again).__name__, str(len(kept))]


def test_each_call_has_the_whole_of_its_memory() -> None:
    assert in_new_process(asking_twice) == Returned(["Error", "Value", str(50 << 20)])


def test_an_error_is_sent_without_its_cause_which_may_not_be_sent() -> None:
    """Dask has tblib, which pickles causes and tracebacks too."""

    class Odd(BaseException):
        pass

    def work(crumb: Breadcrumb) -> None:
        pickling_support.install()
        try:
            raise Odd
        except Odd as error:
            raise Unfit("for a reason") from error

    with pytest.raises(Unfit, match="for a reason"):
        isolated(work, 5)
