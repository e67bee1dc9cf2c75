"""The import of the native module and the counts under it: once, with threads, across a fork."""

from __future__ import annotations

import errno
import hashlib
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from types import ModuleType, SimpleNamespace
from typing import Any, Callable

import pytest

from .sanitizers import without_sanitizers

HELPER = "deterministic_hash_jsonable"
THREADS = 8
GUARD_SECONDS = 20
CORE = SimpleNamespace(deterministic_hash=lambda text: "native")

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no os.fork on this platform")
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A bridge as in a new process, with no variable set."""
    for module in [name for name in sys.modules if name.startswith("driftcore.bridge")]:
        monkeypatch.delitem(sys.modules, module)
    for variable in ("TUSK_USE_C_CORE", "TUSK_USE_RUST_CORE"):
        monkeypatch.delenv(variable, raising=False)
    return importlib.import_module("driftcore.bridge")


@pytest.fixture
def importing(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], Any]], list[str]]:
    """Puts a function in the place of the import; gives the list of names imported so far."""

    def use(outcome: Callable[[], Any]) -> list[str]:
        imported: list[str] = []

        def import_core() -> Any:
            imported.append("driftcore_native")
            return outcome()

        monkeypatch.setattr(sys.modules["driftcore.bridge.loading"], "import_core", import_core)
        return imported

    return use


Importing = Callable[[Callable[[], Any]], "list[str]"]


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*_: Any) -> Any:
        raise error

    return function


def in_threads(work: Callable[[], Any]) -> list[Any]:
    """What each of several threads got that began the work together; one that hangs gets nothing."""
    results: list[Any] = []
    together = threading.Barrier(THREADS)

    def run() -> None:
        together.wait()
        results.append(work())

    threads = [threading.Thread(target=run, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GUARD_SECONDS)
    return results


# --- the import ------------------------------------------------------------------------------------


def test_real_import_of_a_module_on_the_path(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "driftcore_native.py").write_text("def deterministic_hash(text): return 'native'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "driftcore_native", raising=False)
    assert bridge.deterministic_hash_jsonable({}) == "native"
    assert bridge.startup_status().loaded
    monkeypatch.delitem(sys.modules, "driftcore_native")


def test_nothing_is_imported_before_the_first_call(bridge: ModuleType, importing: Importing) -> None:
    imported = importing(lambda: CORE)
    assert imported == []
    bridge.deterministic_hash_jsonable({})
    bridge.deterministic_hash_jsonable({})
    bridge.startup_status()
    assert imported == ["driftcore_native"]


@pytest.mark.parametrize(
    "error",
    [ImportError("no such file"), OSError("bad ELF"), RuntimeError("init"), SyntaxError("x"), MemoryError()],
    ids=lambda error: type(error).__name__,
)
def test_import_that_raises_is_a_fallback_and_not_tried_again(
    bridge: ModuleType, importing: Importing, error: Exception
) -> None:
    imported = importing(raising(error))
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.counters() == bridge.Counters({}, {}, {HELPER: {"import_failed": 2}})
    assert bridge.startup_status().import_error == f"{type(error).__name__}: {error}"
    assert imported == ["driftcore_native"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_interrupted_import_passes_through_and_is_tried_again(
    bridge: ModuleType, importing: Importing, error: type[BaseException]
) -> None:
    importing(raising(error()))
    with pytest.raises(error):
        bridge.deterministic_hash_jsonable({})
    importing(lambda: CORE)
    assert in_threads(lambda: bridge.deterministic_hash_jsonable({})) == ["native"] * THREADS


# --- what can pass ---------------------------------------------------------------------------------

PASSING = {
    "too many open files": OSError(errno.EMFILE, "x"),
    "too many in the system": OSError(errno.ENFILE, "x"),
    "interrupted": InterruptedError(errno.EINTR, "x"),
    "no memory": MemoryError(),
    "no memory, as Python may say it": SystemError("error return without exception set"),
    "no memory, as the loader says it": ImportError("failed to map segment from shared object"),
    "no stack": RecursionError("maximum recursion depth exceeded"),
    "a file half replaced": ImportError("_core.so is truncated"),
    "cannot be told": type("Mute", (Exception,), {"__str__": lambda self: 1 / 0})(),
}
ABSENT = {
    "the module": ModuleNotFoundError("No module named 'driftcore_native'", name="driftcore_native"),
    "its extension": ModuleNotFoundError("No module named '…_core'", name="driftcore_native._core"),
}
DAY_S = 86_400.0


@pytest.fixture
def clock(bridge: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A list whose one item is the time, in seconds."""
    now = [1000.0]
    monkeypatch.setattr(sys.modules["driftcore.bridge.loading"], "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_any_other_failure_is_tried_again_later(
    bridge: ModuleType, importing: Importing, clock: list[float], error: Exception
) -> None:
    failed = importing(raising(error))
    assert bridge.deterministic_hash_jsonable({}) is None
    assert bridge.deterministic_hash_jsonable({}) is None
    assert len(failed) == 1
    importing(lambda: CORE)
    clock[0] += 0.2
    assert bridge.deterministic_hash_jsonable({}) is None
    clock[0] += 0.1
    assert bridge.deterministic_hash_jsonable({}) == "native"
    assert bridge.startup_status().loaded
    assert bridge.counters() == bridge.Counters({HELPER: 1}, {}, {HELPER: {"import_failed": 3}})


@pytest.mark.parametrize("error", ABSENT.values(), ids=ABSENT)
def test_what_is_not_there_is_not_looked_for_again(
    bridge: ModuleType, importing: Importing, clock: list[float], error: Exception
) -> None:
    imported = importing(raising(error))
    for _ in range(3):
        assert bridge.deterministic_hash_jsonable({}) is None
        clock[0] += DAY_S
    assert len(imported) == 1


def test_attempts_are_bounded_to_one_a_minute(
    bridge: ModuleType, importing: Importing, clock: list[float]
) -> None:
    imported = importing(raising(MemoryError()))
    for _ in range(36_000):  # an hour, ten calls a second
        assert bridge.deterministic_hash_jsonable({}) is None
        clock[0] += 0.1
    assert 60 <= len(imported) <= 60 + 9


SHORT_OF = """
import pathlib, resource, struct, sys
from driftcore import bridge
from driftcore.bridge import loading
now = [0.0]
loading.monotonic = lambda: now[0]
kind = getattr(resource, sys.argv[1])
_, most = resource.getrlimit(kind)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(kind, (int(sys.argv[2]) + (size if sys.argv[1] == "RLIMIT_AS" else 0), most))
bridge.deterministic_hash_jsonable({})
resource.setrlimit(kind, (most, most))
for _ in range(3):
    now[0] += 60
    result = bridge.deterministic_hash_jsonable({})
print(result)
"""


@without_sanitizers
@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize(
    ("kind", "limit"), [("RLIMIT_NOFILE", 3), *(("RLIMIT_AS", size * 1024) for size in (0, 300, 450))]
)
def test_the_core_comes_once_descriptors_or_memory_are_there_again(kind: str, limit: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SHORT_OF, kind, str(limit)],
        env={name: value for name, value in os.environ.items() if not name.startswith("TUSK_")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if run.returncode == -signal.SIGSEGV and sys.version_info[:2] == (3, 12) and kind == "RLIMIT_AS":
        pytest.skip("3.12.1 itself dies where it reads a module without memory")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == hashlib.sha256(b"{}").hexdigest()
    assert kind == "RLIMIT_AS" or "Too many open files" in run.stderr


def test_without_the_gil_the_core_is_not_imported_and_the_status_says_why(
    bridge: ModuleType, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its import would switch the GIL on, for the whole process."""
    imported = importing(lambda: CORE)
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert bridge.deterministic_hash_jsonable({}) is None
    status = bridge.startup_status()
    assert (status.enabled, status.loaded, imported) == (True, False, [])
    assert status.import_error is not None and "runs without the GIL" in status.import_error
    assert "a Python with the GIL can use it" in bridge.log_startup()


def test_with_the_gil_on_a_free_threaded_build_is_like_any_other(
    bridge: ModuleType, importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing(lambda: CORE)
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: True, raising=False)
    assert bridge.deterministic_hash_jsonable({}) == "native"


# --- threads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", [False, True], ids=["loads", "fails"])
def test_threads_at_first_use_import_once_and_all_see_the_outcome(
    bridge: ModuleType, importing: Importing, fails: bool
) -> None:
    def slowly() -> Any:
        time.sleep(0.05)
        if fails:
            raise ImportError("x")
        return CORE

    imported = importing(slowly)
    results = in_threads(lambda: bridge.deterministic_hash_jsonable({}))
    assert results == [None if fails else "native"] * THREADS
    assert imported == ["driftcore_native"]


def test_no_count_is_lost_between_threads(bridge: ModuleType, importing: Importing) -> None:
    calls = 2000
    core = SimpleNamespace(deterministic_hash=lambda text: "native", normalize_json=raising(ValueError("x")))
    importing(lambda: core)

    def work() -> None:
        for _ in range(calls):
            bridge.deterministic_hash_jsonable({})
            bridge.normalize_json_jsonable({})
            bridge.counters()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        in_threads(work)
    finally:
        sys.setswitchinterval(interval)
    assert bridge.counters() == bridge.Counters(
        {HELPER: THREADS * calls}, {}, {"normalize_json_jsonable": {"ValueError": THREADS * calls}}
    )


def test_no_first_count_of_a_key_is_lost_between_threads(bridge: ModuleType) -> None:
    class SlowKey:
        def __hash__(self) -> int:
            time.sleep(0.001)
            return 0

    key, tallies = SlowKey(), sys.modules["driftcore.bridge.counting"]._Tallies()
    in_threads(lambda: tallies.add(key))
    assert tallies.read() == {key: THREADS}


# --- forks -----------------------------------------------------------------------------------------


def in_child(check: Callable[[], bool]) -> bool:
    """Whether the check holds in a forked child; a child that hangs is ended by an alarm."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(3 * GUARD_SECONDS)
        try:
            os._exit(0 if check() else 1)
        finally:
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


@needs_fork
def test_child_uses_the_parents_import_and_counts_its_own_calls(
    bridge: ModuleType, importing: Importing
) -> None:
    imported = importing(lambda: CORE)
    bridge.deterministic_hash_jsonable({})

    def check() -> bool:
        began_at_zero = bridge.counters() == bridge.Counters({}, {}, {})
        results = in_threads(lambda: bridge.deterministic_hash_jsonable({}))
        return (
            began_at_zero
            and results == ["native"] * THREADS
            and bridge.counters().native == {HELPER: THREADS}
            and imported == ["driftcore_native"]
        )

    assert in_child(check)
    assert bridge.counters().native == {HELPER: 1}


@needs_fork
def test_child_and_parent_import_each_for_itself_after_a_fork_before_first_use(
    bridge: ModuleType, importing: Importing
) -> None:
    imported = importing(lambda: CORE)

    def check() -> bool:
        results = in_threads(lambda: bridge.deterministic_hash_jsonable({}))
        return results == ["native"] * THREADS and imported == ["driftcore_native"]

    assert in_child(check)
    assert imported == []
    assert check()


@needs_fork
def test_fork_during_an_import_in_another_thread_waits_for_it(
    bridge: ModuleType, importing: Importing
) -> None:
    under_way = threading.Event()

    def slowly() -> Any:
        under_way.set()
        time.sleep(0.1)
        return CORE

    imported = importing(slowly)
    thread = threading.Thread(target=bridge.deterministic_hash_jsonable, args=({},))
    thread.start()
    under_way.wait()
    assert in_child(lambda: bridge.deterministic_hash_jsonable({}) == "native" and len(imported) == 1)
    thread.join()
    assert in_threads(lambda: bridge.deterministic_hash_jsonable({})) == ["native"] * THREADS


@needs_fork
def test_import_that_forks_does_not_block_itself(bridge: ModuleType, importing: Importing) -> None:
    in_the_child = []

    def forking() -> Any:
        in_the_child.append(in_child(lambda: True))
        return CORE

    importing(forking)
    assert bridge.deterministic_hash_jsonable({}) == "native"
    assert in_the_child == [True]


@needs_fork
def test_a_child_forked_between_counts_begins_at_zero(bridge: ModuleType, importing: Importing) -> None:
    importing(lambda: CORE)
    done = threading.Event()

    def count_on() -> None:
        while not done.is_set():
            bridge.deterministic_hash_jsonable({})
            bridge.counters()

    thread = threading.Thread(target=count_on)
    thread.start()
    try:
        for _ in range(20):
            assert in_child(lambda: bridge.counters() == bridge.Counters({}, {}, {}))
    finally:
        done.set()
        thread.join()


@needs_fork
def test_child_does_not_repeat_the_parents_warning(
    bridge: ModuleType, importing: Importing, caplog: pytest.LogCaptureFixture
) -> None:
    importing(raising(ImportError("x")))
    bridge.deterministic_hash_jsonable({})
    assert [record.levelname for record in caplog.records] == ["WARNING"]

    def check() -> bool:
        caplog.clear()
        bridge.deterministic_hash_jsonable({})
        return caplog.records == []

    assert in_child(check)
