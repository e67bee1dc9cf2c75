"""What an exit code says, and how a command comes to one; the same in every command of the project."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn


class ExitCode(IntEnum):
    PASS = 0
    FAIL = 1
    """A mismatch was found, or a claim does not hold."""
    USAGE = 2
    INCONCLUSIVE = 3
    """Too little was compared or measured to tell."""
    UNFIT = 4
    """The harness itself cannot judge: a build is broken, a subject is missing, a result file is damaged."""


def exit_with(main: Callable[[], ExitCode]) -> NoReturn:
    """Run a command and end the process with its code.

    One that fails unforeseen is UNFIT: Python itself would end with 1, which says that something
    was found.  One that was interrupted, or whose reader left before the end, is INCONCLUSIVE.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # half a surrogate in a message must not end the report
            stream.reconfigure(errors="backslashreplace")
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.INCONCLUSIVE
    except KeyboardInterrupt:
        print("INCONCLUSIVE: interrupted before its end", file=sys.stderr)
        code = ExitCode.INCONCLUSIVE
    except Exception:
        traceback.print_exc()
        code = ExitCode.UNFIT
    sys.exit(code)
