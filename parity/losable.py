"""What a process does that is there to be lost: it stands alone, and tells its starter what it imports."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import resource
import signal
import sys
import traceback
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Optional, Protocol, TextIO

from driftgate.base.exit_codes import CommandError
from driftgate.base.interrupts import ASKING

_PR_SET_PDEATHSIG = 1
_TIMERS = {signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF}


class Follower(Protocol):
    """Told what a process does besides calling subjects."""

    def beat(self) -> None: ...

    def importing(self, name: str) -> None: ...


class _Nobody:
    def beat(self) -> None: ...

    def importing(self, name: str) -> None: ...


_follower: Follower = _Nobody()


def followed_by(follower: Follower) -> None:
    """From now on this process tells that one; whoever started it looks there."""
    global _follower
    _follower = follower


def beat() -> None:
    """The work goes on."""
    _follower.beat()


@contextmanager
def importing(name: str) -> Iterator[None]:
    """A subject is imported within, and may end this process; its starter is to know whose doing that is."""
    _follower.importing(name)
    try:
        yield
    finally:
        _follower.importing("")


def settle(words: int, kept: Optional[Container[int]] = None) -> None:
    """In a fork: put signals, streams and descriptors of the parent out of reach.

    What is printed goes nowhere, what is complained of goes into the descriptor `words`.  All other
    descriptors but those `kept` are closed; with None only those that the parent keeps private, because the
    others may be those of a subject that is imported already.
    """
    die_with_parent()
    os.setsid()
    for number in ASKING:
        signal.signal(number, signal.SIG_DFL)
    ignore_interrupts()
    signal.pthread_sigmask(signal.SIG_BLOCK, _TIMERS)  # one set by a call would go off in another
    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, target in ((null, 0), (null, 1), (words, 2)):
        os.dup2(descriptor, target)
    for descriptor in {null, words, *(_private if kept is None else _others_than(kept))} - {0, 1, 2}:
        with suppress(OSError):
            os.close(descriptor)
    _private.clear()
    sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), _text(1), _text(2)  # noqa: SIM115


def _others_than(kept: Container[int]) -> list[int]:
    """The open descriptors of this process, but for its streams and those kept."""
    found = [int(one.name) for one in Path("/dev/fd").iterdir()]
    return [descriptor for descriptor in found if descriptor > 2 and descriptor not in kept]


def _text(descriptor: int) -> TextIO:
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def flush() -> None:
    """Before a fork, so that nothing is written twice; anything may stand in place of a stream."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()


def keep_what_is_printed() -> None:
    """In a settled fork: what is printed goes where complaints go."""
    os.dup2(2, 1)
    sys.stdout = sys.stderr


def ignore_interrupts() -> None:
    """What one means is for the starter to say, who did not let it through while this process began."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


_private: set[int] = set()


def keep_private(*descriptors: int) -> None:
    """Descriptors of this process that its forks have no business with."""
    _private.update(descriptors)


def told(error: BaseException) -> Exception:
    """An error as it can be sent: one that ends a command as it is, any other as text with its traceback.

    Without its cause and traceback: where tblib is at work (Dask's), they are pickled too, and a cause of a
    subject's own class cannot be.
    """
    if isinstance(error, CommandError):
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return RuntimeError(f"in a worker: {text}")


def die_with_parent() -> None:
    """Where Linux offers it, so that a killed parent leaves no child that hangs for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
