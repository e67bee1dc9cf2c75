"""Runs the steps of a target; each is a check of its own, and what cannot be had is not what failed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Callable, Optional

from driftgate.base.exit_codes import Inconclusive, Unfit
from reports.checks import Check, CheckVerdict, Finding

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "platforms"

GROUP = "platforms"

COMPILED, C_TESTS, WHEEL, TESTS, CAMPAIGN = (
    "compiled and linked",
    "C tests, golden vectors",
    "wheel",
    "core's tests in Python",
    "campaign",
)
STEPS = (COMPILED, C_TESTS, WHEEL, TESTS, CAMPAIGN)

HOUR = 3_600.0  # seconds
REFUSED = 125  # by scripts/root

Step = tuple[str, Callable[[], str]]
"""A name of `STEPS`, and what does it: gives a sentence, raises `Inconclusive` or `Unfit`."""


def title(platform: str, step: str) -> str:
    """The name of a check."""
    return f"{platform}: {step}"


def run_steps(platform: str, steps: Sequence[Step]) -> Iterator[Check]:
    """Each in turn; all rest on the first one, which builds, and none of the others on another."""
    built = True
    for name, act in steps:
        begun = time.perf_counter()
        verdict, details = CheckVerdict.PASS, ""
        try:
            if not built:
                raise Inconclusive("nothing was built")
            summary = act()
        except Inconclusive as error:
            verdict, summary, details = CheckVerdict.INCONCLUSIVE, str(error), error.details
        except Unfit as error:
            verdict, summary, details = CheckVerdict.FAIL, str(error), error.details
        built = built and (verdict is CheckVerdict.PASS or name != steps[0][0])
        seconds = round(time.perf_counter() - begun, 1)
        found = (Finding(details),) if details else ()
        yield Check(title(platform, name), GROUP, verdict, summary, seconds, findings=found)


def run(command: Sequence[str], environment: Optional[Mapping[str, str]] = None) -> str:
    """What a command prints on stdout.  Raises `Unfit`, with its last lines, where it fails.

    Raises `Inconclusive` where `scripts/root` says that it cannot be done here, and for what takes more than
    an hour.  Nothing of it outlives the call.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Inconclusive(f"{command[0]} cannot be run: {error.strerror}") from error
    try:
        said, complaint = (text.decode("utf-8", "replace") for text in process.communicate(timeout=HOUR))
    except BaseException as error:
        _end(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise Inconclusive(f"{shlex.join(command)} took more than {HOUR:,.0f} s") from error
        raise
    if process.returncode == REFUSED and command[0] == "scripts/root":
        raise Inconclusive(complaint.strip().rpartition("\n")[2].removeprefix("UNFIT: "))
    if process.returncode:
        last = "\n".join((said + complaint).splitlines()[-30:])
        raise Unfit(f"{shlex.join(command)} ended with {process.returncode}", last)
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started.  A script that was allowed something by the kernel gives it back first."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
