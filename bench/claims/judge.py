"""The verdict on a claim, and one sentence that says why and what would settle it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Optional

from driftgate.base import figures

from ..events import Claim
from ..stats import looks, multiplicity
from ..stats.looks import Side
from ..stats.order import Estimate
from ..stats.variance import Spread, processes_needed, spread
from .evidence import Measured, Series, series, tasks
from .loader import INPUT, Metric, Spec, Statistic

LEVEL = 0.05
BUSY = 0.2
"""The share of contaminated blocks from which on a machine counts as busy."""
BUSY_ERROR = 0.08
"""By how much ratios are moved on a busy machine, at most.

Who has the core back finds cold caches, which costs the faster side the larger share, in blocks that were
not disturbed too.  Beside two busy loops on two cores single payloads moved by up to 8 %, means by 3 %.
"""
EXACT = (Metric.INSTRUCTIONS, Metric.PEAK_MEMORY, Metric.ALLOCATIONS)


class Verdict(str, Enum):
    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNFIT = "UNFIT"


def judge(spec: Spec, measured: Measured) -> Claim:
    """One claim.  A claim without a measurement is INCONCLUSIVE, never a pass."""
    found = series(spec, measured)
    if not found:
        return _claim(spec, None, Verdict.INCONCLUSIVE, _missing(spec, measured), None)
    sides = [_side(spec, one) for one in found]
    if Side.BROKEN in sides:
        verdict = Verdict.FAIL
        candidates = [one for one, side in zip(found, sides) if side is Side.BROKEN]
    elif Side.OPEN in sides:
        verdict = Verdict.INCONCLUSIVE
        candidates = [one for one, side in zip(found, sides) if side is Side.OPEN]
    else:
        verdict, candidates = Verdict.PASS, found
    deciding = _worst(spec, candidates)
    return _claim(spec, deciding, verdict, _why(spec, verdict, deciding, len(candidates)), found)


def is_open(spec: Spec, measured: Measured) -> bool:
    """Whether more processes could still settle the claim."""
    found = series(spec, measured)
    if not found:
        return False
    sides = [_side(spec, one) for one in found]
    return Side.BROKEN not in sides and Side.OPEN in sides


def together(claims: Sequence[Claim], p_values: Sequence[float]) -> list[Claim]:
    """The claims, each told whether it also holds with all others at once; see `stats.multiplicity`."""
    passed = [at for at, claim in enumerate(claims) if claim.verdict == Verdict.PASS]
    adjusted = dict(zip(passed, multiplicity.holm([p_values[at] for at in passed])))
    return [
        replace(claim, together=adjusted[at] <= LEVEL) if at in adjusted else claim
        for at, claim in enumerate(claims)
    ]


def unfit(claim: Claim, why: str) -> Claim:
    """The claim in a run whose harness cannot be believed: its figure stays, its verdict does not."""
    explanation = f"The harness failed its own test: {why}"
    return replace(claim, verdict=Verdict.UNFIT.value, explanation=explanation, together=None)


def p_value(spec: Spec, measured: Measured) -> float:
    """Of the hypothesis that the claim does not hold: the largest over its inputs; 0 for exact figures."""
    if spec.metric in EXACT:
        return 0.0
    found = series(spec, measured)
    return max((looks.sign_test(one.figures, spec.bound, spec.at_least) for one in found), default=1.0)


def _side(spec: Spec, one: Series) -> Side:
    if spec.metric in EXACT:
        kept = one.figures[0] >= spec.bound if spec.at_least else one.figures[0] <= spec.bound
        return Side.KEPT if kept else Side.BROKEN
    if one.contaminated <= BUSY or spec.statistic in (Statistic.GROWTH, Statistic.BREAK_EVEN):
        return looks.decide(one.figures, spec.bound, spec.at_least)
    bounds = (spec.bound * (1 - BUSY_ERROR), spec.bound * (1 + BUSY_ERROR))
    lower, upper = (looks.decide(one.figures, bound, spec.at_least) for bound in bounds)
    return lower if lower is upper else Side.OPEN


def _worst(spec: Spec, found: Sequence[Series]) -> Series:
    def middle(one: Series) -> float:
        median: float = looks.interval(one.figures).median
        return median

    return min(found, key=middle) if spec.at_least else max(found, key=middle)


def _claim(
    spec: Spec,
    deciding: Optional[Series],
    verdict: Verdict,
    explanation: str,
    found: Optional[Sequence[Series]],
) -> Claim:
    return Claim(
        id=spec.id,
        sentence=spec.sentence,
        measured=_measured(spec, len(found or ())),
        group=_group(spec),
        subject=spec.subject,
        reference=spec.reference or "",
        metric=spec.metric.value,
        unit=unit(spec),
        at_least=spec.at_least,
        bound=spec.bound,
        figure=None if deciding is None else looks.interval(deciding.figures),
        verdict=verdict.value,
        explanation=explanation,
        deciding=None if deciding is None or len(found or ()) < 2 else deciding.input,
        together=None,
    )


def unit(spec: Spec) -> str:
    """What a figure of the claim counts."""
    if spec.statistic is Statistic.GROWTH and spec.metric is Metric.TIME:
        return "exponent"
    if spec.statistic is Statistic.BREAK_EVEN and spec.metric is Metric.TIME:
        return "bytes"
    if spec.metric in (Metric.TIME, Metric.PROCESS_TIME):
        return "ratio"
    counted = {
        Metric.INSTRUCTIONS: "instructions",
        Metric.PEAK_MEMORY: "bytes",
        Metric.ALLOCATIONS: "allocations",
    }
    return f"{counted[spec.metric]} per byte" if spec.reference == INPUT else counted[spec.metric]


def _group(spec: Spec) -> str:
    """The heading a claim stands under."""
    if spec.scenario is not None:
        return f"whole process: {spec.scenario}"
    form = f", {spec.form} given" if spec.form else ""
    return f"{spec.operation}{form}"


def _measured(spec: Spec, inputs: int) -> str:
    """What the figure is of, in a few words."""
    if spec.metric is Metric.PROCESS_TIME:
        return f"{spec.subject} against {spec.reference}"
    of = f" against {spec.reference}" if spec.metric is Metric.TIME else ""
    if spec.metric is not Metric.TIME:
        return str(spec.metric.value)
    if spec.statistic is Statistic.EVERY:
        what = (
            f"every one of {figures.count(len(spec.payloads), 'payload')}"
            if len(spec.payloads) > 1
            else spec.payloads[0]
        )
    elif spec.profile is not None:
        what = f"{spec.statistic.value} of {spec.inputs} {spec.profile} inputs"
    elif spec.statistic in (Statistic.GROWTH, Statistic.BREAK_EVEN):
        what = f"{spec.statistic.value} over {spec.payloads[0]}"
    else:
        what = f"{spec.statistic.value} of {figures.count(len(spec.payloads), 'payload')}"
    return what + of


def _missing(spec: Spec, measured: Measured) -> str:
    """Why there is no figure, and what to do."""
    for task in tasks(spec):
        refused = measured.pairs.refused.get(task)
        if refused is not None:
            why = getattr(refused, "reason", None) or getattr(refused, "difference", "")
            return f"{task.input} has no figure: {why}."
    if spec.metric is Metric.INSTRUCTIONS:
        return "Instructions were not counted in this run; `python -m bench run --release` counts them."
    if spec.metric in EXACT:
        return "The C library was not measured by itself; `make build-bench` builds what does it."
    return "It was not measured in this run."


def _why(spec: Spec, verdict: Verdict, one: Series, how_many: int) -> str:
    if verdict is Verdict.PASS:
        return ""
    middle = looks.interval(one.figures)
    where = f" on {one.input}" if one.input and len(spec.payloads) > 1 else ""
    others = f", and on {how_many - 1} more" if how_many > 1 else ""
    short = _shortfall(spec, middle.median)
    if spec.metric in EXACT:
        return (
            f"It misses the bound by {short}{where}{others}; the count is exact: only other code settles it."
        )
    if spec.statistic in (Statistic.GROWTH, Statistic.BREAK_EVEN):
        return _why_ladder(spec, verdict, middle)
    spread_, cause = _cause(one)
    if verdict is Verdict.FAIL:
        missed = sum(figure < spec.bound if spec.at_least else figure > spec.bound for figure in one.figures)
        return (
            f"It misses the bound by {short}{where}{others}, in {missed} of {len(one.figures)} processes; "
            f"the spread is ±{spread_:.1%} {cause}; only a faster {spec.subject} settles it."
        )
    if looks.last_look(len(one.figures)) == 0:
        return f"{len(one.figures)} processes are too few{where}; {min(looks.RANKS)} are the first look."
    gap = abs(math.log(middle.median / spec.bound)) if middle.median > 0 and spec.bound > 0 else 0.0
    remedy = _remedy(one, spread_, gap)
    error = f" and the {BUSY_ERROR:.0%} by which such a machine misleads" if one.contaminated > BUSY else ""
    return f"The bound lies within the spread of ±{spread_:.1%}{where}{others} {cause}{error}; {remedy}"


def _shortfall(spec: Spec, figure: float) -> str:
    """By how much a figure misses the bound: a share, a factor from two on, a number where it is zero."""
    if spec.bound == 0:
        return figures.significant(figure)
    factor = spec.bound / figure if spec.at_least else figure / spec.bound
    return f"a factor of {figures.significant(factor)}" if factor > 2 else f"{1 - 1 / factor:.1%}"


def _why_ladder(spec: Spec, verdict: Verdict, middle: Estimate) -> str:
    if verdict is Verdict.FAIL and spec.statistic is Statistic.GROWTH:
        return (
            f"{spec.subject} grows by n^{middle.median:.2f} faster than {spec.reference} and so loses on "
            "large input whatever it wins on small; find the step that is not linear."
        )
    if verdict is Verdict.FAIL:
        return f"It becomes faster later than claimed; the fixed cost of a call of {spec.subject} settles it."
    return "The processes do not agree on which side of the bound it lies; `--release` runs more of them."


def _cause(one: Series) -> tuple[float, str]:
    """The spread of the log-ratio, and which part of it dominates."""
    if one.contaminated > BUSY:
        part = f"on a busy machine ({one.contaminated:.0%} of the blocks lost their core)"
    else:
        part = "of the processes"
    if len(one.logs) < 2:
        logs = [math.log(figure) for figure in one.figures if figure > 0]
        return (_deviation(logs), part)
    found: Spread = spread(one.logs)
    if one.contaminated <= BUSY:
        part = "among processes" if found.processes >= found.blocks else "among the blocks within a process"
    return found.total, part


def _deviation(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _remedy(one: Series, deviation: float, gap: float) -> str:
    if one.contaminated > BUSY:
        return "run it again on an idle machine."
    if gap == 0 or deviation == 0:
        return "the truth lies at the bound: lower the claim or make it faster."
    needed = processes_needed(deviation, gap)
    most = max(looks.RANKS)
    if needed > most:
        return (
            f"{most} processes are too few to tell (about {needed:,} would do): lower the claim or be faster."
        )
    if len(one.figures) < most:
        return f"about {max(needed, 12)} processes would settle it (`--release` runs up to {most})."
    return "the looks are used up; run it again, and keep both results."
