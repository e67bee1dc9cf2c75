"""What the machine did while something was timed.

Three things disturb a measurement on a shared machine and can be seen from inside: another
process took the core (involuntary context switches), the hypervisor took it (steal), the
clock frequency moved (a loop of fixed work takes longer).
"""

from __future__ import annotations

import os
import resource
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Optional

from .timing import Clock

SPIN_TURNS = 10_000
SPIN_SAMPLES = 7
STEADY = 0.10
"""The spin loop may vary by this share before a process is labelled."""
BUSY_BLOCKS = 0.20
"""The share of contaminated blocks from which on a process is."""
TICK_MS = 1_000 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 10.0


@dataclass(frozen=True)
class Reading:
    """Counters since the process began or the machine was started; steal in ticks."""

    switches: int
    steal: Optional[int]


class Counters:
    """Reads the counters quickly, so that it can be done between any two blocks."""

    def __init__(self) -> None:
        try:
            self._stat: Optional[int] = os.open("/proc/stat", os.O_RDONLY)
        except OSError:
            self._stat = None

    def read(self) -> Reading:
        switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
        if self._stat is None:
            return Reading(switches, None)
        return Reading(switches, steal_ticks(os.pread(self._stat, 256, 0)))

    def close(self) -> None:
        if self._stat is not None:
            os.close(self._stat)


def steal_ticks(stat: bytes) -> Optional[int]:
    """The eighth column of the first line of /proc/stat: time stolen from all cores together."""
    columns = stat.split(b"\n", 1)[0].split()
    return int(columns[8]) if len(columns) > 8 and columns[0] == b"cpu" else None


def is_contaminated(before: Reading, after: Reading) -> bool:
    return before != after


def spin_ns(clock: Clock) -> float:
    """Nanoseconds of one turn of a loop in C, the fastest of several: the clock frequency's mirror."""
    fastest = None
    for _ in range(SPIN_SAMPLES):
        begun = clock()
        deque(repeat(None, SPIN_TURNS), maxlen=0)
        elapsed = clock() - begun
        fastest = elapsed if fastest is None else min(fastest, elapsed)
    assert fastest is not None
    return max(fastest, 1) / SPIN_TURNS


def label(spins: tuple[float, ...], blocks: int, contaminated: int) -> Optional[str]:
    """Why a process's evidence is contaminated; None if it is not."""
    reasons = []
    if spins and max(spins) > min(spins) * (1 + STEADY):
        reasons.append(f"the spin loop took from {min(spins):.2f} to {max(spins):.2f} ns a turn")
    if blocks and contaminated / blocks > BUSY_BLOCKS:
        reasons.append(f"{contaminated / blocks:.0%} of its blocks lost the core")
    return ", ".join(reasons) or None
