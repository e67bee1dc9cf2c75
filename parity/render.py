"""Turns events into text for a person: a summary sentence, details, and last the command to reproduce."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING

from reports.exit_codes import ExitCode

from . import show
from .cases import Case
from .engine import Judgement, exit_code, unproven
from .events import Event, Finished, Mismatch, Progress, Started, Tally
from .operations import OPERATIONS
from .subjects import Provenance

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

DETAILS_PER_OPERATION = 3
"""How many mismatches of one operation are printed; all are counted, and the result file has all."""


class ProgressBar:
    """Listens to a run and draws a bar on stderr; silent where stderr is no terminal."""

    def __init__(self, stream: IO[str] = sys.stderr) -> None:
        self._stream = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def on(self, event: Event) -> None:
        if isinstance(event, Started):
            self._start(event.planned)
        elif self._bar is not None and self._task is not None:
            if isinstance(event, Progress):
                self._bar.update(
                    self._task, completed=event.done, description=f"{event.mismatches:,} mismatches"
                )
            elif isinstance(event, Finished):
                self._bar.stop()

    def _start(self, planned: int) -> None:
        if not self._stream.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(file=self._stream), transient=True)
        self._task = self._bar.add_task("0 mismatches", total=planned)
        self._bar.start()


class Summary:
    """Listens to a run and, when asked, gives its text.

    `command` runs the same again; `replay` is the command that shows one case, without its id.
    """

    def __init__(self, command: str, replay: str) -> None:
        self._command, self._replay = command, replay
        self._started: Started | None = None
        self._finished: Finished | None = None
        self._kept: list[Mismatch] = []
        self._seen: Counter[str] = Counter()

    def on(self, event: Event) -> None:
        if isinstance(event, Started):
            self._started = event
        elif isinstance(event, Finished):
            self._finished = event
        elif isinstance(event, Mismatch):
            self._seen[event.operation] += 1
            if self._seen[event.operation] <= DETAILS_PER_OPERATION:
                self._kept.append(event)

    def text(self) -> str:
        """The whole report; the run must have finished."""
        assert self._started is not None and self._finished is not None, "the run has not finished"
        started, finished = self._started, self._finished
        blocks = [
            summary_sentence(started, finished),
            f"{_subject('reference', started.reference, started.reference_provenance)}\n"
            f"{_subject('candidate', started.candidate, started.candidate_provenance)}\n"
            f"  on         {started.python}, int digits limited to {started.int_max_str_digits:,}",
            _census(finished.census),
        ]
        notes = _notes(finished)
        if notes:
            blocks.append(notes)
        blocks += [_mismatch(number, one, self._replay) for number, one in enumerate(self._kept, start=1)]
        hidden = sum(self._seen.values()) - len(self._kept)
        if hidden:
            blocks.append(
                f"{_count(hidden, 'more mismatch', 'more mismatches')} not shown; --out FILE keeps them all"
            )
        blocks.append(f"Run again: {self._command}")
        return "\n\n".join(blocks)


def summary_sentence(started: Started, finished: Finished) -> str:
    """One sentence that can be read aloud."""
    operations = [OPERATIONS[name] for name in started.operations]
    compared = sum(tally.compared for tally in finished.census)
    mismatches = sum(tally.mismatches for tally in finished.census)
    explained = sum(tally.explained for tally in finished.census)
    per_second = compared / max(finished.seconds, 1e-9)
    rate = f"{compared:,} compared cases in {finished.seconds:.1f} s ({per_second:,.0f}/s)"
    but = f", {explained:,} differences are declared" if explained else ""
    code = exit_code(operations, finished)
    if code is ExitCode.FAIL:
        wrong = len({tally.operation for tally in finished.census if tally.mismatches})
        where = _count(wrong, "operation", "operations")
        differs = f"{started.candidate} differs from {started.reference}"
        return f"MISMATCH: {differs} in {mismatches:,} of {rate}, in {where}{but}."
    if code is ExitCode.INCONCLUSIVE:
        names = ", ".join(unproven(operations, finished))
        return f"NOT ENOUGH EVIDENCE: {names} never gave values on both sides; {rate}{but}."
    equals = f"{started.candidate} equals {started.reference}"
    if explained:
        declared = _count(explained, "declared difference", "declared differences")
        return f"PASS: {equals} but for {declared} in {rate}."
    return f"PASS: {equals} in all of {rate}."


def judgement_text(case: Case, judgement: Judgement, names: tuple[str, str], again: str) -> str:
    """One case in full, for `replay`; `names` are those of reference and candidate."""
    difference = judgement.difference
    if difference is None:
        sentence = f"EQUAL: {names[1]} and {names[0]} agree on {case.operation.name}."
    else:
        sentence = f"DIFFERENT: {case.operation.name} parts at {difference.path}: {difference.reason}."
        if judgement.explained_by is not None:
            sentence = f"DECLARED {judgement.explained_by.id}: {judgement.explained_by.why}\n{sentence}"
    lines = [
        f"  {name} = {show.full(value)}" for name, value in zip(case.operation.arguments, case.arguments())
    ]
    blocks = [sentence, f"case {case.id}", "arguments\n" + "\n".join(lines)]
    if difference is not None:
        blocks.append(
            f"where they part\n  {names[0]:<10} {show.typed(difference.expected, difference.at)}\n"
            f"  {names[1]:<10} {show.typed(difference.actual, difference.at)}"
        )
    blocks += [
        f"{names[0]}\n  {show.outcome(judgement.expected)}",
        f"{names[1]}\n  {show.outcome(judgement.actual)}",
    ]
    blocks.append(f"Show again: {again}")
    return "\n\n".join(blocks)


def _subject(role: str, name: str, provenance: Provenance) -> str:
    kind = "compiled" if provenance.compiled else "Python"
    what = f"{provenance.module} {provenance.version}, {kind}, sha256 {provenance.sha256[:16]}"
    return f"  {role}  {name}: {what}\n             {provenance.file}"


def _mismatch(number: int, one: Mismatch, replay: str) -> str:
    return (
        f"{number}. {one.operation} parts at {one.path}: {one.reason}\n"
        f"   reference  {one.expected}\n"
        f"   candidate  {one.actual}\n"
        f"   input      {one.input}\n"
        f"   case       {one.case}\n"
        f"   replay     {replay} {one.case}"
    )


def _notes(finished: Finished) -> str:
    lines = []
    if finished.punts is not None:
        total = sum(finished.punts.values())
        reasons = _by_count(finished.punts)
        lines.append(
            f"Punts of the candidate to the reference: {total:,}" + (f" ({reasons})" if total else "")
        )
    if finished.skipped:
        lines.append(f"Skipped: {_by_count(finished.skipped)}")
    if finished.divergences:
        lines.append(f"Declared divergences seen: {_by_count(finished.divergences)}")
    return "\n".join(lines)


def _by_count(counts: Mapping[str, int]) -> str:
    """The most frequent first; what never occurred is left out."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ordered if count)


_COLUMNS = (
    "generated",
    "compared",
    "both_value",
    "punted_value",
    "both_error",
    "one_error",
    "skipped",
    "explained",
    "mismatches",
)


def _census(census: Sequence[Tally]) -> str:
    """A table: one row for each operation and profile, and a total."""
    rows = [("operation", "profile", *(name.replace("_", " ") for name in _COLUMNS))]
    rows += [
        (tally.operation, tally.profile, *(f"{getattr(tally, name):,}" for name in _COLUMNS))
        for tally in census
    ]
    rows.append(("total", "", *(f"{sum(getattr(tally, name) for tally in census):,}" for name in _COLUMNS)))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(_row(row, widths) for row in rows)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    names = "  ".join(cell.ljust(width) for cell, width in zip(cells[:2], widths[:2]))
    return f"{names}  {'  '.join(cell.rjust(width) for cell, width in zip(cells[2:], widths[2:]))}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
