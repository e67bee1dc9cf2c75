"""What each command does: it calls, prints and gives an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Optional

from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.interrupts import asked_to_stop
from driftgate.base.result_file import DamagedResults, ResultFile
from parity.subjects.described import describe

from . import compare as comparing
from . import history as kept
from . import machine, native_results, plan
from . import run as running
from .claims import publish
from .claims.loader import BadClaims, load
from .counts import baseline, instructions
from .counts import gate as gating
from .events import FORMAT, Event, Finished, LeftOut, Progress, Started, record
from .pairs.rounds import Execute
from .pairs.timing import Clock
from .progress import ProgressView
from .results import read_file
from .tables import colour
from .tables.report import report
from .verify import judged_again

OUT = Path("reports/out/bench.ndjson")


def run(request: plan.Request, out: Path, clock: Clock, execute: Execute) -> ExitCode:
    try:
        chosen = plan.make(request)
    except Unfit as error:
        return _refuse(ExitCode.UNFIT, error)
    except BadClaims as error:
        return _refuse(ExitCode.USAGE, error)
    with asked_to_stop() as stop:
        return _follow(running.run(chosen, clock, execute, stop), out)


def _follow(told: Iterable[Event], out: Path) -> ExitCode:
    """Write the events of a run down and show them; its exit code."""
    events: list[Event] = []
    with ResultFile(out, FORMAT) as results, ProgressView() as view:
        for event in told:
            view.on(event)
            if not isinstance(event, Progress):
                results.write(*record(event))
                events.append(event)
    started, finished = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(finished, Finished)
    _show(report(started, events[1:-1], finished, str(out)))
    return finished.exit_code


def verify(file: Path, claims: Path) -> ExitCode:
    """Whether the verdicts of a result file follow from its samples."""
    try:
        differing = judged_again(read_file(file), load(claims))
    except DamagedResults as error:
        return _refuse(ExitCode.UNFIT, error)
    except BadClaims as error:
        return _refuse(ExitCode.USAGE, error)
    for line in differing:
        print(line)
    if differing:
        print(f"FAIL: {len(differing)} verdicts of {file} do not follow from its samples.")
        return ExitCode.FAIL
    print(f"PASS: every verdict of {file} follows from its samples.")
    return ExitCode.PASS


def gate(write: bool, limit: float) -> ExitCode:
    """Count, and compare with the baseline of this toolchain or make a new one."""
    describe(("native",))
    events: list[Event] = []
    with ProgressView() as view:
        view.on(Progress(0, 0, "instructions, allocations, peak memory"))
        events += native_results.run(native_results.find_binary(), native_results.BRIEF, machine.commit())
        events += instructions.count()
    for event in events:
        if isinstance(event, LeftOut):
            return _refuse(ExitCode.UNFIT, f"{event.what}: {event.reason}")
    now = baseline.of(events, instructions.version())
    if write:
        print(f"{baseline.write(now)}: {len(now.counts)} benches; commit it.")
        return ExitCode.PASS
    try:
        before = baseline.read(now.path())
    except FileNotFoundError:
        why = f"no baseline for {now.toolchain}; make one with: python -m bench gate --write"
        return _refuse(ExitCode.INCONCLUSIVE, why)
    except ValueError as error:
        return _refuse(ExitCode.UNFIT, error)
    outcome = gating.compare(before, now, limit)
    _show(gating.text(outcome, limit))
    return outcome.code


def compare(before: str, after: str, force: bool, command: str, clock: Clock, execute: Execute) -> ExitCode:
    """Two result files, or two commits."""
    try:
        if Path(before).is_file() and Path(after).is_file():
            outcome = comparing.files(read_file(Path(before)), read_file(Path(after)), force)
        else:
            with ProgressView() as view:
                outcome = comparing.commits(before, after, command, execute, view.on)
    except DamagedResults as error:
        return _refuse(ExitCode.UNFIT, error)
    except comparing.Refused as error:
        return _refuse(ExitCode.USAGE, error)
    except Unfit as error:
        return _refuse(ExitCode.UNFIT, error)
    _show(comparing.text(outcome))
    return outcome.code


def history(claim: Optional[str], add: Optional[Path], kind: Optional[str]) -> ExitCode:
    try:
        if add is not None:
            print(f"appended to {kept.append(read_file(add))}")
        runs = kept.read(kind or machine.look().kind)
    except DamagedResults as error:
        return _refuse(ExitCode.UNFIT, error)
    _show(kept.text(runs, claim))
    return ExitCode.PASS if runs else ExitCode.INCONCLUSIVE


def sign(file: Path) -> ExitCode:
    """Keep a release run's result as the one whose figures are published, and in the history."""
    try:
        results = read_file(file)
        path = publish.sign(results)
        kept.append(results)
    except DamagedResults as error:
        return _refuse(ExitCode.UNFIT, error)
    except publish.Unpublishable as error:
        return _refuse(ExitCode.INCONCLUSIVE, error)
    print(f"{path}: now run: python -m bench figures --write")
    return ExitCode.PASS


def figures(write: bool) -> ExitCode:
    try:
        problems = publish.write_all() if write else publish.check_all()
    except publish.Unpublishable as error:
        return _refuse(ExitCode.UNFIT, error)
    for problem in problems:
        print(problem)
    return ExitCode.FAIL if problems else ExitCode.PASS


def _show(text: str) -> None:
    print(colour.paint(text, sys.stdout))


def _refuse(code: ExitCode, why: object) -> ExitCode:
    print(f"{code.name}: {why}", file=sys.stderr)
    return code
