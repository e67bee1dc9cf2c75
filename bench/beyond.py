"""Beyond the mean: how the ratio spreads over generated inputs, and how cost grows with size."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Optional

from parity.operations import OPERATIONS
from parity.outcome import Value, observe

from .claims.evidence import ladder_figure
from .claims.loader import Statistic
from .events import Distribution, Growth, LeftOut, Sample, Void
from .pairs import contest, inputs, tasks, timing
from .pairs.minimise import minimise
from .pairs.rounds import Evidence
from .pairs.tasks import Task
from .stats import growth, looks
from .stats.order import Estimate
from .stats.summary import worst_decile

CLOSE = 1.1
"""A smaller input is as bad if its ratio is at most this many times the worst one's."""
TRIES = {False: 40, True: 120}
"""Measurements spent on making the worst input of an operation smaller, in a release run or not."""


def growths(evidence: Evidence, wanted: Sequence[Task]) -> Iterator[Growth]:
    """Each ladder that was measured whole."""
    ladders: dict[tuple[str, str, str, str], list[Task]] = {}
    for task in wanted:
        if task.role == tasks.LADDER:
            kind = task.input.partition("@")[0]
            ladders.setdefault((task.operation, kind, task.subject, task.against), []).append(task)
    for (operation, kind, subject, against), rungs in ladders.items():
        samples = [evidence.of(rung) for rung in rungs]
        if contest.by_process(samples):
            yield _growth(operation, kind, subject, against, samples)


def _growth(
    operation: str, kind: str, subject: str, against: str, samples: Sequence[Sequence[Sample]]
) -> Growth:
    samples = sorted(samples, key=lambda rung: rung[0].size)
    sizes = [rung[0].size for rung in samples]
    whole = contest.by_process(samples)
    times = [contest.medians(rung) for rung in samples]
    crossings = [ladder_figure(Statistic.BREAK_EVEN, one) for one in whole]
    crossing = looks.interval(crossings)
    return Growth(
        operation=operation,
        ladder=kind,
        subject=subject,
        against=against,
        sizes=tuple(sizes),
        subject_ns=tuple(own for own, _ in times),
        against_ns=tuple(other for _, other in times),
        subject_exponent=_exponents(whole, sizes, contest.subject_call_ns),
        against_exponent=_exponents(whole, sizes, contest.against_call_ns),
        excess=looks.interval([ladder_figure(Statistic.GROWTH, one) for one in whole]),
        break_even=crossing if math.isfinite(crossing.high) else None,
    )


def _exponents(
    whole: Sequence[Sequence[Sample]], sizes: Sequence[int], cost: Callable[[Sample], float]
) -> Estimate:
    return looks.interval([growth.exponent(sizes, list(map(cost, one))) for one in whole])


def distributions(
    evidence: Evidence, wanted: Sequence[Task], seed: int, release: bool, clock: timing.Clock
) -> Iterator[Distribution]:
    """The ratio over the generated inputs of each operation and rival, the worst one minimised."""
    groups: dict[tuple[str, str, str], list[Task]] = {}
    for task in wanted:
        if task.role == tasks.GENERATED:
            groups.setdefault((task.operation, task.subject, task.against), []).append(task)
    for (operation, subject, against), group in groups.items():
        measured = {task: evidence.of(task) for task in group if evidence.of(task)}
        if measured:
            yield _distribution(operation, subject, against, group, measured, evidence, seed, release, clock)


def _distribution(
    operation: str,
    subject: str,
    against: str,
    group: Sequence[Task],
    measured: dict[Task, list[Sample]],
    evidence: Evidence,
    seed: int,
    release: bool,
    clock: timing.Clock,
) -> Distribution:
    ratios = {task: [contest.ratio(one) for one in samples] for task, samples in measured.items()}
    whole = [list(map(contest.ratio, one)) for one in contest.by_process(list(measured.values()))]
    if not whole:  # no process measured all of them: each input by its median stands for one
        whole = [[statistics.median(series) for series in ratios.values()]]
    worst = min(ratios, key=lambda task: statistics.median(ratios[task]))
    at_worst = looks.interval(ratios[worst])
    minimal = minimal_input(worst, at_worst.median, seed, release, clock)
    return Distribution(
        operation=operation,
        subject=subject,
        against=against,
        profiles=inputs.profiles_of(OPERATIONS[operation]),
        seed=seed,
        inputs=len(group),
        left_out=dict(Counter(_reason(evidence.refused[task]) for task in group if task not in measured)),
        median=looks.interval([statistics.median(one) for one in whole]),
        worst_decile=looks.interval([worst_decile(one) for one in whole]),
        worst=at_worst,
        worst_input=worst.input,
        slower=sum(looks.interval(series).high < 1 for series in ratios.values()),
        minimal=None if minimal is None else minimal[0],
        minimal_ratio=None if minimal is None else minimal[1],
    )


def _reason(refused: object) -> str:
    """Why an input has no ratio, without who is held against whom."""
    if isinstance(refused, Void):
        return "outputs differ"
    assert isinstance(refused, LeftOut)
    return refused.reason.partition(", ")[2] or refused.reason


def minimal_input(
    task: Task, ratio: float, seed: int, release: bool, clock: timing.Clock
) -> Optional[tuple[str, float]]:
    """A smaller input on which the ratio is as bad, as text, and its ratio; None where none was found."""
    whole = tasks.contest(task, clock)
    settings = tasks.QUICK.of(task)

    def measured(arguments: inputs.Arguments) -> float:
        given = inputs.Input(task.input, whole.given.operation, 0, lambda: arguments, may_share=True)
        sample = contest.measure(
            contest.Contest(whole.subject, whole.against, given), str(seed), clock, settings
        )
        return contest.ratio(sample) if isinstance(sample, Sample) else math.inf

    def is_bad(arguments: inputs.Arguments) -> bool:
        functions = (side.functions[task.operation] for side in (whole.subject, whole.against))
        if not all(isinstance(observe(function, arguments), Value) for function in functions):
            return False
        return measured(arguments) <= ratio * CLOSE

    found = minimise(whole.given.make(), is_bad, TRIES[release])
    return repr(found), measured(found)
