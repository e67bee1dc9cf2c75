"""What the command's exit code says; the same in every command of the project."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    PASS = 0
    MISMATCH = 1
    USAGE = 2
    NOT_ENOUGH_EVIDENCE = 3
    UNFIT = 4
    """The harness itself cannot judge: a subject is missing, or both subjects are one."""
