"""The median and its interval by order statistics, which assume no distribution.

Each block or process gives the logarithm of one ratio, so that twice as fast and half as
fast weigh the same.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A median and an interval that holds it with the asked confidence, from `count` observations."""

    median: float
    low: float
    high: float
    count: int


def rank(count: int, confidence: float) -> int:
    """How many observations to leave out at either end, plus one, for an interval of the median.

    With n observations the r-th smallest and the r-th largest enclose the true median unless
    fewer than r fall on one side of it, which has the probability 2 P(Binomial(n, 1/2) < r);
    the largest r is taken that keeps this within 1 - confidence.
    Raises ValueError where even the extremes do not reach the confidence.
    Source: H. A. David, H. N. Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1.
    """
    allowed = (1 - confidence) / 2 * 2**count
    below, found = 0, 0
    while below + math.comb(count, found) <= allowed:
        below += math.comb(count, found)
        found += 1
    if found == 0:
        raise ValueError(f"{count} observations are too few for an interval of {confidence:.1%}")
    return found


def fewest_blocks(confidence: float) -> int:
    """The smallest even number of observations that has an interval of the median; see `rank`."""
    found = math.ceil(1 - math.log2(1 - confidence))
    return found + found % 2


def median_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """The median of observations and its order-statistic interval; see `rank`."""
    ordered = sorted(values)
    outer = rank(len(ordered), confidence)
    return Estimate(statistics.median(ordered), ordered[outer - 1], ordered[-outer], len(ordered))


def exp(logs: Estimate) -> Estimate:
    """An estimate of logarithms turned back into ratios."""
    return Estimate(math.exp(logs.median), math.exp(logs.low), math.exp(logs.high), logs.count)


def ratio_of_blocks(
    against: Sequence[float], subject: Sequence[float], confidence: float = CONFIDENCE
) -> Estimate:
    """How many times as fast the subject is, from both sides' times per call, block by block.

    The median of the blocks' log-ratios and its interval, turned back into ratios.
    Source of pairing and logarithms: T. Kalibera, R. Jones, "Rigorous Benchmarking in
    Reasonable Time", ISMM 2013; B. Fleming, J. Wallace, "How not to lie with statistics",
    CACM 29(3), 1986 (ratios are summarised by their geometry).
    """
    logs = [math.log(one / other) for one, other in zip(against, subject)]
    return exp(median_interval(logs, confidence))
