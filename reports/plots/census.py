"""What the compared cases of each operation were, as shares."""

from __future__ import annotations

from collections.abc import Sequence

from parity.census import Tally

from .svg import ACCENT, BAD, FAINT, OPEN, SECOND, new_figure, rendered, style

PARTS = (
    ("values, its own work", ACCENT),
    ("values, punted", FAINT),
    ("errors on both sides", SECOND),
    ("declared differences", OPEN),
    ("mismatches", BAD),
)


def shares(row: Tally) -> tuple[float, ...]:
    """Of the compared cases, in the order of `PARTS`; what differs is counted once, as differing."""
    differing = row.explained + row.mismatches
    alike = max(row.compared - differing, 0)
    split = row.own_values + row.punted_value + row.both_error
    whole = row.compared or 1
    scale = alike / split if split else 0.0
    parts = [part * scale for part in (row.own_values, row.punted_value, row.both_error)]
    return tuple(part / whole for part in (*parts, row.explained, row.mismatches))


def draw(rows: Sequence[Tally]) -> str:
    with style():
        figure = new_figure(7.5, 0.7 + 0.28 * len(rows))
        axes = figure.subplots()
        names = [row.operation for row in rows]
        left = [0.0] * len(rows)
        for at, (label, colour) in enumerate(PARTS):
            widths = [100 * shares(row)[at] for row in rows]
            if any(widths):
                axes.barh(names, widths, left=left, color=colour, height=0.62, label=label)
            left = [one + other for one, other in zip(left, widths)]
        axes.invert_yaxis()
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of the compared cases")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=8)
        return rendered(figure, "census")
