"""Runs work in a forked child, so that nothing a subject does there gets past it.

A crash, an exit, a hang or a call that asks for all memory costs the child and names its place: the child
leaves a breadcrumb in shared memory before each call it makes, and the parent reads there what was going on.
What a subject prints, closes, forks, replaces or leaves behind ends with the child.

A fork a shard also makes a shard's result independent of what the process did before.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, Protocol, TextIO, TypeVar, Union

from driftgate.base.exit_codes import CommandError, Unfit
from driftgate.base.interrupts import ASKING, shielded

from . import memory
from .breadcrumb import HARNESS, Breadcrumb
from .memory import MEMORY
from .outcome import Crash, Hang, OutOfMemory

__all__ = ["HARNESS", "Breadcrumb", "Lost", "Returned", "isolated"]

T = TypeVar("T")

HARNESS_PATIENCE = 12
"""How many times longer than a subject's call the harness, or an import, may stay at one place."""

SAID_LIMIT = 4000
"""How much of what a child wrote to stderr is kept, in bytes from the end."""

_POLL_SECONDS = 0.1
_SHORTEST_PAUSE = 0.0001
_PIECES_AT_ONCE = 16
_PR_SET_PDEATHSIG = 1
_OF_MEMORY = {signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS}
_TIMERS = {signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF}

# Bound before a subject can put others in their place.
_leave, _dumps = os._exit, pickle.dumps


@dataclass(frozen=True)
class Returned(Generic[T]):
    """The work was done; `said` is what it left on stderr."""

    value: T
    said: str = ""


@dataclass(frozen=True)
class Lost:
    """The child died or was killed at a position of its work, while it called `caller`.

    `left` is what the work left by then (`leave`).
    """

    outcome: Union[Crash, Hang, OutOfMemory]
    position: int
    caller: int
    said: str = ""
    left: object = None


class Follower(Protocol):
    """Told what a process does besides calling subjects."""

    def beat(self) -> None: ...

    def importing(self, name: str) -> None: ...


class _Nobody:
    def beat(self) -> None: ...

    def importing(self, name: str) -> None: ...


_follower: Follower = _Nobody()
"""Of this process: what started it looks there."""


def followed_by(follower: Follower) -> None:
    global _follower
    _follower = follower


@contextmanager
def importing(name: str) -> Iterator[None]:
    """A subject is imported within, and may end this process; its starter is to know whose doing that is."""
    _follower.importing(name)
    try:
        yield
    finally:
        _follower.importing("")


def isolated(
    work: Callable[[Breadcrumb], T], timeout: float, limit: int = MEMORY
) -> Union[Returned[T], Lost]:
    """Do some work in a child of its own.

    `timeout` is how many seconds a subject may take for one call, not counting those in which
    it waits for a processor that others use; `limit` how many bytes the child may take.  An exception of the
    work itself is raised here, and `Unfit` where the import of a subject ends the child.
    What the work returns must be picklable.
    """
    crumb = Breadcrumb()
    reader, writer = os.pipe()
    resident = memory.resident()
    sys.stdout.flush()
    sys.stderr.flush()
    with shielded():
        child = os.fork()
        if child == 0:
            os.close(reader)
            _be_the_child(work, crumb, writer, limit)
    os.close(writer)
    said = Tail(reader)
    try:
        status, peak, hung = _follow(child, said, crumb, timeout)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    finally:
        os.close(reader)
        end_group(child)
    answer = crumb.answer()
    kind: str = _LEFT
    value: Any = None
    if answer is not None:
        kind, value = pickle.loads(answer)
    if kind == _DONE:
        return Returned(value, said.text())
    if kind == _RAISED:
        raise value
    outcome: Union[Crash, Hang, OutOfMemory] = OutOfMemory(limit)
    if kind != _EXHAUSTED:
        outcome = Hang(timeout) if hung else _death(status, peak, resident, limit, said.text())
    name = crumb.imported()
    if name:
        raise Unfit(unimportable(name, outcome, said.text()))
    return Lost(outcome, *crumb.read(), said.text(), value)


_left: object = None


def leave(crumb: Breadcrumb, value: object) -> None:
    """Leave what is known so far, for the case that the next call takes this child with it."""
    global _left
    _left = value
    crumb.post(_dumps((_LEFT, value), pickle.HIGHEST_PROTOCOL))


def unimportable(name: str, outcome: Union[Crash, Hang, OutOfMemory], said: str) -> str:
    """The line about a subject whose import ended its process."""
    if isinstance(outcome, Hang):
        outcome = Hang(outcome.seconds * HARNESS_PATIENCE)
    last = " ".join(said.split())[-200:]
    return f"{name}: importing it {outcome}" + (f"; it said {last!r}" if last else "")


def _death(status: int, peak: int, resident: int, limit: int, said: str) -> Union[Crash, OutOfMemory]:
    if not os.WIFSIGNALED(status):
        return Crash(0, os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number in _OF_MEMORY and memory.died_of_it(peak, resident, limit, said):
        return OutOfMemory(limit)
    return Crash(number)


_DONE, _RAISED, _EXHAUSTED, _LEFT = "done", "raised", "exhausted", "left"


def _be_the_child(
    work: Callable[[Breadcrumb], object], crumb: Breadcrumb, writer: int, limit: int
) -> NoReturn:
    """Work, leave the result, and end without the parent's clean-up."""
    status = 70
    try:
        _settle(crumb, writer)
        memory.bound(limit)
        try:
            answer = _dumps((_DONE, work(crumb)), pickle.HIGHEST_PROTOCOL)
        except (MemoryError, memory.Exhausted):
            memory.unbind()
            answer = _dumps((_EXHAUSTED, _left), pickle.HIGHEST_PROTOCOL)
        except BaseException as error:
            answer = _dumps((_RAISED, told(error)), pickle.HIGHEST_PROTOCOL)
        crumb.post(answer)
        status = 0
    finally:
        _leave(status)


def _settle(crumb: Breadcrumb, writer: int) -> None:
    """Stand alone: signals, streams and descriptors of the parent are out of reach.

    What subjects print goes nowhere, what they complain of into `writer`.
    """
    die_with_parent()
    os.setsid()
    for number in ASKING:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.pthread_sigmask(signal.SIG_BLOCK, _TIMERS)  # one set by a call would go off in another
    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, target in ((null, 0), (null, 1), (writer, 2)):
        os.dup2(descriptor, target)
    for descriptor in (null, writer, *_private):
        os.close(descriptor)
    sys.stdin, sys.stdout = open(0, closefd=False), _text(1)  # noqa: SIM115
    sys.stderr = _text(2)
    global _left
    _left = None
    crumb.adopt()
    followed_by(crumb)
    _private.clear()


def keep_what_is_printed() -> None:
    """In a child: what goes to standard output goes where standard error does, and so into what it `said`."""
    os.dup2(2, 1)
    sys.stdout = sys.stderr


def _text(descriptor: int) -> TextIO:
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


_private: set[int] = set()
"""Descriptors of this process that its children have no business with."""


def keep_private(*descriptors: int) -> None:
    _private.update(descriptors)


def told(error: BaseException) -> Exception:
    """An error as it can be sent: one that ends a command as it is, any other as text with its traceback."""
    if isinstance(error, CommandError):
        return error
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return RuntimeError(f"in a worker: {text}")


class Tail:
    """The end of what a process writes to a pipe; the rest is forgotten, however much it is."""

    def __init__(self, reader: int) -> None:
        os.set_blocking(reader, False)
        self.reader, self._kept, self.is_open = reader, b"", True

    def read(self) -> None:
        """Take what is there now; nothing more will come once it is not open."""
        try:
            for _ in range(_PIECES_AT_ONCE):
                piece = os.read(self.reader, 1 << 16)
                self.is_open = bool(piece)
                self._kept = (self._kept + piece)[-SAID_LIMIT:]
        except BlockingIOError:
            return

    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


def _follow(child: int, said: Tail, crumb: Breadcrumb, timeout: float) -> tuple[int, int, bool]:
    """(how the child ended, bytes it had at most, whether it stayed at one place for too long)"""
    last, since, hung = crumb.pulse(), unhindered_seconds(child), False
    with closing(_End(child)) as end:
        while True:
            end.wait(said)
            ended, status, usage = os.wait4(child, os.WNOHANG)
            if ended:
                said.read()
                return status, usage.ru_maxrss * 1024, hung
            _follower.beat()
            place, now = crumb.pulse(), unhindered_seconds(child)
            if place != last:
                last, since = place, now
            elif now - since > (timeout * HARNESS_PATIENCE if place[1] == HARNESS else timeout):
                hung = True
                os.kill(child, signal.SIGKILL)


class _End:
    """Waits for a child's end or its words: by a descriptor of the process where the system has these."""

    def __init__(self, child: int) -> None:
        self._pause = _SHORTEST_PAUSE
        try:
            self._process = os.pidfd_open(child)
        except (AttributeError, OSError):
            self._process = -1

    def wait(self, said: Tail) -> None:
        watched = [self._process] if self._process >= 0 else []
        if said.is_open:
            watched.append(said.reader)
        if watched:
            select.select(watched, (), (), _POLL_SECONDS)
            said.read()
        else:  # it is about to end, or has closed what it found open
            time.sleep(self._pause)
            self._pause = min(2 * self._pause, _POLL_SECONDS)

    def close(self) -> None:
        if self._process >= 0:
            os.close(self._process)


def end_group(leader: int) -> None:
    """Kill what a process that led a session of its own has forked and left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def die_with_parent() -> None:
    """Where Linux offers it, so that a killed parent leaves no child that hangs for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def unhindered_seconds(process: Union[int, str] = "self") -> float:
    """A clock that stands still while a process is ready to go on and others have the processors.

    Where the system does not tell it never does; Linux tells.  By the clock on the wall a busy machine
    would make hangs of calls that only take long, and leave inputs large that can be made small.
    """
    try:
        waited = int(Path(f"/proc/{process}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, IndexError):
        waited = 0.0
    return time.monotonic() - waited
