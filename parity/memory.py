"""How much memory a child may take, and how to tell that a call asked for more.

The bound is on the process's own writable memory (RLIMIT_DATA on Linux), not on its address space: threads
reserve space by the gigabyte and use little of it, and files that are mapped cost nothing.
Where a system does not bound this, nothing is bound.

What the harness itself does with an answer, compare it and write it down, takes memory in proportion to it;
so where a call's share does not do for that, it has an allowance of its own until the next call.
"""

from __future__ import annotations

import ctypes
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Optional, TypeVar, Union

from .outcome import Crash, Error, Hang, Outcome, observe

MEMORY = 2 << 30
"""Bytes that a child may take beyond what it begins with."""

_WORTH_A_CRASH = 8
"""Who dies with this part of its memory taken died of memory: what grows asks for a multiple of it."""

_OF_FILES = 32 << 20
"""Bytes of code and other files that a fork maps only as it comes to them, and that count as its memory."""

_LAST_WORDS = ("memory allocation of ", "std::bad_alloc")
"""What Rust and C++ write before they abort because memory was refused."""

_ENDS_OF_MEMORY = (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)
_ENOMEM = 12
_EASIEST_TO_KILL = "1000"

T = TypeVar("T")

_limit: Optional[int] = None
_within, _between = (0, 0), (0, 0)
"""Limits of RLIMIT_DATA while a subject is called, and while the harness needs more."""

is_spared = False
"""Whether the second of them is in force."""

_set = resource.setrlimit


class Exhausted(BaseException):
    """A call in this process asked for more memory than it may take."""


def bound(more: int) -> None:
    """Let this process take so many bytes beyond what it has, and be the first that is killed for memory."""
    global _limit
    if _taken() is None:
        return
    _limit = more
    _allow(more)
    with suppress(OSError):  # not every container lets a process say so
        Path("/proc/self/oom_score_adj").write_text(_EASIEST_TO_KILL)


def unbind() -> None:
    """What is left to do is the harness's own, and little."""
    if _limit is not None:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def spared(work: Callable[..., T], *arguments: object) -> T:
    """What the harness makes of an answer; where a call's share does not do it may take more."""
    global is_spared
    try:
        return work(*arguments)
    except MemoryError:
        if _limit is None or is_spared:
            raise
        is_spared = True
        _set(resource.RLIMIT_DATA, _between)
        return work(*arguments)


def call_begins() -> None:
    """From now on a subject's code runs."""
    global is_spared
    is_spared = False
    _set(resource.RLIMIT_DATA, _within)


def _allow(more: int) -> None:
    global _within, _between
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = (_taken() or 0) + more
    _within, _between = (
        (total if most == resource.RLIM_INFINITY else min(total, most), most)
        for total in (wanted, wanted + MEMORY)
    )
    _set(resource.RLIMIT_DATA, _within)


def _taken() -> Optional[int]:
    """Bytes of writable memory that this process has, touched or not; None where the system does not tell."""
    return _pages(5)


def _pages(column: int) -> Optional[int]:
    """A column of /proc/self/statm (proc(5)), in bytes."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[column]) * resource.getpagesize()
    except OSError:
        return None


def resident() -> int:
    """Bytes of memory that this process has in fact; 0 where the system does not tell."""
    return _pages(1) or 0


def observed(function: Callable[..., object], arguments: Callable[[], tuple[object, ...]]) -> Outcome:
    """A call's outcome when it has its whole share of memory; raises `Exhausted` if that is not enough.

    For a call that has just raised a `MemoryError`.  It may have told of the machine, or of what the
    process had taken before; and there are inputs that raise one by themselves, which is an error
    like any other.  The C library says which: it sets `errno` when it has no memory to give.
    """
    if _limit is None:
        return observe(function, arguments())
    _allow(_limit)
    errno = _errno()
    given = arguments()
    errno[0] = 0
    outcome = observe(function, given)
    if is_memory_error(outcome) and errno[0] == _ENOMEM:
        raise Exhausted
    return outcome


def is_memory_error(outcome: Outcome) -> bool:
    """NumPy and others have classes of their own for it."""
    return isinstance(outcome, Error) and outcome.kind.endswith("MemoryError")


def _errno() -> ctypes._Pointer[ctypes.c_int]:
    """Where the C library keeps it for this thread."""
    where = ctypes.CDLL(None).__errno_location
    where.restype = ctypes.POINTER(ctypes.c_int)
    place: ctypes._Pointer[ctypes.c_int] = where()
    return place


def died_of_it(outcome: Union[Crash, Hang], taken: int, limit: int, said: str) -> bool:
    """Whether a process that had taken so many bytes at most, and wrote its last words, ran out of memory."""
    if not isinstance(outcome, Crash) or outcome.signal not in _ENDS_OF_MEMORY or _taken() is None:
        return False
    return taken > max(limit // _WORTH_A_CRASH, _OF_FILES) or any(words in said for words in _LAST_WORDS)
