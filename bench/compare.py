"""Head against base: two result files, or better two commits, built and measured side by side.

Figures of two runs are hours or machines apart, and only what drifts alike cancels: their
ratios against the same rival are compared, and only within one machine class.  Two commits
are built in one go and timed in pairs, which is what a regression gate should rest on.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import ExitCode, Unfit
from parity.operations import OPERATIONS
from parity.subjects.described import describe

from . import figures
from .claims.selftest import TOLERANCE
from .events import Event, LeftOut, Pair, Sample
from .machine import ROOT
from .pairs import contest, rounds
from .pairs.inputs import shape_input
from .pairs.payloads import shapes
from .pairs.rounds import Evidence, Execute
from .pairs.tasks import PAIR, Task
from .results import Results
from .stats import looks
from .stats.order import Estimate
from .stats.summary import geometric_mean
from .tables import grid

BUILDS = ROOT / "build" / "compare"
LOOKS = (6, 12)


class Refused(Exception):
    """The two must not be compared; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """How many times as fast the second is as the first, on what."""

    what: str
    ratio: Estimate
    verdict: str


@dataclass(frozen=True)
class Outcome:
    title: str
    lines: tuple[Line, ...]

    @property
    def code(self) -> ExitCode:
        if any(line.verdict == "slower" for line in self.lines):
            return ExitCode.FAIL
        if not self.lines:
            return ExitCode.INCONCLUSIVE
        return ExitCode.PASS


def files(before: Results, after: Results, force: bool) -> Outcome:
    """Each pair that both measured.  Slower or faster is what has no point of both intervals in common."""
    kinds = before.started.machine.kind, after.started.machine.kind
    if kinds[0] != kinds[1] and not force:
        raise Refused(
            f"the results are of different machine classes, {kinds[0]} and {kinds[1]}; ratios of C over "
            "Python do not carry over from one to another. Measure both on one, or insist with --force"
        )
    first = {_identity(pair): pair.ratio for pair in _pairs(before)}
    lines = []
    for pair in _pairs(after):
        old, new = first.get(_identity(pair)), pair.ratio
        if old is None:
            continue
        ratio = Estimate(
            new.median / old.median, new.low / old.high, new.high / old.low, min(old.count, new.count)
        )
        lines.append(Line(f"{pair.operation}({pair.input}), by {pair.against}", ratio, _verdict(ratio)))
    return Outcome("The second result against the first", tuple(lines))


def _pairs(results: Results) -> Iterator[Pair]:
    return (event for event in results.events if isinstance(event, Pair) and event.settled)


def _identity(pair: Pair) -> tuple[str, str, str]:
    return pair.operation, pair.input, pair.against


def _verdict(ratio: Estimate) -> str:
    """Slower or faster by more than A/A tolerates, with the whole interval."""
    if ratio.high < 1 - TOLERANCE:
        return "slower"
    return "faster" if ratio.low > 1 + TOLERANCE else ""


def commits(
    before: str, after: str, command: str, execute: Execute, tell: Callable[[Event], None]
) -> Outcome:
    """Build both, measure them in pairs; a line for each operation, over its payloads."""
    old, new = package(before), package(after)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(BUILDS), os.environ.get("PYTHONPATH", "")])
    if str(BUILDS) not in sys.path:
        sys.path.insert(0, str(BUILDS))
    describe((old, new))
    tasks = [
        Task(PAIR, operation.name, shape.name, new, old)
        for operation in OPERATIONS.values()
        for shape in shapes().values()
        if shape_input(shape, operation) is not None
    ]
    evidence = Evidence()

    def still_open(so_far: Evidence) -> set[Task]:
        return (
            set(tasks)
            if any(not line.verdict and _is_wide(line.ratio) for line in lines(tasks, so_far))
            else set()
        )

    for event in rounds.rounds(tasks, still_open, LOOKS, 0, False, execute, evidence):
        tell(event)
        if isinstance(event, LeftOut) and event.unfit:
            raise Unfit(f"{event.what}: {event.reason}")
    return Outcome(
        f"{after} against {before}, built and measured side by side", tuple(lines(tasks, evidence))
    )


def lines(tasks: Sequence[Task], evidence: Evidence) -> list[Line]:
    """For each operation the geometric mean over its payloads."""
    by_operation: dict[str, list[list[Sample]]] = {}
    for task in tasks:
        samples = evidence.of(task)
        if samples:
            by_operation.setdefault(task.operation, []).append(samples)
    found = []
    for operation, series in by_operation.items():
        whole = contest.by_process(series)
        if not whole:
            continue
        ratio = looks.interval([geometric_mean(list(map(contest.ratio, one))) for one in whole])
        found.append(Line(operation, ratio, _verdict(ratio)))
    return found


def _is_wide(ratio: Estimate) -> bool:
    """Whether the interval still has room for a difference that matters."""
    return math.log(ratio.high / ratio.low) > TOLERANCE


def package(revision: str) -> str:
    """Build the extension of a commit as a package of its own name below `BUILDS`; gives the name.

    A build is kept: the same commit is not built twice.
    """
    commit = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    name = f"driftcore_native_{commit[:12]}"
    target = BUILDS / name
    if target.exists():
        return name
    source, wheels = BUILDS / f"{name}.source", BUILDS / f"{name}.wheels"
    for folder in (source, wheels):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    archive = BUILDS / f"{name}.tar"
    _git("archive", f"--output={archive}", commit)
    shutil.unpack_archive(archive, source)
    archive.unlink()
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    _run([*pip, f"--wheel-dir={wheels}", str(source)], {**os.environ, "PATH": path})
    (wheel,) = wheels.glob("*.whl")
    unpacked = source / "unpacked"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(unpacked)
    (unpacked / "driftcore_native").rename(target)
    shutil.rmtree(source)
    shutil.rmtree(wheels)
    return name


def _git(*arguments: str) -> str:
    return _run(["git", "-C", str(ROOT), *arguments], dict(os.environ))


def _run(command: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().rpartition("\n")[2] or "no such commit or file"
        raise Unfit(f"`{' '.join(command[:6])} …` ended with {done.returncode}: {last}")
    return done.stdout.strip()


def text(outcome: Outcome) -> str:
    """What a person reads: the sentence, the lines that differ, then the others."""
    slower = [line for line in outcome.lines if line.verdict == "slower"]
    faster = [line for line in outcome.lines if line.verdict == "faster"]
    same = len(outcome.lines) - len(slower) - len(faster)
    if slower:
        first = slower[0].what
        head = f"FAIL: slower in {len(slower)}, first in {first}; faster in {len(faster)}, alike in {same}."
    elif not outcome.lines:
        head = "INCONCLUSIVE: the two have no measurement in common."
    else:
        head = f"PASS: slower in none, faster in {len(faster)}, alike in {same}."
    rows = [[outcome.title, "times as fast", "interval", ""]]
    rows += [
        [
            line.what,
            figures.times(line.ratio.median),
            figures.interval(line.ratio.low, line.ratio.high),
            line.verdict,
        ]
        for line in [*slower, *faster, *(line for line in outcome.lines if not line.verdict)]
    ]
    return f"{head}\n\n{grid.table(rows)}" if outcome.lines else head
