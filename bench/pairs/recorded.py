"""The check on recorded traffic: no operation of the subject is slower on any payload.

Thousands of inputs are first looked at briefly.  A pair is settled there if its whole
interval, every block of it, says that the subject is faster; for a subject that is not,
all of them fall so with the probability 2^-blocks.  Any other is measured again, long and
with another seed, and only that second look is judged, with an interval wide enough for
many looks at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ..events import Event, Pair, Progress, Sample
from ..stats.order import exp, median_interval
from .contest import Contest, Settings, log_ratios, measure, medians
from .timing import Clock


@dataclass(frozen=True)
class Look:
    settings: Settings
    confidence: float


# Of eight blocks the extremes are the interval: 1 - 2 * 2^-8 = 99.2 %.
BRIEF = Look(Settings(blocks=8, fewest=8, batch_ns=40_000, budget_ns=8_000_000), 0.99)
BRIEF_RELEASE = replace(BRIEF, settings=replace(BRIEF.settings, batch_ns=150_000))
LONG = Look(Settings(blocks=60, fewest=12, budget_ns=2_000_000_000, longest_call_ns=500_000_000), 0.999)


class Speed(Enum):
    """What an interval of the ratio says."""

    FASTER = "faster"
    SLOWER = "slower"
    UNDECIDED = "undecided"


def speed(pair: Pair) -> Speed:
    if pair.ratio.low >= 1:
        return Speed.FASTER
    return Speed.SLOWER if pair.ratio.high < 1 else Speed.UNDECIDED


def check(
    contests: Sequence[Contest], seed: int, clock: Clock, brief: Look = BRIEF, long: Look = LONG
) -> Iterator[Event]:
    """Each contest briefly, and again where that does not settle it."""
    for done, contest in enumerate(contests):
        yield Progress(done, len(contests), contest.given.operation.name)
        event = _look(contest, seed, clock, brief)
        if isinstance(event, Pair) and speed(event) is not Speed.FASTER:
            yield replace(event, settled=False)
            event = _look(contest, seed + 1, clock, long)
        yield event


def _look(contest: Contest, seed: int, clock: Clock, look: Look) -> Event:
    event = measure(contest, str(seed), clock, look.settings)
    return pair_of_blocks(event, look.confidence) if isinstance(event, Sample) else event


def pair_of_blocks(sample: Sample, confidence: float) -> Pair:
    """The pair of one process, its interval resting on its blocks."""
    subject_ns, against_ns = medians([sample])
    return Pair(
        operation=sample.operation,
        input=sample.input,
        size=sample.size,
        subject=sample.subject,
        against=sample.against,
        difference=sample.difference,
        settled=True,
        unit="blocks",
        ratio=exp(median_interval(log_ratios(sample), confidence)),
        subject_call_ns=subject_ns,
        against_call_ns=against_ns,
    )
