"""Whole processes by hyperfine: the same program with the native path on and off.

hyperfine finishes one command before it begins the next.  So that drift acts on both
alike, it is called once for each block, with both commands in the schedule's order and
one run of each; every run is kept.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union

from . import estimate, schedule
from .events import LeftOut, Process, Progress, Void
from .machine import ROOT
from .scenarios import SPANS

SCENARIO = "replay_spans"
WHAT = f"a process that starts, finishes {SPANS} recorded spans and exits"
SWITCH = "TUSK_USE_C_CORE"
FULL_BLOCKS = 12
QUICK_BLOCKS = 6

Runner = Callable[[Sequence[str]], str]
"""Runs a command and gives its standard output; raises `Failed`."""


class Failed(Exception):
    """A command could not be run or did not succeed; the message shows it."""


@dataclass(frozen=True)
class Report:
    """What a process of the scenario says about itself."""

    steps: int
    native_steps: int
    sha256: str


def run(
    blocks: int, seed: int, runner: Optional[Runner] = None
) -> Iterator[Union[Process, LeftOut, Void, Progress]]:
    """Events of the scenario: one measurement, or why there is none."""
    if runner is None and shutil.which("hyperfine") is None:
        yield LeftOut(WHAT, "hyperfine is not installed; Debian has it in the package hyperfine")
        return
    runner = runner or run_command
    try:
        reports = {native: Report(**json.loads(runner(_command(native)))) for native in (True, False)}
        refused = _refuse(reports[True], reports[False])
        if refused is not None:
            yield refused
            return
        orders = schedule.subject_first(blocks, f"{seed}/{SCENARIO}")
        seconds: dict[bool, list[float]] = {True: [], False: []}
        for done, native_first in enumerate(orders):
            yield Progress(done, blocks, "whole processes")
            for native, elapsed in _block(native_first, runner).items():
                seconds[native].append(elapsed)
    except (Failed, OSError, ValueError, TypeError, KeyError, IndexError) as error:
        yield LeftOut(WHAT, str(error) or type(error).__name__, unfit=True)
        return
    yield Process(
        scenario=SCENARIO,
        what=WHAT,
        native_seconds=tuple(seconds[True]),
        python_seconds=tuple(seconds[False]),
        native_first=tuple(orders),
        ratio=estimate.ratio_of_blocks(seconds[False], seconds[True]),
    )


def _refuse(native: Report, python: Report) -> Union[Void, LeftOut, None]:
    """Why the two must not be compared: not the code they ought to run, or not the same result."""
    if native.native_steps != native.steps or python.native_steps != 0:
        ran = f"{native.native_steps} of {native.steps} steps with {SWITCH}=1, {python.native_steps} with 0"
        return LeftOut(WHAT, f"the native path is not what ran: {ran}", unfit=True)
    if native.sha256 != python.sha256:
        return Void(WHAT, "the spans' bytes differ between the native and the Python path")
    return None


def _block(native_first: bool, runner: Runner) -> dict[bool, float]:
    """Seconds of one run of each, by whether it was native."""
    order = (native_first, not native_first)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "hyperfine.json"
        commands = [shlex.join(_command(native)) for native in order]
        options = ("--shell=none", "--runs=1", "--style=none", f"--export-json={exported}")
        runner(["hyperfine", *options, *commands])
        results = json.loads(exported.read_text(encoding="utf-8"))["results"]
    return {native: result["times"][0] for native, result in zip(order, results)}


def _command(native: bool) -> list[str]:
    module = f"bench.scenarios.{SCENARIO}"
    return ["env", f"{SWITCH}={int(native)}", sys.executable, "-m", module, f"--spans={SPANS}"]


def run_command(command: Sequence[str]) -> str:
    """Run in the checkout, which `python -m` then puts on the path."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{shlex.join(command)} ended with {done.returncode}: {_last_line(done.stderr)}")
    return done.stdout


def _last_line(text: str) -> str:
    """Of a traceback, the line that says what happened."""
    return text.strip().rpartition("\n")[2]
