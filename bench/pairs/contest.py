"""One measurement: two subjects on one input, in one process.

A function of the two subjects, the input, a seed and a clock.  The steps:

    compare   both outcomes; void if they have to be equal and are not
    calibrate batches of one duration for both sides, from the fastest calls
    time      blocks of one batch each, adjacent, in the schedule's order
    compare   again, with the very arguments that were used
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Optional, Union

from parity.compare import Difference, compare
from parity.isolate import Breadcrumb, Lost, isolated
from parity.outcome import Error, Outcome, observe
from parity.subjects import Subject

from ..events import LeftOut, Sample, Void
from . import schedule, timing
from .inputs import Arguments, Input
from .probes import Counters, is_contaminated
from .timing import Clock

UNREPEATABLE_SECONDS = 10.0
"""So long a call may stay where it is before it is taken for a hang."""

MUST_BE_EQUAL = frozenset({"reference", "native"})
"""Between these any difference is a fault; others drift from the reference in known ways."""


@dataclass(frozen=True)
class Contest:
    """Who is timed, against whom, on what.

    `for_against` is what a limit is given in place of `given`: its output is of another kind,
    and outputs are then not compared.
    """

    subject: Subject
    against: Subject
    given: Input
    for_against: Optional[Input] = None
    role: str = "pair"

    @property
    def what(self) -> str:
        """The operation and its input; a case's name tells both."""
        operation, name = self.given.operation.name, self.given.name
        return name if operation in name else f"{operation}({name})"

    @property
    def rivals(self) -> str:
        return f"{self.subject.name} against {self.against.name}"


@dataclass(frozen=True)
class Settings:
    """How long to look.

    A batch takes `batch_ns`, or one call of the slower side where that is longer; of such
    slow calls there are fewer blocks, as `budget_ns` allows, but at least `fewest`.
    """

    blocks: int = 40
    fewest: int = 6
    batch_ns: int = 750_000
    budget_ns: int = 300_000_000
    longest_call_ns: int = 100_000_000


def measure(
    contest: Contest, seed: str, clock: Clock, settings: Settings, process: int = 1
) -> Union[Sample, Void, LeftOut]:
    given, other = contest.given, contest.for_against or contest.given
    name = given.operation.name
    for side in (contest.subject, contest.against):
        if name not in side.functions:
            return LeftOut(contest.what, f"{side.name} has no {name}")
    subject, against = contest.subject.functions[name], contest.against.functions[name]

    before = _outcomes(contest, given.make(), other.make(), clock)
    if before.slowest_ns > settings.longest_call_ns:  # or was it only disturbed?
        before = _outcomes(contest, given.make(), other.make(), clock)
    refused = _refuse(contest, before, settings)
    if refused is not None:
        return refused

    supply, other_supply = timing.Supply(given), timing.Supply(other)
    subject_call = timing.fastest_call(subject, supply, clock)
    against_call = timing.fastest_call(against, other_supply, clock)
    batch_ns = max(settings.batch_ns, subject_call, against_call)
    subject_calls = timing.calls_in(batch_ns, subject_call)
    against_calls = timing.calls_in(batch_ns, against_call)

    orders = schedule.subject_first(_blocks(batch_ns, settings), f"{seed}/{contest.what}/{contest.rivals}")
    subject_ns: list[int] = []
    against_ns: list[int] = []
    contaminated: list[int] = []
    counters = Counters()
    reading = counters.read()
    for block, subject_first in enumerate(orders):
        for is_subject in (subject_first, not subject_first):
            if is_subject:
                subject_ns.append(timing.time_batch(subject, supply, subject_calls, clock))
            else:
                against_ns.append(timing.time_batch(against, other_supply, against_calls, clock))
        reading, earlier = counters.read(), reading
        if is_contaminated(earlier, reading):
            contaminated.append(block)
    counters.close()

    after = _outcomes(contest, _used(supply), _used(other_supply), clock)
    refused = _refuse(contest, after, settings)
    if isinstance(refused, Void):
        return Void(refused.what, f"after timing, {refused.difference}")
    difference = before.difference or after.difference
    return Sample(
        process=process,
        role=contest.role,
        operation=name,
        input=given.name,
        size=given.size,
        subject=contest.subject.name,
        against=contest.against.name,
        difference=None if difference is None else _written(difference),
        subject_calls=subject_calls,
        against_calls=against_calls,
        subject_first=tuple(orders),
        subject_ns=tuple(subject_ns),
        against_ns=tuple(against_ns),
        contaminated=tuple(contaminated),
    )


def unrepeatable(contest: Contest) -> Optional[str]:
    """Why an input cannot be put to both sides again and again; None where it can.

    Tried in forks: the Rust module dies of an object that contains itself, and would take with it all
    that a process has yet to measure.  And there are objects that count how often they are asked.
    """
    for side in (contest.subject, contest.against):
        function = side.functions.get(contest.given.operation.name)
        if function is None:
            continue
        tried = isolated(partial(_answers_alike, function, contest.given), UNREPEATABLE_SECONDS)
        if isinstance(tried, Lost):
            return f"{side.name} does not outlive the call"
        if side is contest.subject and not tried.value:
            return f"{side.name} answers each call otherwise"
    return None


def _answers_alike(function: Callable[..., object], given: Input, crumb: Breadcrumb) -> bool:
    first, second = observe(function, given.make()), observe(function, given.make())
    return compare(first, second, given.operation.results) is None


def subject_call_ns(sample: Sample) -> float:
    """The median time of a call of the subject."""
    return statistics.median(sample.subject_ns) / sample.subject_calls


def against_call_ns(sample: Sample) -> float:
    return statistics.median(sample.against_ns) / sample.against_calls


def log_ratios(sample: Sample) -> list[float]:
    """Of each block the logarithm of how many times as fast the subject was."""
    scale = sample.subject_calls / sample.against_calls
    return [
        math.log(max(against, 1) / max(subject, 1) * scale)
        for against, subject in zip(sample.against_ns, sample.subject_ns)
    ]


def ratio(sample: Sample) -> float:
    """How many times as fast the subject is: the median of the blocks, one figure for the process."""
    return math.exp(statistics.median(log_ratios(sample)))


@dataclass(frozen=True)
class _Outcomes:
    """What both sides gave, where that differs, and how long the slower took."""

    subject: Outcome
    against: Outcome
    difference: Optional[Difference]
    slowest_ns: int


def _outcomes(contest: Contest, for_subject: Arguments, for_against: Arguments, clock: Clock) -> _Outcomes:
    operation = contest.given.operation
    begun = clock()
    against = observe(contest.against.functions[operation.name], for_against)
    between = clock()
    subject = observe(contest.subject.functions[operation.name], for_subject)
    slowest = max(between - begun, clock() - between)
    difference = compare(against, subject, operation.results) if contest.for_against is None else None
    return _Outcomes(subject, against, difference, slowest)


def _used(supply: timing.Supply) -> Arguments:
    return next(iter(supply.take(1)))


def _refuse(contest: Contest, outcomes: _Outcomes, settings: Settings) -> Union[Void, LeftOut, None]:
    """Why there is nothing to time."""
    if outcomes.difference is not None and _must_be_equal(contest):
        return Void(f"{contest.what}, {contest.rivals}", _written(outcomes.difference))
    raised = [
        f"{side.name} raises {outcome.kind}"
        for side, outcome in ((contest.subject, outcomes.subject), (contest.against, outcomes.against))
        if isinstance(outcome, Error)
    ]
    if raised:
        return LeftOut(contest.what, f"{contest.rivals}, {' and '.join(raised)}")
    if outcomes.slowest_ns > settings.longest_call_ns:
        return LeftOut(contest.what, f"{contest.rivals}, a call takes too long to repeat it")
    return None


def _must_be_equal(contest: Contest) -> bool:
    """Native and the reference, and any subject and itself under another name."""
    names = {contest.subject.name, contest.against.name}
    same_build = contest.subject.provenance == contest.against.provenance
    return names <= MUST_BE_EQUAL or same_build


def _blocks(batch_ns: float, settings: Settings) -> int:
    """An even number of blocks that fits the budget."""
    affordable = int(settings.budget_ns / (2 * batch_ns))
    return max(settings.fewest, min(settings.blocks, affordable) // 2 * 2)


def by_process(inputs: Sequence[Sequence[Sample]]) -> list[list[Sample]]:
    """Of each process that measured all inputs its samples, in the order of the inputs."""
    found: dict[int, list[Sample]] = {}
    for samples in inputs:
        for sample in samples:
            found.setdefault(sample.process, []).append(sample)
    return [one for _, one in sorted(found.items()) if len(one) == len(inputs)]


def medians(samples: Sequence[Sample]) -> tuple[float, float]:
    """The median times of a call over several processes: the subject's, and what it is held against."""
    return (
        statistics.median(map(subject_call_ns, samples)),
        statistics.median(map(against_call_ns, samples)),
    )


def _written(difference: Difference) -> str:
    return f"outputs differ at {difference.path}: {difference.reason}"
