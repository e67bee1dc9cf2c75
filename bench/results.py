"""A result file read back into events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import UsageError
from driftgate.base.result_file import DamagedResults, read_results

from .events import FORMAT, Event, Finished, Pair, Started, read

CANDIDATE = "native"
"""Whom the claims name; a run may put another in its place, whose figures are not kept."""


@dataclass(frozen=True)
class Results:
    started: Started
    events: tuple[Event, ...]
    finished: Finished


def read_file(path: Path) -> Results:
    """A complete result file; raises `DamagedResults` for anything else."""
    results = read_results(path, FORMAT)
    try:
        started, finished = read(results.started), read(results.finished)
        events = tuple(map(read, results.events))
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    assert isinstance(started, Started) and isinstance(finished, Finished)
    if started.candidate not in started.subjects:
        raise DamagedResults(f"{path}: its candidate {started.candidate!r} is none of its subjects")
    for event in events:
        if isinstance(event, Pair) and min(event.ratio.low, event.ratio.median, event.ratio.high) <= 0:
            raise DamagedResults(f"{path}: {event.operation}({event.input}) has a ratio that is not above 0")
    return Results(started, events, finished)


def require_own(results: Results) -> None:
    """Raise `UsageError` for what was measured of another candidate: its figures are not this core's."""
    candidate = results.started.candidate
    if candidate != CANDIDATE:
        raise UsageError(f"this result is of {candidate!r}; only those of {CANDIDATE!r} are kept")
