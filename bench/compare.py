"""Head against base: two result files, or better two commits, built and measured side by side.

Figures of two runs are hours or machines apart, and only what drifts alike cancels: their
ratios against the same rival are compared, and only within one machine class.  Two commits
are built in one go and timed in pairs, which is what a regression gate should rest on.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from driftgate.base import columns, figures
from driftgate.base.checkout import git, without_git
from driftgate.base.exit_codes import ExitCode, Unfit, UsageError
from parity.operations import OPERATIONS
from parity.subjects.described import describe

from .claims.selftest import TOLERANCE
from .events import Event, LeftOut, Pair, Sample
from .machine import ROOT
from .pairs import contest, rounds
from .pairs.inputs import shape_input
from .pairs.payloads import shapes
from .pairs.rounds import Evidence, Execute
from .pairs.tasks import PAIR, SELF_TEST, Task
from .results import Results
from .stats import looks
from .stats.order import Estimate
from .stats.summary import geometric_mean

BUILDS = ROOT / "build" / "compare"
LOOKS = (6, 12)


UNSETTLED = "no verdict: a build differs from its own copy"


class Refused(UsageError):
    """The two must not be compared; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """How many times as fast the second is as the first, on what.

    `own` is what each build shows against a copy of itself: where that is not 1, the machine speaks.
    """

    what: str
    ratio: Estimate
    verdict: str
    own: tuple[Estimate, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """`same_bytes` is the digest of both extensions where there was nothing to time."""

    title: str
    lines: tuple[Line, ...]
    same_bytes: Optional[str] = None

    @property
    def code(self) -> ExitCode:
        if any(line.verdict == "slower" for line in self.lines):
            return ExitCode.FAIL
        if self.same_bytes is None and not any(line.verdict != UNSETTLED for line in self.lines):
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


def _verdict(ratio: Estimate, own: Sequence[Estimate] = ()) -> str:
    """Slower or faster with the whole interval, by more than A/A tolerates and a build shows of itself."""
    if any(one.low > 1 + TOLERANCE or one.high < 1 - TOLERANCE for one in own):
        return UNSETTLED
    if ratio.high < min([1 - TOLERANCE, *(one.low for one in own)]):
        return "slower"
    return "faster" if ratio.low > max([1 + TOLERANCE, *(one.high for one in own)]) else ""


def commits(
    before: str, after: str, command: str, execute: Execute, tell: Callable[[Event], None]
) -> Outcome:
    """Build both, measure them in pairs; a line for each operation, over its payloads."""
    old, new = map(package, [commit_of(before), commit_of(after)])
    title = f"{after} against {before}, built and measured side by side"
    if _bytes_of(old) == _bytes_of(new):
        return Outcome(title, (), same_bytes=_bytes_of(new))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(BUILDS), os.environ.get("PYTHONPATH", "")])
    if str(BUILDS) not in sys.path:
        sys.path.insert(0, str(BUILDS))
    describe((old, new))
    tasks = _tasks(new, old)
    evidence = Evidence()

    def still_open(so_far: Evidence) -> set[Task]:
        found = lines(tasks, so_far)
        return set(tasks) if any(not line.verdict and _is_wide(line.ratio) for line in found) else set()

    for event in rounds.rounds(tasks, still_open, LOOKS, 0, False, execute, evidence):
        tell(event)
        if isinstance(event, LeftOut) and event.unfit:
            raise Unfit(f"{event.what}: {event.reason}")
    return Outcome(title, tuple(lines(tasks, evidence)))


def _tasks(new: str, old: str) -> list[Task]:
    """One against the other, and each against a copy of itself."""
    return [
        Task(role, operation.name, shape.name, subject, against)
        for role, subject, against in (
            (PAIR, new, old),
            (SELF_TEST, _copy_of(old), old),
            (SELF_TEST, _copy_of(new), new),
        )
        for operation in OPERATIONS.values()
        for shape in shapes().values()
        if shape_input(shape, operation) is not None
    ]


def lines(tasks: Sequence[Task], evidence: Evidence) -> list[Line]:
    """For each operation the geometric mean over its payloads."""
    series: dict[tuple[str, str, str], list[list[Sample]]] = {}
    for task in tasks:
        samples = evidence.of(task)
        if samples:
            series.setdefault((task.operation, task.role, task.against), []).append(samples)
    ratios = {key: _over_payloads(samples) for key, samples in series.items()}
    found = []
    for (operation, role, _), ratio in ratios.items():
        if role == PAIR and ratio is not None:
            own = [one for key, one in ratios.items() if one and key[:2] == (operation, SELF_TEST)]
            found.append(Line(operation, ratio, _verdict(ratio, own), tuple(own)))
    return found


def _over_payloads(series: Sequence[Sequence[Sample]]) -> Optional[Estimate]:
    whole = contest.by_process(series)
    if not whole:
        return None
    return looks.interval([geometric_mean(list(map(contest.ratio, one))) for one in whole])


def _is_wide(ratio: Estimate) -> bool:
    """Whether the interval still has room for a difference that matters."""
    return math.log(ratio.high / ratio.low) > TOLERANCE


def commit_of(revision: str) -> str:
    """The commit that a revision names; raises `Refused` where there is none."""
    try:
        return git(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except Unfit:
        raise Refused(f"{revision!r} is neither a file nor a commit of this checkout") from None


def package(commit: str) -> str:
    """Build the extension of a commit as a package of its own name below `BUILDS`; gives the name.

    A build is kept: the same commit is not built twice.
    """
    name = f"driftcore_native_{commit[:12]}"
    target = BUILDS / name
    if target.exists():
        return name
    source, wheels = BUILDS / f"{name}.source", BUILDS / f"{name}.wheels"
    for folder in (source, wheels):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    archive = BUILDS / f"{name}.tar"
    git(ROOT, "archive", f"--output={archive}", commit)
    shutil.unpack_archive(archive, source)
    archive.unlink()
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    _run([*pip, f"--wheel-dir={wheels}", str(source)], {**without_git(), "PATH": path})
    (wheel,) = wheels.glob("*.whl")
    unpacked = source / "unpacked"
    with zipfile.ZipFile(wheel) as content:
        content.extractall(unpacked)
    (unpacked / "driftcore_native").rename(target)
    shutil.rmtree(source)
    shutil.rmtree(wheels)
    return name


def _copy_of(name: str) -> str:
    """The same build under another name, for A/A."""
    twin = f"{name}_copy"
    if not (BUILDS / twin).exists():
        shutil.copytree(BUILDS / name, BUILDS / twin)
    return twin


def _bytes_of(name: str) -> str:
    """The digest of a build's extensions."""
    digest = hashlib.sha256()
    for file in sorted((BUILDS / name).rglob("*.so")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(command: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise Unfit(f"`{' '.join(command[:6])} …` ended with {done.returncode}: {last}")
    return done.stdout.strip()


def text(outcome: Outcome) -> str:
    """What a person reads: the sentence, the lines that differ, then the others."""
    if outcome.same_bytes is not None:
        return f"PASS: {outcome.title}: the same bytes (SHA-256 {outcome.same_bytes[:12]}), nothing to time."
    slower, faster, unsettled, same = (
        [line for line in outcome.lines if line.verdict == verdict]
        for verdict in ("slower", "faster", UNSETTLED, "")
    )
    alike = f"faster in {len(faster)}, alike in {len(same)}"
    if unsettled:
        alike += f", no verdict on {len(unsettled)}, where a build differs from its own copy"
    if slower:
        head = f"FAIL: slower in {len(slower)}, first in {slower[0].what}; {alike}."
    elif not outcome.lines:
        return "INCONCLUSIVE: the two have no measurement in common."
    else:
        head = f"{outcome.code.name}: slower in none, {alike}."
    rows = [[outcome.title, "times as fast", "interval", "itself", ""]]
    rows += [
        [
            line.what,
            figures.times(line.ratio.median),
            figures.interval(line.ratio.low, line.ratio.high),
            _own(line),
            line.verdict,
        ]
        for line in [*slower, *faster, *unsettled, *same]
    ]
    own = "" if not any(line.own for line in outcome.lines) else "\n\n" + ITSELF
    return f"{head}\n\n{columns.table(rows)}{own}"


ITSELF = "`itself` is what the two builds show against copies of themselves, in the same processes."


def _own(line: Line) -> str:
    if not line.own:
        return ""
    return figures.interval(min(one.low for one in line.own), max(one.high for one in line.own))
