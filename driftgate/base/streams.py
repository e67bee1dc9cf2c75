"""Standard streams that no reader, closed descriptor or odd character can break.

A closed descriptor 0, 1 or 2 would be handed to the next file that is opened, so the null device takes
its place.  A reader that leaves early (`| head -1`) does not change what a command finds: the rest goes
nowhere.  A full disk does change it, because the report is lost: a write raises `OSError` once, and the
command frame ends with UNFIT.
"""

from __future__ import annotations

import fcntl
import io
import os
import sys
from typing import TextIO

_OUT_OF_THE_WAY = 200


def prepare() -> None:
    """Make the standard streams safe to use.  Standard error forgives all: there is nowhere to tell."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            _to_null(descriptor)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _Text(1, sys.stdout)
    sys.stderr = _Text(2, sys.stderr)


class _Text(io.TextIOWrapper):
    """A standard stream in the encoding Python chose; half a surrogate in a message must not end a report."""

    def __init__(self, descriptor: int, before: TextIO | None) -> None:
        super().__init__(
            open(descriptor, "wb", closefd=False),  # noqa: SIM115
            encoding=getattr(before, "encoding", None) or "utf-8",
            errors="backslashreplace",
            line_buffering=os.isatty(descriptor) or descriptor == 2,
        )

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """What is still written goes nowhere; raises `OSError` where that is a loss."""
        _to_null(self.fileno())
        if self.fileno() == 1 and not isinstance(error, BrokenPipeError):
            raise OSError(error.errno, error.strerror, "standard output") from None


def keep_stdout() -> TextIO:
    """Standard output for what this process itself has to say; what else is printed goes to standard error.

    For a process whose output is read by its parent and that runs the code of others.  The descriptor is out
    of the way of those who close or write to small numbers.
    """
    sys.stdout.flush()
    own = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
    os.dup2(2, 1)
    return os.fdopen(own, "w", buffering=1, encoding="utf-8")


def _to_null(descriptor: int) -> None:
    """For processes that this one starts too."""
    null = os.open(os.devnull, os.O_RDWR)
    if null == descriptor:
        os.set_inheritable(descriptor, True)
    else:
        os.dup2(null, descriptor)
        os.close(null)
