"""Counts against the committed baseline: a gate for every commit, where time is too noisy for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Optional

from driftgate.base import columns, figures
from driftgate.base.exit_codes import ExitCode

from .baseline import Baseline, Count

DEFAULT_LIMIT = 2.0
"""Percent that a count may rise by."""
ROUNDING = 1e-9
"""Of the division by which a share is made."""
EXACT = ("allocations", "first_allocations")
"""Of these not one more is allowed."""


@dataclass(frozen=True)
class Change:
    """A count that is not what the baseline says; None where one side has none."""

    bench: str
    metric: str
    before: Optional[float]
    now: Optional[float]

    @property
    def share(self) -> float:
        """The rise, 0.02 for 2 %."""
        assert self.before is not None and self.now is not None
        if self.before == 0:
            return float("inf") if self.now else 0.0
        return self.now / self.before - 1


@dataclass(frozen=True)
class Outcome:
    """`risen` beyond the limit, `fallen` beyond it, `missing` on one of the sides."""

    risen: tuple[Change, ...]
    fallen: tuple[Change, ...]
    missing: tuple[Change, ...]
    compared: int

    @property
    def code(self) -> ExitCode:
        if self.risen:
            return ExitCode.FAIL
        return ExitCode.INCONCLUSIVE if self.missing or not self.compared else ExitCode.PASS


def compare(before: Baseline, now: Baseline, limit: float) -> Outcome:
    """Each count of each bench of either side; `limit` in percent."""
    risen, fallen, missing = [], [], []
    compared = 0
    for change in _changes(before, now):
        if change.before is None or change.now is None:
            missing.append(change)
            continue
        compared += 1
        allowed = 0.0 if change.metric in EXACT else limit / 100 + ROUNDING
        if change.share > allowed:
            risen.append(change)
        elif change.share < -allowed:
            fallen.append(change)
    risen.sort(key=lambda change: -change.share)
    return Outcome(tuple(risen), tuple(fallen), tuple(missing), compared)


def _changes(before: Baseline, now: Baseline) -> Iterator[Change]:
    nothing = Count(None, None, None, None)
    for bench in sorted({*before.counts, *now.counts}):
        old, new = before.counts.get(bench, nothing), now.counts.get(bench, nothing)
        for field in fields(Count):
            values = getattr(old, field.name), getattr(new, field.name)
            if values != (None, None):
                yield Change(bench, field.name, *values)


def text(outcome: Outcome, limit: float) -> str:
    """What a person reads."""
    lines = [_sentence(outcome, limit)]
    if outcome.risen:
        rows = [["Risen", "count", "before", "now", "by"]]
        rows += [_row(change) for change in outcome.risen]
        lines.append(columns.table(rows, texts=2))
    if outcome.fallen:
        lines.append(
            f"{figures.count(len(outcome.fallen), 'count')} fell beyond the limit; keep the gain with: "
            "python -m bench gate --write"
        )
    if outcome.missing:
        names = ", ".join(dict.fromkeys(change.bench for change in outcome.missing[:5]))
        lines.append(f"Only on one side: {names}; make the baseline anew with: python -m bench gate --write")
    return "\n".join(lines)


def _sentence(outcome: Outcome, limit: float) -> str:
    counted = figures.count(outcome.compared, "count")
    if outcome.risen:
        worst = outcome.risen[0]
        return (
            f"FAIL: {len(outcome.risen)} of {counted} rose by more than {limit:g} %, most {worst.metric} of "
            f"{worst.bench}, by {worst.share:.1%}."
        )
    if outcome.code is ExitCode.INCONCLUSIVE:
        missing = figures.count(len(outcome.missing), "count")
        return f"INCONCLUSIVE: {counted} hold, {missing} cannot be compared."
    return f"PASS: none of {counted} rose by more than {limit:g} %."


def _row(change: Change) -> list[str]:
    assert change.before is not None and change.now is not None
    return [
        change.bench,
        change.metric,
        f"{change.before:,.0f}",
        f"{change.now:,.0f}",
        f"{change.share:+.1%}",
    ]
