"""The power curve: which share of such runs would notice a slow-down, by its size."""

from __future__ import annotations

from bench.events import SelfTest

from .svg import ACCENT, BAD, FAINT, GOOD, INK, new_figure, rendered, style


def draw(found: SelfTest) -> str:
    planted = sorted((one for one in found.planted if one.power is not None), key=lambda one: one.share)
    with style():
        figure = new_figure(7.5, 2.4)
        axes = figure.subplots()
        for subject in dict.fromkeys(one.subject for one in planted):
            of_subject = [one for one in planted if one.subject == subject]
            axes.plot(
                [100 * one.share for one in of_subject],
                [100 * (one.power or 0.0) for one in of_subject],
                color=ACCENT,
                linewidth=1.2,
            )
        for one in planted:
            expected = one.caught if one.share else not one.caught
            axes.plot(
                [100 * one.share],
                [100 * (one.power or 0.0)],
                "o" if one.caught else "x",
                color=GOOD if expected else BAD,
                markersize=6,
            )
        axes.axhline(80, color=FAINT, linewidth=0.6, linestyle="--")
        widest = 110 * max((one.share for one in planted), default=0.2)
        if 100 * found.smallest_seen <= widest:
            axes.axvline(100 * found.smallest_seen, color=INK, linewidth=0.6, linestyle=":")
            axes.annotate(
                f"{found.smallest_seen:.1%}",
                (100 * found.smallest_seen, 4),
                xytext=(4, 0),
                textcoords="offset points",
            )
        axes.set_xlim(-0.02 * widest, widest)
        axes.set_ylim(0, 104)
        axes.set_xlabel("planted slow-down, %   (o noticed in this run, x not)")
        axes.set_ylabel("noticed, % of runs")
        return rendered(figure, "power")
