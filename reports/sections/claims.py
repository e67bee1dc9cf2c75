"""The claims of speed and memory: what was measured of each, its bound, the verdict and why."""

from __future__ import annotations

from collections.abc import Sequence

from bench.claims.judge import Verdict as ClaimVerdict
from bench.events import Claim
from bench.tables.claims import quantity
from driftgate.base.figures import count

from ..bench_results import BenchResults
from ..document import SignOff
from ..plots import claims as claims_plot
from ..reasons import Place
from .model import Block, Bullets, Cell, Kind, Plot, Section, Strong, Table, Tone, code, paragraph, text

TONES = {
    ClaimVerdict.PASS.value: Tone.GOOD,
    ClaimVerdict.FAIL.value: Tone.BAD,
    ClaimVerdict.INCONCLUSIVE.value: Tone.OPEN,
    ClaimVerdict.UNFIT.value: Tone.BAD,
}


def claims(document: SignOff) -> Section:
    bench = document.evidence.claims
    if bench is None or not bench.claims:
        return Section(Place.CLAIMS.value, "Claims", (paragraph("No claim was measured."),))
    judged = bench.claims
    kept = sum(claim.verdict == ClaimVerdict.PASS for claim in judged)
    blocks: list[Block] = [
        paragraph(
            f"{kept} of {count(len(judged), 'claim')} are kept.  An interval lies between the ranks that "
            "decide, over fresh processes; a claim passes if its whole interval keeps the bound."
        ),
        _plot(bench, judged),
        _table(judged),
    ]
    unkept = [claim for claim in judged if claim.verdict != ClaimVerdict.PASS]
    if unkept:
        blocks.append(
            Bullets(
                tuple(
                    paragraph(
                        Strong(claim.verdict, TONES[claim.verdict]),
                        f" {claim.id}: {claim.sentence} {claim.explanation}",
                    )
                    for claim in unkept
                )
            )
        )
    alone = sum(claim.together is False for claim in judged)
    if alone:
        blocks.append(
            paragraph(
                f"{count(alone, 'claim')} hold by themselves; to hold together with all others at 95 % "
                "(Holm) they need more processes than these."
            )
        )
    return Section(Place.CLAIMS.value, "Claims", tuple(blocks))


def _plot(bench: BenchResults, judged: Sequence[Claim]) -> Plot:
    noise = bench.self_test.noise_floor if bench.self_test else None
    return Plot(
        "claims-plot",
        "How far each claim is from its bound",
        "Each claim’s median and interval, as times better than its bound, which is at 1.  The band "
        "around 1 is the noise floor of this run.  The table below has the figures.",
        lambda: claims_plot.draw(judged, noise),
    )


def _table(judged: Sequence[Claim]) -> Table:
    head = ("claim", "of", "measured", "interval", "bound", "processes", "verdict")
    rows = tuple(
        (
            code(claim.id),
            text(claim.group),
            _figure(claim),
            text(_interval(claim)),
            _bound(claim),
            _processes(claim),
            text(claim.verdict, TONES.get(claim.verdict)),
        )
        for claim in judged
    )
    return Table("claims-table", "Claims, with interval and bound", head, rows, ("of", "verdict"))


def _figure(claim: Claim) -> Cell:
    if claim.figure is None:
        return Cell("–", Kind.NUMBER)
    return Cell(quantity(claim.figure.median, claim.unit), Kind.NUMBER, claim.figure.median)


def _interval(claim: Claim) -> str:
    if claim.figure is None:
        return "–"
    if claim.figure.count == 1:
        return "exact"
    return f"{quantity(claim.figure.low, claim.unit)} to {quantity(claim.figure.high, claim.unit)}"


def _bound(claim: Claim) -> Cell:
    sign = "≥" if claim.at_least else "≤"
    return Cell(f"{sign} {quantity(claim.bound, claim.unit)}", Kind.NUMBER, claim.bound)


def _processes(claim: Claim) -> Cell:
    if claim.figure is None:
        return Cell("–", Kind.NUMBER)
    return Cell(f"{claim.figure.count:,}", Kind.NUMBER, float(claim.figure.count))
