"""Runs work in a forked child, so that a crash or a hang costs the child and names its place.

The child leaves a breadcrumb in shared memory before each call it makes: where it is in
its work and whom it is about to call.  When it dies, or stays at one place for too long,
the parent reads there what was going on.  A breadcrumb costs two stores, so every single
call can have one.

A fork a shard also makes a shard's result independent of what the process did before.
"""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import os
import pickle
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, NoReturn, TypeVar, Union

from .outcome import Crash, Hang

T = TypeVar("T")

HARNESS = 0
"""The breadcrumb's caller when no subject is at work; subjects are numbered from 1."""

HARNESS_PATIENCE = 12
"""How many times longer than a subject the harness itself may stay at one place."""

SAID_LIMIT = 4000
"""How much of what a child wrote to stderr is kept, in bytes from the end."""

_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1


class Breadcrumb:
    """Where a child is: the position in its work, and whom it is calling."""

    def __init__(self) -> None:
        self._cells = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")

    def at(self, position: int) -> None:
        """The work has come so far; no subject is being called."""
        self._cells[0] = position
        self._cells[1] = HARNESS

    def calling(self, caller: int) -> None:
        self._cells[1] = caller

    def beat(self) -> None:
        """One more of many calls at this place is done, so it is no hang."""
        self._cells[2] += 1

    def read(self) -> tuple[int, int]:
        """(position, caller)"""
        return self._cells[0], self._cells[1]

    def pulse(self) -> tuple[int, int, int]:
        """(position, caller, beats); it changes as long as the work goes on"""
        return self._cells[0], self._cells[1], self._cells[2]


@dataclass(frozen=True)
class Returned(Generic[T]):
    """The work was done; `said` is what it left on stderr."""

    value: T
    said: str = ""


@dataclass(frozen=True)
class Lost:
    """The child died or was killed at a position of its work, while it called `caller`."""

    outcome: Union[Crash, Hang]
    position: int
    caller: int
    said: str = ""


def isolated(work: Callable[[Breadcrumb], T], timeout: float) -> Union[Returned[T], Lost]:
    """Do some work in a child of its own.

    `timeout` is how many seconds a subject may take for one call, not counting those in which
    it waits for a processor that others use.  An exception of the work itself is raised here.
    What the work returns must be picklable.
    """
    crumb = Breadcrumb()
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as errors:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _be_the_child(work, crumb, writer, errors)
        os.close(writer)
        try:
            payload, hung = _receive(child, reader, crumb, timeout)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        finally:
            os.close(reader)
        if hung:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        said = _tail(errors)
    if hung:
        return Lost(Hang(timeout), *crumb.read(), said)
    if os.WIFSIGNALED(status):
        return Lost(Crash(os.WTERMSIG(status)), *crumb.read(), said)
    if os.WEXITSTATUS(status) or not payload:
        return Lost(Crash(0, os.WEXITSTATUS(status)), *crumb.read(), said)
    done, value = pickle.loads(payload)
    if not done:
        raise value
    return Returned(value, said)


def _be_the_child(
    work: Callable[[Breadcrumb], object], crumb: Breadcrumb, writer: int, errors: IO[bytes]
) -> NoReturn:
    """Work, send the result, and leave without the parent's clean-up.

    What subjects print goes nowhere, what they complain of into `errors`.
    """
    status = 70
    try:
        die_with_parent()
        faulthandler.disable()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(errors.fileno(), 2)
        try:
            payload = pickle.dumps((True, work(crumb)), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            payload = _pickled_error(error)
        with os.fdopen(writer, "wb") as out:
            out.write(payload)
        status = 0
    finally:
        os._exit(status)


def _pickled_error(error: Exception) -> bytes:
    """The harness's own error with its traceback in the text, since a traceback cannot be sent."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return pickle.dumps((False, RuntimeError(f"in a worker: {text}")), pickle.HIGHEST_PROTOCOL)


def die_with_parent() -> None:
    """Where Linux offers it, so that a killed parent leaves no child that hangs for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _receive(child: int, reader: int, crumb: Breadcrumb, timeout: float) -> tuple[bytes, bool]:
    """(all the child sends until it closes its end, whether it stayed at one place for too long)"""
    chunks: list[bytes] = []
    last, since = crumb.pulse(), unhindered_seconds(child)
    while True:
        if select.select((reader,), (), (), _POLL_SECONDS)[0]:
            chunk = os.read(reader, 1 << 20)
            if not chunk:
                return b"".join(chunks), False
            chunks.append(chunk)
        place, now = crumb.pulse(), unhindered_seconds(child)
        if place != last:
            last, since = place, now
        elif now - since > (timeout * HARNESS_PATIENCE if place[1] == HARNESS else timeout):
            return b"", True


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


def _tail(errors: IO[bytes]) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - SAID_LIMIT))
    return errors.read().decode("utf-8", "replace")
