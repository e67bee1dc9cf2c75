"""The table of claims: what is claimed, what was measured, the verdict, and why some do not hold."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from driftgate.base import columns, figures

from ..claims.judge import Verdict
from ..events import Claim

WIDTH = 112
UNDERSTATED = 2.0
"""From a lower end of this many times the floor on a claim may be raised."""
_ALONE = "*"


def table(claims: Sequence[Claim]) -> str:
    """A line for each claim under the heading of its operation or scenario."""
    if not claims:
        return ""
    rows: list[list[str]] = [["Claims", "measured", "interval", "bound", "verdict", ""]]
    for group in dict.fromkeys(claim.group for claim in claims):
        rows.append([group])
        rows += [_row(claim) for claim in claims if claim.group == group]
    to = columns.widths([row for row in rows if len(row) > 1])
    lines = [columns.line(row, to) if len(row) > 1 else f"  {row[0]}" for row in rows]
    return "\n".join([*lines, *_notes(claims)])


def _row(claim: Claim) -> list[str]:
    sign = "≥" if claim.at_least else "≤"
    cells = ["  " + claim.measured + (f", here {claim.deciding}" if claim.deciding else "")]
    if claim.figure is None:
        cells += ["–", ""]
    elif claim.figure.count == 1:
        cells += [quantity(claim.figure.median, claim.unit), "exact"]
    else:
        cells += [
            quantity(claim.figure.median, claim.unit),
            figures.interval(claim.figure.low, claim.figure.high),
        ]
    alone = _ALONE if claim.together is False else ""
    return [*cells, f"{sign} {quantity(claim.bound, claim.unit)}", claim.verdict + alone, _remark(claim)]


def quantity(value: float, unit: str) -> str:
    """A figure in the unit of a claim."""
    if unit == "ratio":
        return figures.times(value)
    if unit == "bytes":
        return figures.size(value)
    if unit == "exponent":
        return f"n^{value:+.2f}"
    return (
        figures.significant(value)
        if unit in ("allocations", "instructions")
        else f"{figures.significant(value)}/B"
    )


def _remark(claim: Claim) -> str:
    is_low = claim.at_least and claim.figure is not None and claim.figure.low > UNDERSTATED * claim.bound > 0
    return "could claim more" if is_low and claim.verdict == Verdict.PASS else ""


def _notes(claims: Sequence[Claim]) -> list[str]:
    """What the intervals rest on, and what many verdicts at once are worth."""
    counts = [claim.figure.count for claim in claims if claim.figure is not None and claim.figure.count > 1]
    notes = []
    if counts:
        processes = f"{min(counts)} to {max(counts)}" if min(counts) < max(counts) else f"{counts[0]}"
        notes.append(
            f"  Intervals lie between the ranks that decide, of {processes} fresh processes; a claim whose "
            "truth is its bound gets a wrong verdict in at most 1 run of 20."
        )
    alone = [claim for claim in claims if claim.together is False]
    if alone:
        notes.append(
            f"  {_ALONE} holds by itself; to hold together with all others at 95 % (Holm) it needs more "
            "processes than these."
        )
    return notes


def reasons(claims: Sequence[Claim]) -> str:
    """One sentence for each claim that does not pass."""
    lines = []
    for claim in claims:
        if claim.verdict != Verdict.PASS:
            head = f"{claim.verdict} {claim.id}: "
            lines.append(textwrap.fill(head + claim.explanation, WIDTH, subsequent_indent="  "))
    return "\n".join(lines)
