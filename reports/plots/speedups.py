"""How a speed-up is spread over inputs: least to greatest, the middle thick, the median marked."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench.events import Pair

from .svg import BAD, INK, SERIES, new_figure, rendered, style


def spread(ratios: Sequence[float]) -> tuple[float, float, float, float, float]:
    """(least, worst tenth, median, best tenth, greatest)."""
    ordered = sorted(ratios)
    tenth = (len(ordered) - 1) // 10
    return ordered[0], ordered[tenth], statistics.median(ordered), ordered[-1 - tenth], ordered[-1]


def draw(pairs: Sequence[Pair]) -> str:
    groups: dict[tuple[str, str], list[float]] = {}
    for pair in pairs:
        groups.setdefault((pair.operation, f"{pair.subject} / {pair.against}"), []).append(pair.ratio.median)
    rivals = list(dict.fromkeys(rival for _, rival in groups))
    rows = sorted(groups.items())
    with style():
        figure = new_figure(7.5, 0.9 + 0.2 * len(rows))
        axes = figure.subplots()
        for at, ((_, rival), ratios) in enumerate(rows):
            least, low, median, high, most = spread(ratios)
            colour = SERIES[rivals.index(rival) % len(SERIES)]
            axes.plot([least, most], [at, at], color=colour, linewidth=0.8)
            axes.plot([low, high], [at, at], color=colour, linewidth=3, solid_capstyle="butt")
            axes.plot([median], [at], "|", color=INK, markersize=9)
            if least < 1:
                axes.plot([least], [at], "o", color=BAD, markersize=3.5)
        axes.axvline(1, color=INK, linewidth=0.8)
        axes.set_yticks(
            range(len(rows)), [f"{operation}, {rival}" for (operation, rival), _ in rows], fontsize=7
        )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
        axes.minorticks_off()
        axes.grid(axis="x")
        axes.set_xlabel("times as fast")
        return rendered(figure, f"speedups-{len(pairs)}")
