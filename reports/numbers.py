"""Numbers as a person reads them: the one place where figures get their digits and units."""

from __future__ import annotations

import math

SIGNIFICANT = 3
"""Digits that carry meaning in a measured figure; counts are always exact."""


def count(number: int) -> str:
    return f"{number:,}"


def counted(number: int, one: str, many: str) -> str:
    """A count with its noun: `1 mismatch`, `2 mismatches`."""
    return f"{count(number)} {one if number == 1 else many}"


def ratio(value: float) -> str:
    """How many times: `0.852x`, `4.07x`, `188x`."""
    return f"{_rounded(value)}x"


def interval(low: float, high: float) -> str:
    """Both ends of an interval of ratios."""
    return f"{ratio(low)} to {ratio(high)}"


def seconds(value: float) -> str:
    """A duration given in seconds, in the largest unit that leaves it at or above 1."""
    return _scaled(value, ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")))


def bytes_(value: int) -> str:
    """A size; a KB is 1000 bytes."""
    if value < 1000:
        return f"{value} B"
    return _scaled(float(value), ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")))


def share(part: int, whole: int) -> str:
    """A part of a whole in percent; `0 %` and `100 %` are only said of none and all."""
    if whole == 0:
        return "–"
    percent = 100 * part / whole
    if part not in (0, whole):
        percent = min(max(percent, 0.1), 99.9)
    return f"{percent:.1f} %" if percent not in (0, 100) else f"{percent:.0f} %"


def _scaled(value: float, units: tuple[tuple[float, str], ...]) -> str:
    for unit, name in units:
        # Rounding comes first: 999.9996 µs is 1 ms.
        if abs(float(f"{value / unit:.{SIGNIFICANT}g}")) >= 1:
            return f"{_rounded(value / unit)} {name}"
    unit, name = units[-1]
    return f"{_rounded(value / unit)} {name}"


def _rounded(value: float) -> str:
    """A finite number to three significant digits, never in exponent form; above 1000 all its digits."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{SIGNIFICANT}g}")
    before_point = math.floor(math.log10(abs(rounded))) + 1
    if before_point > SIGNIFICANT:
        return f"{value:,.0f}"
    return f"{rounded:.{SIGNIFICANT - before_point}f}"
