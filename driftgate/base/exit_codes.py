"""What an exit code says, and the errors that end a command with one; the same in every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    PASS = 0
    FAIL = 1
    """A mismatch was found, or a claim does not hold."""
    USAGE = 2
    INCONCLUSIVE = 3
    """Too little was compared or measured to tell, or the command was interrupted."""
    UNFIT = 4
    """The harness itself cannot judge: a build is broken, a subject is missing, a result file is damaged."""


class CommandError(Exception):
    """Ends a command with `code`.

    The message is the one line a person reads; `details` follow it as they are, such as the last lines
    of a build that failed.
    """

    code = ExitCode.UNFIT

    def __init__(self, message: str = "", details: str = "") -> None:
        super().__init__(message)
        self.details = details


class UsageError(CommandError):
    """The command was asked for something that it cannot do."""

    code = ExitCode.USAGE


class Inconclusive(CommandError):
    """There is not enough evidence to answer."""

    code = ExitCode.INCONCLUSIVE


class Unfit(CommandError):
    """The harness cannot judge with what it was given; the message says why and what to do."""

    code = ExitCode.UNFIT
