"""The check on recorded traffic: no operation of the subject is slower on any payload.

Thousands of inputs are first looked at briefly.  A pair is settled there if its whole
interval, every block of it, says that the subject is faster; for a subject that is not,
all of them fall so with the probability 2^-blocks.  Any other is measured again, long and
with another seed, and only that second look is judged, with an interval wide enough for
many looks at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum

from .contest import Contest, Settings, measure
from .events import Event, Pair, Progress
from .timing import Clock

# Of eight blocks the extremes are the interval: 1 - 2 * 2^-8 = 99.2 %.
BRIEF = Settings(blocks=8, batch_ns=150_000, budget_ns=8_000_000, confidence=0.99)
BRIEF_QUICK = replace(BRIEF, batch_ns=40_000)
LONG = Settings(blocks=60, budget_ns=2_000_000_000, longest_call_ns=500_000_000, confidence=0.999)


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
    contests: Sequence[Contest], seed: int, clock: Clock, brief: Settings = BRIEF, long: Settings = LONG
) -> Iterator[Event]:
    """Each contest briefly, and again where that does not settle it."""
    for done, contest in enumerate(contests):
        yield Progress(done, len(contests), contest.given.operation.name)
        event = measure(contest, seed, clock, brief)
        if isinstance(event, Pair) and speed(event) is not Speed.FASTER:
            yield replace(event, settled=False)
            event = measure(contest, seed + 1, clock, long)
        yield event
