"""Numbers as a person reads them: the one place that formats any.

Three significant digits; times of one row share the unit that suits the shortest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    name: str
    nanoseconds: float

    def text(self, ns: float) -> str:
        """A time in this unit, without its name."""
        return significant(ns / self.nanoseconds)


_UNITS = (Unit("ns", 1.0), Unit("µs", 1e3), Unit("ms", 1e6), Unit("s", 1e9))


def unit_for(times_ns: Sequence[float]) -> Unit:
    """The unit for times that stand in one row: the shortest has one to three digits before the point."""
    shortest = min(times_ns)
    fitting = [unit for unit in _UNITS if shortest >= unit.nanoseconds]
    return fitting[-1] if fitting else _UNITS[0]


def duration(ns: float) -> str:
    """A time that stands alone: `12.3 µs`."""
    unit = unit_for([ns])
    return f"{unit.text(ns)} {unit.name}"


def seconds(value: float) -> str:
    """A duration a person waited: `48 s`, `3 min 12 s`."""
    whole = round(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def significant(value: float) -> str:
    """Three digits, or all before the point, with thousands apart: 0.123, 1.20, 45.6, 1,234."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    # 9.996 rounds to 10.00, which has one digit too many.
    decimals = max(0, 2 - math.floor(math.log10(abs(round(value, decimals)))))
    return f"{value:,.{decimals}f}"


def times(ratio: float) -> str:
    return f"{significant(ratio)}×"


def interval(low: float, high: float) -> str:
    return f"{significant(low)}–{significant(high)}"


def size(count: float) -> str:
    """Bytes: `2 B`, `4.02 KB`, `256 KB`."""
    for name, factor in (("MB", 1e6), ("KB", 1e3)):
        if count >= factor:
            return f"{significant(count / factor)} {name}"
    return f"{count:.0f} B"


def rate(bytes_per_second: float) -> str:
    """`640 MB/s`; always in MB, so that a column can be compared by eye."""
    return f"{significant(bytes_per_second / 1e6)} MB/s"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 input`, `5,213 inputs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
