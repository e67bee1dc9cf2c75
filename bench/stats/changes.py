"""Where a series over commits has its steps.

Change points of the mean of the logarithms, by PELT with a penalty in units of the series'
own noise, which is estimated from successive differences so that a step does not inflate it.
Source: R. Killick, P. Fearnhead, I. A. Eckley, "Optimal detection of changepoints with a
linear computational cost", JASA 107, 2012; implementation: the library `ruptures`
(C. Truong, L. Oudre, N. Vayatis, Signal Processing 167, 2020).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

FEWEST = 4
"""A series shorter than this has no steps to speak of."""
SHORTEST_LEVEL = 2
"""Runs on one level."""
STRICTNESS = 6.0
"""Times the penalty of BIC: a history is looked at over and over."""
RESOLUTION = 0.005
"""Noise taken for granted, as a share: a series that never moved must not make a step of nothing."""
ODD = 4.0
"""Standard deviations of noise from which on a single value is odd."""
NORMAL = 1.4826
"""Turns a median absolute deviation into a standard deviation, for the normal distribution."""


def without_odd_ones(values: Sequence[float], noise: float) -> list[float]:
    """A value far from the median of itself and its neighbours becomes it: one odd run is no change.

    Source: F. R. Hampel, "The influence curve and its role in robust estimation", JASA 69, 1974
    (the filter named after him, over three values; a step stays where it is).
    """
    middles = [values[0], *map(statistics.median, zip(values, values[1:], values[2:])), values[-1]]
    return [middle if abs(value - middle) > ODD * noise else value for value, middle in zip(values, middles)]


def change_points(values: Sequence[float]) -> list[int]:
    """Indices at which a new level begins, ascending; values are positive."""
    if len(values) < FEWEST:
        return []
    import numpy
    import ruptures

    logs = [math.log(value) for value in values]
    steps = [abs(later - sooner) for sooner, later in zip(logs, logs[1:])]
    noise = max(NORMAL * statistics.median(steps) / math.sqrt(2), RESOLUTION)
    signal = numpy.array(without_odd_ones(logs, noise)).reshape(-1, 1) / noise
    found = ruptures.Pelt(model="l2", min_size=SHORTEST_LEVEL, jump=1).fit(signal)
    penalty = STRICTNESS * math.log(len(values))
    return [int(end) for end in found.predict(pen=penalty)[:-1]]
