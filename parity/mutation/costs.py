"""What cases cost the core, counted to the digit: basic blocks that ran, what was asked of the allocator.

A mutant that only sends work the long way round answers right.  `make gate` finds such a fault by
instructions under Cachegrind, which takes minutes; here the mutated build counts its own steps.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..cases import Case

STEPS, BYTES, ALLOCATIONS = "driftcore_steps", "driftcore_bytes", "driftcore_allocations"

MOST = 1.02
"""As the gate of instructions has it."""

FLOORS = {"steps": 1000, "bytes": 1000, "allocations": 5}
"""What is no rise: a lane of a few small cases."""

Lane = tuple[str, str]
"""An operation and a profile."""

Costs = Mapping[Lane, list[int]]
"""[steps, bytes, allocations] of all cases of a lane."""


class Counters:
    """The counters of the mutated extension."""

    def __init__(self, extension: str) -> None:
        library = ctypes.CDLL(extension)
        self._counters = [ctypes.c_uint64.in_dll(library, name) for name in (STEPS, BYTES, ALLOCATIONS)]

    def read(self) -> tuple[int, ...]:
        return tuple(counter.value for counter in self._counters)


@dataclass
class Sums:
    """Adds up what calls cost."""

    counters: Counters
    by_lane: dict[Lane, list[int]] = field(default_factory=dict)

    def add(self, case: Case, before: tuple[int, ...]) -> None:
        after = self.counters.read()
        sums = self.by_lane.setdefault((case.operation.name, case.profile), [0, 0, 0])
        for at, (left, right) in enumerate(zip(before, after)):
            sums[at] += right - left


def dearer(usual: Costs, found: Costs) -> Iterator[str]:
    """The lanes that cost more than they may, each with how much."""
    for lane, sums in usual.items():
        for what, before, after in zip(FLOORS, sums, found.get(lane, ())):
            if after > before * MOST + FLOORS[what]:
                yield f"{' of '.join(lane)}: {after / max(before, 1):.2f} times the {what}"
