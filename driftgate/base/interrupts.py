"""Interrupts: SIGINT, SIGTERM and SIGHUP ask a command to end; what was done is kept."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals by which a person or a system asks a process to end."""

ECHO_SECONDS = 0.25
"""`timeout` and some shells send a signal to the process and again to its group: that is one request."""


class _Requests:
    """When the last request came; echoes of it are none."""

    def __init__(self) -> None:
        self.last: float | None = None
        self.ended = False

    def is_new(self) -> bool:
        """Note a signal; whether a process that has not yet decided how it ends is asked anew."""
        now, before = time.monotonic(), self.last
        if before is None or now - before >= ECHO_SECONDS:
            self.last = now
            return not self.ended
        return False


_requests = _Requests()


def came() -> bool:
    """Whether one of `ASKING` came since `forget`: what fails after that fails because of it."""
    return _requests.last is not None


def forget() -> None:
    """A command begins."""
    global _requests
    _requests = _Requests()


def end() -> None:
    """How the command ends is decided: nothing interrupts it any more."""
    _requests.ended = True


def ignore_all() -> None:
    """The process ends: nothing may change its exit code any more."""
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)


def interrupt_on_all() -> None:
    """From now on each of `ASKING` raises `KeyboardInterrupt`, as SIGINT does; one that waits does so now."""
    for number in ASKING:
        signal.signal(number, _interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _requests.is_new():
        raise KeyboardInterrupt


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Gives a function that says True once a request to end came; the second request interrupts."""
    asked = False

    def stop() -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    with _handled_by(stop):
        yield lambda: asked


@contextmanager
def noted() -> Iterator[Callable[[], bool]]:
    """Likewise, but none interrupts: for imports, in which an exception leaves half a module behind."""
    asked = False

    def note() -> None:
        nonlocal asked
        asked = True

    with _handled_by(note):
        yield lambda: asked


@contextmanager
def _handled_by(on_request: Callable[[], None]) -> Iterator[None]:
    def handle(number: int, frame: FrameType | None) -> None:
        if _requests.is_new():
            on_request()

    before = {number: signal.signal(number, handle) for number in ASKING}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


TERMINAL = tuple(number for number in ASKING if number != signal.SIGTERM)
"""Those that a terminal sends to the whole group."""


@contextmanager
def shielded() -> Iterator[None]:
    """Processes started within never see what a terminal sends: what it means is for this one to say.

    A child that is still importing would answer an interrupt with a traceback, and multiprocessing's own
    helper a hang-up.  The mask is inherited; here the signal arrives when the block is left, at the latest.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, TERMINAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hold_all() -> None:
    """Let requests wait for the program that takes this one's place, and which calls `interrupt_on_all`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
