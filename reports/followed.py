"""A command that is run and followed: its lines as they come, and how it ended.

The end is that of the command itself.  A process that it leaves behind, with the pipe still in its hands, is
not waited for.  Of what is printed the last lines are kept, masked like all that a report shows.
"""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from driftgate.base.interrupts import noted

from .masking import masked_line
from .shown import visible

LINES_KEPT = 40
"""Of what a command printed, so many last lines are kept."""

LONGEST_LINE = 1 << 14
"""Bytes of a line that are shown; what lies behind them is counted."""

GRACE = 1.0
"""Seconds for the last lines to arrive after the command has ended."""

PATIENCE = 5.0
"""Seconds that a command is given to end when the check itself is interrupted."""

_TURN = 0.05
_LINE_END = re.compile(rb"\r\n|\n|\r(?=.)", re.DOTALL)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code, negative for a signal, None if it could not be run; why in words."""

    code: int | None
    why: str
    lines: tuple[str, ...] = ()
    """The last lines that are not blank."""
    sentence: str = ""
    """Its last line that begins with a verdict, without that, else its last line."""


def follow(command: Sequence[str], tell: Tell, verdicts: Sequence[str] = ()) -> Ended:
    """Run a command with no input; `tell` is given each line it prints, masked and with all to be seen."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = f"{visible(command[0])} cannot be run: {error}"
        return Ended(None, why, (why,))
    lines = _Lines(tell, tuple(f"{one}: " for one in verdicts))
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            _read(process, pipe.fileno(), lines)
        process.wait()
    except BaseException:
        _stop(process)
        raise
    lines.end()
    return Ended(process.returncode, _why(process.returncode), tuple(lines.kept), lines.sentence)


def _read(process: subprocess.Popen[bytes], pipe: int, lines: _Lines) -> None:
    """Read until nobody holds the pipe any more, or for a moment after the command has ended."""
    until: float | None = None
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while until is None or time.monotonic() < until:
            if selector.select(_TURN):
                data = os.read(pipe, 1 << 16)
                if not data:
                    return
                lines.feed(data)
            if until is None and process.poll() is not None:
                until = time.monotonic() + GRACE


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a command and what it started."""
    with noted():
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)


def _why(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"died of {signal.Signals(-code).name}"
    except ValueError:
        return f"died of signal {-code}"


class _Lines:
    """Bytes made into lines; no more is kept than is shown."""

    def __init__(self, tell: Tell, beginnings: tuple[str, ...]) -> None:
        self._tell, self._beginnings = tell, beginnings
        self._rest, self._left_out = b"", 0
        self._verdict = ""
        self.kept: deque[str] = deque(maxlen=LINES_KEPT)

    @property
    def sentence(self) -> str:
        return (self._verdict or (self.kept[-1] if self.kept else "")).strip()

    def feed(self, data: bytes) -> None:
        *whole, rest = _LINE_END.split(self._rest + data)
        for line in whole:
            self._take(line)
        self._rest = rest
        if len(rest) > 2 * LONGEST_LINE:
            self._left_out += len(rest) - LONGEST_LINE
            self._rest = rest[:LONGEST_LINE]

    def end(self) -> None:
        if self._rest:
            self._take(self._rest.rstrip(b"\r"))

    def _take(self, line: bytes) -> None:
        left_out, self._left_out = self._left_out + max(len(line) - LONGEST_LINE, 0), 0
        text = masked_line(line[:LONGEST_LINE].decode("utf-8", "replace").expandtabs())
        text = visible(text) + (f" … {left_out:,} bytes left out" if left_out else "")
        self._tell(text)
        if text.strip():
            self.kept.append(text)
            if text.startswith(self._beginnings):
                self._verdict = text.partition(": ")[2]
