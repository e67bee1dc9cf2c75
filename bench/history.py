"""What became of each claim, run by run: one append-only file for each machine class.

A run is one line of `bench/data/history/CLASS.ndjson`.  Lines are never changed or taken out:
re-runs are kept beside the first, and the best of several is nobody's result.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from driftgate.base import columns, strict_json
from driftgate.base.decode import decode
from driftgate.base.exit_codes import UsageError
from driftgate.base.files import append_line
from driftgate.base.result_file import DamagedResults

from .events import Claim
from .results import Results, require_own
from .stats.changes import change_points
from .stats.order import Estimate
from .tables.claims import quantity

FOLDER = Path(__file__).parent / "data" / "history"
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Point:
    """What a run made of a claim."""

    verdict: str
    unit: str
    figure: Optional[Estimate]


@dataclass(frozen=True)
class Run:
    commit: str
    at: str
    command: str
    release: bool
    sha256: str
    claims: dict[str, Point]


def run_of(results: Results) -> Run:
    """What is kept of a result; raises `UsageError` for one of another candidate."""
    require_own(results)
    started = results.started
    return Run(
        commit=started.commit or "unknown",
        at=started.at,
        command=started.command,
        release=started.release,
        sha256=started.subjects[started.candidate].sha256,
        claims={
            event.id: Point(event.verdict, event.unit, event.figure)
            for event in results.events
            if isinstance(event, Claim)
        },
    )


def append(results: Results, folder: Optional[Path] = None) -> Path:
    """Add a result to the history of its machine class, in `FOLDER` or another."""
    path = (folder or FOLDER) / f"{results.started.machine.kind}.ndjson"
    append_line(path, json.dumps(asdict(run_of(results))))
    return path


def read(kind: str, folder: Optional[Path] = None) -> list[Run]:
    """The runs of a machine class, the oldest first; raises `DamagedResults`."""
    path = (folder or FOLDER) / f"{kind}.ndjson"
    if not path.exists():
        return []
    *lines, rest = path.read_bytes().split(b"\n")
    if rest:
        raise DamagedResults(f"{path}: cut off inside line {len(lines) + 1}")
    runs = []
    for number, line in enumerate(lines, start=1):
        try:
            runs.append(decode(Run, strict_json.parse(line), f"line {number}"))
        except ValueError as error:
            raise DamagedResults(f"{path}:{number}: {error}") from error
    return runs


@dataclass(frozen=True)
class Change:
    """A claim's figure has another level from this run on."""

    run: Run
    before: float
    after: float

    @property
    def share(self) -> float:
        return self.after / self.before - 1


def changes(runs: Sequence[Run], claim: str) -> list[Change]:
    """Where a claim's figure stepped, by its medians."""
    known = [(run, run.claims[claim].figure) for run in runs if claim in run.claims]
    series = [(run, figure.median) for run, figure in known if figure is not None and figure.median > 0]
    points = change_points([value for _, value in series])
    edges = [0, *points, len(series)]
    levels = (
        [_middle([value for _, value in series[a:b]]) for a, b in zip(edges, edges[1:])] if points else []
    )
    return [Change(series[point][0], levels[at], levels[at + 1]) for at, point in enumerate(points)]


def _middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def text(runs: Sequence[Run], claim: Optional[str]) -> str:
    """A line for each claim, and one for each change; raises `UsageError` for a claim that no run has."""
    if not runs:
        return "No run of this machine class is kept; add one: python -m bench history --add FILE"
    names = dict.fromkeys(name for run in runs for name in run.claims)
    if claim is not None and claim not in names:
        raise UsageError(f"no run has a claim {claim!r}; there are {', '.join(names)}")
    rows = [["Claim", "runs", "over time", "first", "last", "verdict"]]
    steps = []
    for name in names if claim is None else [claim]:
        points = [run.claims[name] for run in runs if name in run.claims]
        values = [point.figure.median for point in points if point.figure is not None]
        if not values:
            continue
        unit = points[-1].unit
        first, last = quantity(values[0], unit), quantity(values[-1], unit)
        rows.append([name, f"{len(values)}", _line(values), first, last, points[-1].verdict])
        steps += [
            f"  {name} went from {quantity(one.before, unit)} to {quantity(one.after, unit)} "
            f"({one.share:+.1%}) with commit {one.run.commit[:12]}, {one.run.at}"
            for one in changes(runs, name)
        ]
    lines = [columns.table(rows, texts=1)]
    lines += ["Changes", *steps] if steps else ["No figure has changed its level."]
    return "\n".join(lines)


def _line(values: Sequence[float]) -> str:
    """The last 24 figures as bars between their extremes."""
    shown = values[-24:]
    low, high = min(shown), max(shown)
    width = (high - low) or 1.0
    return "".join(_BARS[round((value - low) / width * (len(_BARS) - 1))] for value in shown)
