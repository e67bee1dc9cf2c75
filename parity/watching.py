"""Watching a process that may be lost: its last words, its end, and whether it stands still."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Optional, Union

from .outcome import Crash, Hang, OutOfMemory

HARNESS_PATIENCE = 12
"""How many times longer than a subject's call the harness, or an import, may stay at one place."""

SAID_LIMIT = 4000
"""How much of what a process wrote to stderr is kept, in bytes from the end."""

LAST_WORDS = 200
"""How many characters of that stand in a line about its end."""

_POLL_SECONDS = 0.1
_SHORTEST_PAUSE = 0.0001
_PIECES_AT_ONCE = 16


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
                if not piece:
                    self.is_open = False
                    return
                self._kept = (self._kept + piece)[-SAID_LIMIT:]
        except BlockingIOError:
            return

    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")


class Child:
    """A fork of this process, as a context manager: it and all that it forked end with the context."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.crash: Optional[Crash] = None
        """How it ended."""
        self.peak = 0
        """Bytes of memory that it had at most, once it has ended."""
        self._pause = _SHORTEST_PAUSE
        try:
            self._descriptor = os.pidfd_open(process)
        except (AttributeError, OSError):
            self._descriptor = -1

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.kill()
        if self.crash is None:
            os.waitpid(self.process, 0)
        end_group(self.process)
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def wait(self, *words: int) -> None:
        """For a moment, or until it has ended or one of these descriptors has something to read."""
        watched = [*words, self._descriptor] if self._descriptor >= 0 else list(words)
        if watched:
            select.select(watched, (), (), _POLL_SECONDS)
        else:  # it is about to end, or has closed what it found open
            time.sleep(self._pause)
            self._pause = min(2 * self._pause, _POLL_SECONDS)

    def has_ended(self) -> bool:
        if self.crash is None:
            ended, status, usage = os.wait4(self.process, os.WNOHANG)
            if ended:
                died = os.WIFSIGNALED(status)
                self.crash = Crash(os.WTERMSIG(status)) if died else Crash(0, os.WEXITSTATUS(status))
                self.peak = usage.ru_maxrss * 1024
        return self.crash is not None

    def kill(self) -> None:
        if self.crash is None:
            os.kill(self.process, signal.SIGKILL)


def end_group(leader: int) -> None:
    """Kill what a process that led a session of its own has forked and left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def unimportable(name: str, outcome: Union[Crash, Hang, OutOfMemory], said: str) -> str:
    """The line about a subject whose import ended its process."""
    return f"{name}: importing it {outcome}{last_words(said)}"


def last_words(said: str) -> str:
    """The end of what a process said, as a clause for the line about its end."""
    last = " ".join(said.split())[-LAST_WORDS:]
    return f"; it said {last!r}" if last else ""


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
