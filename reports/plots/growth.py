"""Speed-up by size of input, a panel for each operation; where a line crosses 1 the two are even."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.events import Growth

from .svg import INK, SERIES, new_figure, rendered, style

ACROSS = 3


def draw(growths: Sequence[Growth]) -> str:
    operations = list(dict.fromkeys(one.operation for one in growths))
    kinds = list(dict.fromkeys((one.ladder, one.against) for one in growths))
    down = math.ceil(len(operations) / ACROSS)
    with style():
        figure = new_figure(8.2, 0.5 + 1.7 * down)
        panels = figure.subplots(down, ACROSS, sharex=True, squeeze=False)
        for at, operation in enumerate(operations):
            axes = panels[at // ACROSS][at % ACROSS]
            for one in (one for one in growths if one.operation == operation):
                ratios = [other / own for own, other in zip(one.subject_ns, one.against_ns)]
                colour = SERIES[kinds.index((one.ladder, one.against)) % len(SERIES)]
                axes.plot(one.sizes, ratios, color=colour, linewidth=1.2, marker=".", markersize=4)
            axes.axhline(1, color=INK, linewidth=0.7)
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.set_title(operation.replace("_pyobject", "…"), fontsize=7)
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}×")
            axes.minorticks_off()
        for at in range(len(operations), down * ACROSS):
            panels[at // ACROSS][at % ACROSS].axis("off")
        for at, (kind, against) in enumerate(kinds):
            panels[0][0].plot([], [], color=SERIES[at % len(SERIES)], label=f"{kind}, against {against}")
        figure.legend(loc="lower center", bbox_to_anchor=(0.5, 0.98), ncols=min(3, len(kinds)), fontsize=8)
        figure.supxlabel("bytes of input", fontsize=8)
        figure.tight_layout()
        return rendered(figure, "growth")
