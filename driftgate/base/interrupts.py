"""Interrupts: SIGINT, SIGTERM and SIGHUP ask a command to end; what was done is kept."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals by which a person or a system asks a process to end."""


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Gives a function that says True once one of `ASKING` came; the second one interrupts."""
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
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

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    with _handled_by(note):
        yield lambda: asked


_came = False


def came() -> bool:
    """Whether one of `ASKING` came since `forget`: what fails after that fails because of it."""
    return _came


def forget() -> None:
    global _came
    _came = False


def interrupt_on_all() -> None:
    """From now on each of `ASKING` raises `KeyboardInterrupt`, as SIGINT does."""
    for number in ASKING:
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    global _came
    _came = True
    raise KeyboardInterrupt


def ignore_all() -> None:
    """The exit code is decided: nothing may change it any more."""
    for number in ASKING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def shielded() -> Iterator[None]:
    """Processes that are started within never see SIGINT: what it means is for this process to say.

    A terminal sends it to the whole group, and a child that is still importing would answer with a
    traceback.  The mask is inherited; here the signal arrives when the block is left.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:

    def told(number: int, frame: FrameType | None) -> None:
        global _came
        _came = True
        handler(number, frame)

    before = {number: signal.signal(number, told) for number in ASKING}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
