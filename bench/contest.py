"""One measurement: two subjects on one input.

A function of the two subjects, the input, a seed and a clock.  The steps:

    compare   both outcomes; void if they have to be equal and are not
    calibrate batches of one duration for both sides, from the fastest calls
    time      blocks of one batch each, adjacent, in the schedule's order
    compare   again, with the very arguments that were used
    estimate  the ratio and its interval
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Optional, Union

from parity.compare import Difference, compare
from parity.outcome import Error, Outcome, observe
from parity.subjects import Subject

from . import estimate, schedule, timing
from .events import LeftOut, Pair, Void
from .inputs import Arguments, Input
from .timing import Clock

MUST_BE_EQUAL = frozenset({"reference", "native"})
"""Between these any difference is a fault; others drift from the reference in known ways."""


@dataclass(frozen=True)
class Contest:
    """Who is timed, against whom, on what."""

    subject: Subject
    against: Subject
    given: Input

    @property
    def what(self) -> str:
        """The operation and its input; a recorded one's name tells both."""
        operation, name = self.given.operation.name, self.given.name
        return name if operation in name else f"{operation}({name})"

    @property
    def rivals(self) -> str:
        return f"{self.subject.name} against {self.against.name}"


@dataclass(frozen=True)
class Settings:
    """How long to look.

    A batch takes `batch_ns`, or one call of the slower side where that is longer; of such
    slow calls there are fewer blocks, as `budget_ns` allows, but enough for an interval.
    """

    blocks: int = 40
    batch_ns: int = 750_000
    budget_ns: int = 300_000_000
    longest_call_ns: int = 100_000_000
    confidence: float = estimate.CONFIDENCE


def measure(contest: Contest, seed: int, clock: Clock, settings: Settings) -> Union[Pair, Void, LeftOut]:
    given = contest.given
    name = given.operation.name
    for side in (contest.subject, contest.against):
        if name not in side.functions:
            return LeftOut(contest.what, f"{side.name} has no {name}")
    subject, against = contest.subject.functions[name], contest.against.functions[name]

    before = _outcomes(contest, given.make(), given.make(), clock)
    refused = _refuse(contest, before, settings)
    if refused is not None:
        return refused

    supply = timing.Supply(given)
    subject_call = timing.fastest_call(subject, supply, clock)
    against_call = timing.fastest_call(against, supply, clock)
    batch_ns = max(settings.batch_ns, subject_call, against_call)
    subject_calls = timing.calls_in(batch_ns, subject_call)
    against_calls = timing.calls_in(batch_ns, against_call)

    orders = schedule.subject_first(_blocks(batch_ns, settings), f"{seed}/{contest.what}/{contest.rivals}")
    subject_ns: list[int] = []
    against_ns: list[int] = []
    for subject_first in orders:
        for is_subject in (subject_first, not subject_first):
            if is_subject:
                subject_ns.append(timing.time_batch(subject, supply, subject_calls, clock))
            else:
                against_ns.append(timing.time_batch(against, supply, against_calls, clock))

    used = next(iter(supply.take(1)))
    after = _outcomes(contest, used, used, clock)
    refused = _refuse(contest, after, settings)
    if isinstance(refused, Void):
        return Void(refused.what, f"after timing, {refused.difference}")
    difference = before.difference or after.difference
    subject_times = [elapsed / subject_calls for elapsed in subject_ns]
    against_times = [elapsed / against_calls for elapsed in against_ns]
    return Pair(
        operation=name,
        input=given.name,
        size=given.size,
        subject=contest.subject.name,
        against=contest.against.name,
        difference=None if difference is None else _written(difference),
        settled=True,
        confidence=settings.confidence,
        ratio=estimate.ratio_of_blocks(against_times, subject_times, settings.confidence),
        subject_call_ns=statistics.median(subject_times),
        against_call_ns=statistics.median(against_times),
        subject_calls=subject_calls,
        against_calls=against_calls,
        subject_first=tuple(orders),
        subject_ns=tuple(subject_ns),
        against_ns=tuple(against_ns),
    )


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
    return _Outcomes(subject, against, compare(against, subject, operation.results), slowest)


def _refuse(contest: Contest, outcomes: _Outcomes, settings: Settings) -> Union[Void, LeftOut, None]:
    """Why there is nothing to time."""
    names = {contest.subject.name, contest.against.name}
    if outcomes.difference is not None and names <= MUST_BE_EQUAL:
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


def _blocks(batch_ns: float, settings: Settings) -> int:
    """An even number of blocks that fits the budget."""
    affordable = int(settings.budget_ns / (2 * batch_ns))
    fewest = estimate.fewest_blocks(settings.confidence)
    return max(fewest, min(settings.blocks, affordable) // 2 * 2)


def _written(difference: Difference) -> str:
    return f"outputs differ at {difference.path}: {difference.reason}"
