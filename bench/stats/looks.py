"""The verdict on a claim, at looks that were fixed before the first process ran.

Sort the figures of n processes.  Each lies above the true median with probability 1/2, so
the r-th smallest exceeds it with P(Binomial(n, 1/2) < r).  A claim passes when the r-th
smallest keeps the bound and fails when the r-th largest breaks it.  With the ranks 1, 3 and
7 at 6, 12 and 24 processes a claim whose truth lies exactly at the bound gets a wrong
verdict of either kind in at most 1.6 + 1.9 + 1.1 = 4.6 % of runs, however the looks fell out:

     n = 6      r = 1    ●○○○○○
     n = 12     r = 3    ○○●○○○○○○○○○
     n = 24     r = 7    ○○○○○○●○○○○○○○○○○○○○○○○○

Source: H. A. David, H. N. Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1; the error
of several looks is at most the sum (Bonferroni; S. J. Pocock, Biometrika 64, 1977, on why
looks must be planned).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from enum import Enum

from .order import Estimate

RANKS = {6: 1, 12: 3, 24: 7}
"""The rank that decides, for each number of processes at which a look is allowed."""


class Side(Enum):
    """On which side of a bound the evidence lies."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"


def below(count: int, rank: int) -> float:
    """P(Binomial(count, 1/2) < rank): the chance that fewer than `rank` of `count` fall on one side."""
    return sum(math.comb(count, k) for k in range(rank)) / 2.0**count


def spent(looks: Sequence[int]) -> float:
    """The chance of a wrong verdict of one kind over all these looks, at most."""
    return sum(below(count, RANKS[count]) for count in looks)


def last_look(count: int) -> int:
    """The largest look that `count` processes suffice for; 0 where they are too few for any."""
    return max((look for look in RANKS if look <= count), default=0)


def decide(values: Sequence[float], bound: float, at_least: bool) -> Side:
    """Where the median of what the values are drawn from lies, as far as the last look tells.

    `at_least` says whether the bound is a floor or a ceiling.  Values beyond the last look are
    not used, so that evidence cannot be added until it pleases.
    """
    look = last_look(len(values))
    if look == 0:
        return Side.OPEN
    ordered = sorted(values[:look], reverse=not at_least)
    rank = RANKS[look]
    worst, best = ordered[rank - 1], ordered[-rank]
    if at_least:
        return Side.KEPT if worst >= bound else Side.BROKEN if best < bound else Side.OPEN
    return Side.KEPT if worst <= bound else Side.BROKEN if best > bound else Side.OPEN


def interval(values: Sequence[float]) -> Estimate:
    """The median with the interval between the ranks that decide; the extremes before the first look."""
    look = last_look(len(values))
    ordered = sorted(values[:look] if look else values)
    rank = RANKS[look] if look else 1
    return Estimate(statistics.median(ordered), ordered[rank - 1], ordered[-rank], len(ordered))


def sign_test(values: Sequence[float], bound: float, at_least: bool) -> float:
    """One-sided p-value of the hypothesis that the true median breaks the bound (the sign test)."""
    kept = sum(value >= bound if at_least else value <= bound for value in values)
    return below(len(values), len(values) - kept + 1) if values else 1.0
