"""One figure for the ratios of many inputs.

Ratios are summarised by their geometry: the geometric mean of A against B is the inverse of
that of B against A.  Source: P. J. Fleming, J. J. Wallace, "How not to lie with statistics:
the correct way to summarize benchmark results", CACM 29(3), 1986.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def geometric_mean(ratios: Sequence[float]) -> float:
    return math.exp(math.fsum(map(math.log, ratios)) / len(ratios))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the others lie: the nearest rank, no interpolation.

    Source: R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", 1996, type 1.
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def worst_decile(ratios: Sequence[float]) -> float:
    """One input in ten is at or below this."""
    return quantile(ratios, 0.1)
