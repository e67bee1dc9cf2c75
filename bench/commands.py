"""What each command does: it calls, prints and gives an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Optional

from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit
from driftgate.base.files import is_file, require_file
from driftgate.base.interrupts import asked_to_stop
from driftgate.base.result_file import ResultFile
from driftgate.base.terminal import paint
from parity.subjects.described import describe

from . import compare as comparing
from . import history as kept
from . import machine, native_results, plan
from . import run as running
from .claims import publish
from .claims.loader import load
from .counts import baseline, instructions
from .counts import gate as gating
from .events import FORMAT, Event, Finished, LeftOut, Progress, Started, record
from .pairs.rounds import Execute
from .pairs.timing import Clock
from .progress import ProgressView
from .results import read_file
from .tables.report import report
from .verify import judged_again

OUT = Path("reports/out/bench.ndjson")


def run(request: plan.Request, out: Path, clock: Clock, execute: Execute) -> ExitCode:
    load(request.claims)  # damaged ones are told before any subject is started
    chosen = plan.make(request)
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
    differing = judged_again(read_file(file), load(claims))
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
            raise Unfit(f"{event.what}: {event.reason}")
    now = baseline.of(events, instructions.version())
    if write:
        print(f"{baseline.write(now)}: {len(now.counts)} benches; commit it.")
        return ExitCode.PASS
    try:
        before = baseline.read(now.path())
    except FileNotFoundError:
        raise Inconclusive(
            f"no baseline for {now.toolchain}; make one with: python -m bench gate --write"
        ) from None
    outcome = gating.compare(before, now, limit)
    _show(gating.text(outcome, limit))
    return outcome.code


def compare(before: str, after: str, force: bool, command: str, clock: Clock, execute: Execute) -> ExitCode:
    """Two result files, or two commits."""
    if is_file(Path(before)) or is_file(Path(after)):
        first, second = (read_file(require_file(Path(one))) for one in (before, after))
        outcome = comparing.files(first, second, force)
    else:
        with ProgressView() as view:
            outcome = comparing.commits(before, after, command, execute, view.on)
    _show(comparing.text(outcome))
    return outcome.code


def history(claim: Optional[str], add: Optional[Path], kind: Optional[str]) -> ExitCode:
    kind = kind or machine.look().kind
    results = None if add is None else read_file(add)
    runs = kept.read(kind)
    if results is not None and results.started.machine.kind == kind:
        runs.append(kept.run_of(results))
    text = kept.text(runs, claim)  # which refuses an unknown claim, before anything is written
    if results is not None:
        print(f"appended to {kept.append(results)}")
    _show(text)
    return ExitCode.PASS if runs else ExitCode.INCONCLUSIVE


def sign(file: Path) -> ExitCode:
    """Keep a release run's result as the one whose figures are published, and in the history."""
    results = read_file(file)
    kept.read(results.started.machine.kind)  # before anything is written
    path = publish.sign(results)
    kept.append(results)
    print(f"{path}: now run: python -m bench figures --write")
    return ExitCode.PASS


def figures(write: bool) -> ExitCode:
    problems = publish.write_all() if write else publish.check_all()
    for problem in problems:
        print(problem)
    return ExitCode.FAIL if problems else ExitCode.PASS


def _show(text: str) -> None:
    print(paint(text, sys.stdout))
