"""Whole processes by hyperfine: the same program in variants, by the switches that users have.

hyperfine finishes one command before it begins the next.  So that drift acts on all alike,
it is called once for each block, with all commands in random order and one run of each,
after a warm-up run of each in the first block; every run is kept.

A scenario that takes its variants in turn within one process does that itself, and needs no hyperfine.
"""

from __future__ import annotations

import json
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Union

from .events import LeftOut, Process, Progress, Void
from .machine import ROOT
from .scenarios import Scenario, Variant
from .stats import looks

RELEASE_BLOCKS = 24
QUICK_BLOCKS = 6

PATIENCE = 900.0
"""Seconds after which a program is taken for one that does not end; the longest takes minutes."""

Runner = Callable[[Sequence[str]], str]
"""Runs a command and gives its standard output; raises `Failed`."""


class Failed(Exception):
    """A command could not be run or did not succeed; the message shows it."""


@dataclass(frozen=True)
class Report:
    """What a process says about itself: the steps it did, how many the core ran, a digest of the result."""

    steps: int
    core: int
    sha256: Optional[str]


def run(
    scenario: Scenario, blocks: int, seed: int, runner: Optional[Runner] = None
) -> Iterator[Union[Process, LeftOut, Void, Progress]]:
    """Events of a scenario: one measurement, or why there is none."""
    if scenario.turns:
        yield from _in_turns(scenario, blocks, seed, runner or run_command)
        return
    if runner is None and shutil.which("hyperfine") is None:
        yield LeftOut(scenario.what, "hyperfine is not installed; Debian has it in the package hyperfine")
        return
    missing = [
        one.python for one in scenario.variants.values() if one.python and not (ROOT / one.python).exists()
    ]
    if runner is None and missing:
        yield LeftOut(scenario.what, f"{missing[0]} is missing; `make bench` makes it", unfit=True)
        return
    runner = runner or run_command
    try:
        refused = _refuse(scenario, runner)
        if refused is not None:
            yield refused
            return
        orders = variant_orders(list(scenario.variants), blocks, f"{seed}/{scenario.name}")
        seconds: dict[str, list[float]] = {name: [] for name in scenario.variants}
        for done, order in enumerate(orders):
            yield Progress(done, blocks, f"whole processes of {scenario.name}")
            for name, elapsed in _block(scenario, order, runner, warm_up=done == 0).items():
                seconds[name].append(elapsed)
    except (Failed, OSError, ValueError, TypeError, KeyError, IndexError) as error:
        yield LeftOut(scenario.what, str(error) or type(error).__name__, unfit=True)
        return
    yield _process(scenario, seconds, orders)


def _in_turns(
    scenario: Scenario, blocks: int, seed: int, runner: Runner
) -> Iterator[Union[Process, LeftOut, Progress]]:
    """What a program measured of all its variants."""
    yield Progress(0, 1, scenario.what)
    words = ["env", sys.executable, "-m", f"bench.scenarios.{scenario.program}"]
    words += [f"--blocks={blocks}", f"--seed={seed}/{scenario.name}"]
    try:
        told = _told(runner(words))
        for name in scenario.variants:
            wrong = _not_what_ran(scenario, name, told["steps"][name], told["core"][name])
            if wrong is not None:
                yield wrong
                return
        yield _process(scenario, {name: told["seconds"][name] for name in scenario.variants}, told["orders"])
    except (Failed, OSError, ValueError, TypeError, KeyError, IndexError) as error:
        yield LeftOut(scenario.what, str(error) or type(error).__name__, unfit=True)


def _process(
    scenario: Scenario, seconds: Mapping[str, Sequence[float]], orders: Sequence[Sequence[str]]
) -> Process:
    return Process(
        scenario=scenario.name,
        what=scenario.what,
        baseline=scenario.baseline,
        seconds={name: tuple(times) for name, times in seconds.items()},
        orders=tuple(map(tuple, orders)),
        ratios={
            name: looks.interval([base / own for base, own in zip(seconds[scenario.baseline], times)])
            for name, times in seconds.items()
            if name != scenario.baseline
        },
    )


def variant_orders(names: Sequence[str], blocks: int, seed: str) -> list[list[str]]:
    """For each block the order of the variants; odd blocks turn the one before around, for balance."""
    source = random.Random(seed)
    orders: list[list[str]] = []
    for block in range(blocks):
        orders.append(orders[-1][::-1] if block % 2 else source.sample(list(names), len(names)))
    return orders


def _refuse(scenario: Scenario, runner: Runner) -> Union[Void, LeftOut, None]:
    """Why the variants must not be compared: not the code they ought to run, or not the same result."""
    digests = {}
    for name, variant in scenario.variants.items():
        report = Report(**_told(runner(command(scenario, variant))))
        wrong = _not_what_ran(scenario, name, report.steps, report.core)
        if wrong is not None:
            return wrong
        digests[name] = report.sha256
    if len({digests[name] for name in scenario.equal}) > 1:
        return Void(scenario.what, f"the results differ between {' and '.join(scenario.equal)}")
    return None


def _told(output: str) -> Any:
    """What a program said at its end."""
    last = output.strip().rpartition("\n")[2]
    if not last:
        raise Failed("a program ended before it had done its work")
    return json.loads(last)


def _not_what_ran(scenario: Scenario, name: str, steps: int, core: int) -> Optional[LeftOut]:
    low, high = scenario.variants[name].share
    if steps and not low <= core / steps <= high:
        ran = f"the core ran {core} of {steps} steps"
        return LeftOut(scenario.what, f"{name} is not what ran: {ran}", unfit=True)
    return None


def _block(scenario: Scenario, order: Sequence[str], runner: Runner, warm_up: bool) -> dict[str, float]:
    """Seconds of one run of each variant."""
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "hyperfine.json"
        commands = [shlex.join(command(scenario, scenario.variants[name])) for name in order]
        options = ("--shell=none", f"--warmup={int(warm_up)}", "--runs=1", "--style=none")
        runner(["hyperfine", *options, f"--export-json={exported}", *commands])
        results = json.loads(exported.read_text(encoding="utf-8"))["results"]
    return {name: result["times"][0] for name, result in zip(order, results)}


def command(scenario: Scenario, variant: Variant) -> list[str]:
    python = sys.executable if variant.python is None else str(ROOT / variant.python)
    settings = [f"{name}={value}" for name, value in variant.settings.items()]
    return ["env", *settings, python, "-m", f"bench.scenarios.{scenario.program}", *variant.arguments]


def run_command(command: Sequence[str]) -> str:
    """Run in the checkout, which `python -m` then puts on the path."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{shlex.join(command)} had not ended after {PATIENCE:g} s") from error
    if done.returncode != 0:
        raise Failed(f"{shlex.join(command)} ended with {done.returncode}: {_last_line(done.stderr)}")
    return done.stdout


def _last_line(text: str) -> str:
    """Of a traceback, the line that says what happened."""
    return text.strip().rpartition("\n")[2]
