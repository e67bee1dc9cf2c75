"""What a run of this size would have seen.

The log-ratios of A/A processes are the noise of this machine at this hour.  Shifted by a
planted effect and drawn anew, they tell how often the verdict rule would have caught it:
the power curve, whose value at no effect is the false-alarm rate.
Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, section 25.4.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence

from .looks import RANKS, last_look

DRAWS = 2_000


def power(noise: Sequence[float], effect: float, processes: int, seed: int = 0) -> float:
    """The share of runs of that many processes in which a slow-down by `effect` is called one.

    `noise` are log-ratios of A/A processes, `effect` is 0.05 for 5 %.
    """
    look = last_look(processes)
    if look == 0:
        raise ValueError(f"{processes} processes are too few for a verdict")
    source = random.Random(seed)
    shift, rank = math.log1p(effect), RANKS[look]
    centred = _centred(noise)
    caught = 0
    for _ in range(DRAWS):
        drawn = sorted(source.choice(centred) + shift for _ in range(look))
        caught += drawn[rank - 1] > 0
    return caught / DRAWS


def smallest_seen(noise: Sequence[float], processes: int, wanted: float = 0.8) -> float:
    """The smallest slow-down caught with the wanted power, in steps of 0.1 %; 1.0 if none below 100 % is."""
    low, high = 0, 1000
    while low < high:
        middle = (low + high) // 2
        if power(noise, middle / 1000, processes) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low / 1000


def _centred(noise: Sequence[float]) -> list[float]:
    """The rule is about medians, so noise lies around one; a mean would follow a few bad processes."""
    middle = statistics.median(noise)
    return [value - middle for value in noise]
