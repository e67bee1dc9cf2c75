"""The C library alone, whole processes, and requests."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from driftgate.base import columns, figures

from ..events import Complexity, Counted, Native, Process
from ..scenarios import WITHOUT


def native_tables(benches: Sequence[Native]) -> list[str]:
    """A matrix of functions and payloads, and a list of what has no payload in common with them."""
    if not benches:
        return []
    by_function: dict[str, dict[str, Native]] = {}
    for one in benches:
        function, _, payload = one.name.partition("/")
        by_function.setdefault(function, {})[payload] = one
    most = max(map(len, by_function.values()))
    whole = {function: row for function, row in by_function.items() if len(row) == most}
    payloads = sorted(next(iter(whole.values())).values(), key=lambda one: one.payload_bytes or 0)
    names = [one.name.partition("/")[2] for one in payloads]
    matrix = [["The C library alone", "", *names]]
    for function, row in whole.items():
        ordered = sorted(one.time.median for one in row.values())
        unit = figures.unit_for([ordered[len(ordered) // 2]])
        matrix.append([function, unit.name, *(unit.text(row[name].time.median) for name in names)])
    rest = [["One by one", "", "per call", "interval", "throughput", "allocations", "first call", "peak"]]
    rest += [_native_row(one) for one in benches if one.name.partition("/")[0] not in whole]
    return [columns.table(table) for table in ([matrix, rest] if len(rest) > 1 else [matrix])]


def _native_row(one: Native) -> list[str]:
    unit = figures.unit_for([one.time.median])
    return [
        one.name,
        unit.name,
        unit.text(one.time.median),
        f"{unit.text(one.time.low)}–{unit.text(one.time.high)}",
        "" if one.bytes_per_second is None else figures.rate(one.bytes_per_second),
        "" if one.allocations is None else figures.significant(one.allocations),
        "" if one.first_allocations is None else f"{one.first_allocations}",
        "" if one.peak_bytes is None else figures.size(one.peak_bytes),
    ]


def complexity_line(found: Sequence[Complexity]) -> str:
    """The fits in one line: most of them say the same."""
    if not found:
        return ""
    by_order: dict[str, list[str]] = {}
    for one in found:
        by_order.setdefault(one.big_o, []).append(one.name.partition("/")[0])
    return "Fitted over sizes: " + "; ".join(
        f"{order} {', '.join(names)}" for order, names in by_order.items()
    )


def counted_table(found: Sequence[Counted]) -> str:
    if not found:
        return ""
    rows = [["Instructions a call", ""], *([one.name, f"{one.instructions:,.0f}"] for one in found)]
    return columns.table(rows)


def process_table(found: Sequence[Process]) -> str:
    """A line for each variant under its scenario, with what it takes more than one that records nothing."""
    if not found:
        return ""
    rows: list[list[str]] = [["Whole processes, requests", "time", "times as fast", "", ""]]
    for one in found:
        rows.append([one.what])
        for name, times in one.seconds.items():
            cells = [f"  {name}", figures.duration(statistics.median(times) * 1e9)]
            ratio, more = one.ratios.get(name), _recording(one, name)
            if ratio is None:
                remarks = [f"the base, {len(times)} runs of each", *([more] if more else [])]
                rows.append([*cells, "–", "", ", ".join(remarks)])
            else:
                low_high = figures.interval(ratio.low, ratio.high)
                rows.append([*cells, figures.times(ratio.median), low_high, more])
    to = columns.widths([row for row in rows if len(row) > 1])
    return "\n".join(columns.line(row, to) if len(row) > 1 else f"  {row[0]}" for row in rows)


def _recording(one: Process, name: str) -> str:
    """What recording costs there, if that is known: the median of the differences block by block."""
    without = next((one.seconds[other] for other in WITHOUT if other in one.seconds), None)
    if without is None or name in WITHOUT:
        return ""
    more = statistics.median(own - other for own, other in zip(one.seconds[name], without))
    return f"recording {'+' if more >= 0 else '-'}{figures.duration(abs(more) * 1e9)}"
