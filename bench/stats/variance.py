"""Where the spread of a ratio comes from, and what more evidence would settle it.

A process has an offset of its own (addresses, hash seed, which core) that all its blocks
share, so more blocks cannot average it away.  Source: T. Kalibera, R. Jones, "Rigorous
Benchmarking in Reasonable Time", ISMM 2013, section 6 (variance by levels, and the number of
repetitions at the level that dominates).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

EFFICIENCY = math.pi / 2
"""A median of many values varies this much more than their mean (for the normal distribution)."""


@dataclass(frozen=True)
class Spread:
    """Standard deviations of the log-ratio: among processes beyond what blocks explain, and of one figure."""

    processes: float
    blocks: float

    @property
    def total(self) -> float:
        return math.hypot(self.processes, self.blocks)


def spread(by_process: Sequence[Sequence[float]]) -> Spread:
    """From the log-ratios of the blocks of each process."""
    within = statistics.fmean(_median_variance(logs) for logs in by_process)
    medians = [statistics.median(logs) for logs in by_process]
    observed = statistics.variance(medians) if len(medians) > 1 else 0.0
    return Spread(math.sqrt(max(0.0, observed - within)), math.sqrt(within))


def _median_variance(logs: Sequence[float]) -> float:
    return EFFICIENCY * statistics.variance(logs) / len(logs) if len(logs) > 1 else 0.0


def processes_needed(deviation: float, gap: float) -> int:
    """Processes after which an interval of the median is narrower than the gap to the bound.

    Both are of log-ratios.  1.96 standard errors on the side of the bound, of the median.
    """
    if gap == 0:
        raise ValueError("a gap of zero is never settled")
    return max(2, math.ceil(EFFICIENCY * (1.96 * deviation / gap) ** 2))
