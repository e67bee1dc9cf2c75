"""How far each claim is from its bound: a forest plot with the noise floor as a band."""

from __future__ import annotations

from collections.abc import Sequence

from bench.events import Claim

from .svg import BAD, FAINT, GOOD, INK, OPEN, new_figure, rendered, style

COLOURS = {"PASS": GOOD, "FAIL": BAD, "UNFIT": BAD, "INCONCLUSIVE": OPEN}


def margins(claim: Claim) -> tuple[float, float, float] | None:
    """(low, median, high) as times better than the bound; None for a figure that is no ratio to it."""
    figure = claim.figure
    if figure is None or claim.bound <= 0 or min(figure.low, figure.median, figure.high) <= 0:
        return None
    if claim.at_least:
        return figure.low / claim.bound, figure.median / claim.bound, figure.high / claim.bound
    return claim.bound / figure.high, claim.bound / figure.median, claim.bound / figure.low


def draw(claims: Sequence[Claim], noise_floor: float | None) -> str:
    """Claims in their order from the top; those that cannot be drawn are left to the table."""
    drawn = [(claim, margin) for claim in claims if (margin := margins(claim)) is not None]
    with style():
        figure = new_figure(7.5, 0.9 + 0.19 * len(drawn))
        axes = figure.subplots()
        if noise_floor:
            axes.axvspan(1 / (1 + noise_floor), 1 + noise_floor, color=FAINT, alpha=0.35, linewidth=0)
        axes.axvline(1, color=INK, linewidth=0.8)
        for at, (claim, (low, median, high)) in enumerate(drawn):
            colour = COLOURS.get(claim.verdict, INK)
            axes.plot([low, high], [at, at], color=colour, linewidth=2, solid_capstyle="butt")
            axes.plot([median], [at], "o", color=colour, markersize=4)
        axes.set_yticks(range(len(drawn)), [claim.id for claim, _ in drawn])
        axes.set_ylim(len(drawn) - 0.4, -0.6)
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
        axes.minorticks_off()
        axes.grid(axis="x")
        axes.set_xlabel("times better than the bound; left of 1 it is not kept")
        return rendered(figure, "claims")
