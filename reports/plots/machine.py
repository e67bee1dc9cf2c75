"""The machine strip: contaminated blocks, stolen time and load, process by process."""

from __future__ import annotations

from collections.abc import Sequence

from bench.events import Worker

from .svg import ACCENT, BAD, OPEN, SECOND, new_figure, rendered, style


def draw(workers: Sequence[Worker]) -> str:
    at = range(len(workers))
    with style():
        figure = new_figure(7.5, 2.4)
        lost, stolen, load = figure.subplots(3, 1, sharex=True)
        shares = [100 * one.contaminated / one.blocks if one.blocks else 0.0 for one in workers]
        lost.bar(at, shares, color=[BAD if one.label else OPEN for one in workers], width=0.8)
        lost.set_ylabel("lost core, %", fontsize=7)
        stolen.bar(at, [one.steal_ms or 0.0 for one in workers], color=SECOND, width=0.8)
        stolen.set_ylabel("stolen, ms", fontsize=7)
        load.bar(at, [one.load or 0.0 for one in workers], color=ACCENT, width=0.8)
        load.set_ylabel("load", fontsize=7)
        load.set_xlabel("processes of the bench, in turn")
        load.set_xticks([])
        figure.align_ylabels()
        return rendered(figure, "machine")
