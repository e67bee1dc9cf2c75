"""What an exit code says; the same in every command of the project."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    PASS = 0
    FAIL = 1
    """A mismatch was found, or a claim does not hold."""
    USAGE = 2
    INCONCLUSIVE = 3
    """Too little was compared or measured to tell."""
    UNFIT = 4
    """The harness itself cannot judge: a build is broken, a subject is missing, a result file is damaged."""
