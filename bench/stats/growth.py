"""How cost rises with size.

The exponent b of t = a n^b is the slope of log t over log n, by least squares over the
larger sizes, where the fixed cost of a call has faded.  Source: S. F. Goldsmith, A. S. Aiken,
D. S. Wilkerson, "Measuring Empirical Computational Complexity", ESEC/FSE 2007.

Where one side is cheaper to call and the other cheaper per byte they cross; the crossing is
found between measured sizes on straight lines in the logarithms, never beyond them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

LARGER_PART = 4
"""How many of the largest sizes the exponent rests on."""


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of the logarithms over the `LARGER_PART` largest sizes; sizes are ascending."""
    logs = [math.log(size) for size in sizes[-LARGER_PART:]]
    costs = [math.log(time) for time in times[-LARGER_PART:]]
    middle, level = math.fsum(logs) / len(logs), math.fsum(costs) / len(costs)
    across = math.fsum((one - middle) ** 2 for one in logs)
    return math.fsum((one - middle) * (cost - level) for one, cost in zip(logs, costs)) / across


def break_even(sizes: Sequence[float], ratios: Sequence[float]) -> Optional[float]:
    """The size from which on every ratio is at least 1, the smallest size measured if all are.

    None when the largest size is still below 1: there is no break-even in what was measured.
    """
    if ratios[-1] < 1:
        return None
    at = len(ratios) - 1
    while at > 0 and ratios[at - 1] >= 1:
        at -= 1
    if at == 0:
        return sizes[0]
    low, high = math.log(ratios[at - 1]), math.log(ratios[at])
    share = -low / (high - low)
    return math.exp(math.log(sizes[at - 1]) * (1 - share) + math.log(sizes[at]) * share)
