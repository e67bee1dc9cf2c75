"""The guarantees of docs/guarantees.md: threads, subinterpreters, fork, signals, objects that change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, Callable, Optional

import pytest

from .native_calls import ANSWERED, PUNTED, NativeCall

THREADS = 8
GUARD_SECONDS = 120
CALLS = ANSWERED + PUNTED


@pytest.fixture
def short_turns() -> Iterator[None]:
    """Threads take turns far more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], None]) -> list[BaseException]:
    """What threads raised that began `work`, each given its number, together."""
    raised: list[BaseException] = []
    together = threading.Barrier(THREADS)

    def run(number: int) -> None:
        try:
            together.wait(GUARD_SECONDS)
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GUARD_SECONDS)
        assert not thread.is_alive(), "a thread hangs"
    return raised


# ---- threads --------------------------------------------------------------------------------


def test_calls_from_eight_threads_are_right(native: ModuleType, short_turns: None) -> None:
    expected = [call.outcome(native) for call in CALLS]

    def work(number: int) -> None:
        for turn in range(20):
            for i in range(len(CALLS)):
                at = (i + 5 * number + turn) % len(CALLS)
                assert CALLS[at].outcome(native) == expected[at], CALLS[at].function

    assert in_threads(work) == []


@pytest.mark.parametrize("odd", [[1], (1,)], ids=["C core", "reference"])
def test_objects_that_another_thread_changes_never_crash(
    native: ModuleType, short_turns: None, odd: object
) -> None:
    """The C core answers of one moment; the reference, for which a tuple is, of several or raises."""
    row = {"id": 1, "tags": ["a", "b"]}
    payload: dict[str, Any] = {"rows": [dict(row) for _ in range(50)], "extra": {}}
    stop = threading.Event()

    def change(number: int) -> None:
        step = 0
        while not stop.is_set():
            step += 1
            rows = payload["rows"]
            if step % 3 == 0 and len(rows) > 5:
                at = step % 50
                del rows[at : at + 1]  # a slice: two threads shorten this list, and an index may be gone
            elif step % 3 == 1:
                rows.append({"id": step, "tags": [], "odd": odd})
            payload["extra"][str(step % 40)] = [step]
            if step % 37 == 0:
                payload["extra"] = {}

    def read(number: int) -> None:
        for _ in range(50):
            try:
                normalized, value_hash, _, _, _ = native.process_export_payload_pyobject(payload, None)
            except RuntimeError as error:
                assert isinstance(odd, tuple) and "during iteration" in str(error)
                continue
            assert set(normalized) == {"rows", "extra"}
            assert len(value_hash) == 64

    def work(number: int) -> None:
        if number % 4 == 0:
            change(number)
        else:
            try:
                read(number)
            finally:
                if number == 1:
                    stop.set()

    assert in_threads(work) == []


# ---- finalizers and calls within calls ----------------------------------------------------------


def test_a_call_from_a_finalizer_within_a_call_is_right(native: ModuleType) -> None:
    """An object's `__str__` and `__del__` call back while the reference walks it."""
    expected = native.normalize_json('{"a":[1]}')
    seen: list[object] = []

    class Calls:
        def __str__(self) -> str:
            seen.append(native.normalize_json('{"a":[1]}'))
            return "text"

        def __del__(self) -> None:
            seen.append(native.deterministic_hash('{"a":[1]}'))

    result = native.process_export_payload_pyobject({"x": Calls(), "y": [1]}, None)
    assert result[0] == {"x": "text", "y": [1]}
    assert seen == [expected, native.deterministic_hash('{"a":[1]}')]


# ---- subinterpreters ------------------------------------------------------------------------------

SUBINTERPRETERS = """
import sys
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters

# Those that share the GIL: one with its own refuses the module.
shared = (["legacy"], {}) if sys.version_info >= (3, 13) else ([], {"isolated": False})
ids = [interpreters.create(*shared[0], **shared[1]) for _ in range(3)]
source = '''
import driftcore_native as native
assert native.normalize_json(' {"a":[1.50]} ') == '{"a":[1.5]}'
assert native.punts()["syntax"] == 0, "counts of another interpreter"
for _ in range(%d):
    try:
        native.normalize_json("{")
    except ValueError:
        pass
assert native.punts()["syntax"] == %d
'''
import driftcore_native
try:
    driftcore_native.normalize_json("[")
except ValueError:
    pass
for number, one in enumerate(ids, 1):
    failed = interpreters.run_string(one, source % (number, number))
    assert failed is None, failed
    assert driftcore_native.punts()["syntax"] == 1
for one in ids:
    interpreters.destroy(one)
assert driftcore_native.normalize_json("[ ]") == "[]"
print("each its own")
"""


@pytest.mark.skipif(sys.version_info < (3, 11), reason="older ones share builtins between interpreters")
def test_subinterpreters_have_state_of_their_own() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SUBINTERPRETERS], capture_output=True, text=True, timeout=GUARD_SECONDS
    )
    assert (done.returncode, done.stdout) == (0, "each its own\n"), done.stderr


# ---- fork -----------------------------------------------------------------------------------------


def exits_with(work: Callable[[], bool]) -> int:
    """The exit status of a forked child that does `work`: 0 where it gives true."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_child_and_its_parent_both_go_on(native: ModuleType) -> None:
    expected = [call.outcome(native) for call in CALLS]

    def all_right() -> bool:
        return [call.outcome(native) for call in CALLS] == expected

    for _ in range(3):
        assert exits_with(all_right) == 0
        assert all_right()


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_child_forked_while_threads_are_inside_goes_on(native: ModuleType, short_turns: None) -> None:
    call = NativeCall("normalize_json", ["[" + "1.5," * 20_000 + "1]"])
    expected = call.make(native)
    statuses: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            if number == 0:
                statuses.append(exits_with(lambda: call.make(native) == expected))
            else:
                assert call.make(native) == expected

    assert in_threads(work) == []
    assert statuses == [0] * 5


# ---- signals ----------------------------------------------------------------------------------------


class Interrupted(Exception):
    pass


@pytest.fixture
def soon() -> Iterator[Callable[[], None]]:
    """Has a signal come in a millisecond; its handler raises."""

    def handler(number: int, frame: Optional[FrameType]) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, handler)
    yield lambda: signal.setitimer(signal.ITIMER_REAL, 0.001) and None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_a_signal_during_a_native_call_is_raised_right_after_it(
    native: ModuleType, soon: Callable[[], None]
) -> None:
    text = '{"rows":[' + '{"id":1,"price":19.9,"name":"\\u00e9"},' * 300_000 + "0]}"
    finished = False
    with pytest.raises(Interrupted):
        soon()
        native.normalize_json(text)
        finished = True
        while True:  # the call was over before the signal came: it comes now
            pass
    assert finished is False
    assert native.normalize_json("[ ]") == "[]"


def test_a_signal_during_a_punted_call_is_raised_within_it(
    native: ModuleType, soon: Callable[[], None]
) -> None:
    endless: list[Any] = []

    class Endless(dict):  # type: ignore[type-arg]
        def items(self) -> Any:
            while True:
                endless.append(None)
                yield "k", 1
                del endless[:]

    with pytest.raises(Interrupted):
        soon()
        native.process_export_payload_pyobject(Endless(a=1), None)
    assert native.process_export_payload_pyobject([], None)[0] == []
