"""Each claim's median over the runs of this machine class, relative to its first."""

from __future__ import annotations

from collections.abc import Sequence

from bench.history import Run

from .svg import ACCENT, BAD, INK, new_figure, rendered, style

STEP = 0.1
"""A claim that moved by more than this share is named."""


def draw(runs: Sequence[Run]) -> str:
    with style():
        figure = new_figure(7.5, 2.8)
        axes = figure.subplots()
        for name in dict.fromkeys(name for run in runs for name in run.claims):
            points = [(at, run.claims[name].figure) for at, run in enumerate(runs) if name in run.claims]
            known = [
                (at, figure_.median) for at, figure_ in points if figure_ is not None and figure_.median > 0
            ]
            if len(known) < 2:
                continue
            first = known[0][1]
            values = [value / first for _, value in known]
            moved = abs(values[-1] - 1) > STEP
            axes.plot(
                [at for at, _ in known], values, color=BAD if moved else ACCENT, linewidth=1.0, alpha=0.8
            )
            if moved:
                axes.annotate(
                    name, (known[-1][0], values[-1]), xytext=(3, 0), textcoords="offset points", fontsize=6
                )
        axes.axhline(1, color=INK, linewidth=0.6)
        axes.set_xticks(range(len(runs)), [run.commit[:7] for run in runs], rotation=45, fontsize=7)
        axes.set_ylabel("of its first run")
        return rendered(figure, "history")
