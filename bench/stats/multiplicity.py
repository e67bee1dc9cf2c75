"""Many verdicts at once.

Twenty claims, each with a 5 % chance of a false verdict, show at least one in two releases
of three.  Holm's step-down procedure says which claims hold all together at a given level.
Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
Journal of Statistics 6, 1979.
"""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """The adjusted p-values, in the order given; compare each with the level of the whole family."""
    count = len(p_values)
    adjusted = [0.0] * count
    largest = 0.0
    for place, index in enumerate(sorted(range(count), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (count - place) * p_values[index]))
        adjusted[index] = largest
    return adjusted
