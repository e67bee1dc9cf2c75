"""Pairs: a row for each input, and the check of recorded inputs."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from driftgate.base import columns, figures
from driftgate.base.figures import Unit

from ..events import Event, Pair
from ..pairs.limits import NAMES as LIMITS
from ..pairs.recorded import Speed, speed

_MARKS = (
    ("≠", "outputs differ: the work is comparable, not equal"),
    ("▼", "slower"),
    ("~", "too close to tell"),
)


def tables(found: Sequence[Pair]) -> list[str]:
    """A table for each operation, then one of the limits."""
    if not found:
        return []
    rivals = [pair for pair in found if pair.against not in LIMITS]
    limits = [pair for pair in found if pair.against in LIMITS]
    parts = [*pair_tables(rivals), legend(rivals), limit_table(limits)]
    return [part for part in parts if part]


def limit_table(found: Sequence[Pair]) -> str:
    """What a call costs in units of the least that its work must cost."""
    if not found:
        return ""
    rows = [["Limits", "input", "limit", "", "a call", "the limit", "costs", ""]]
    for pair in found:
        unit = figures.unit_for([pair.against_call_ns])
        rows.append(
            [
                pair.operation,
                pair.input,
                pair.against,
                unit.name,
                unit.text(pair.subject_call_ns),
                unit.text(pair.against_call_ns),
                figures.times(1 / pair.ratio.median),
                figures.interval(1 / pair.ratio.high, 1 / pair.ratio.low),
            ]
        )
    return columns.table(rows, texts=3)


def pair_tables(found: Sequence[Pair]) -> list[str]:
    """One table for each operation: a row for each input, three columns for each rival."""
    by_operation: dict[str, dict[str, list[Pair]]] = {}
    for pair in found:
        by_operation.setdefault(pair.operation, {}).setdefault(pair.input, []).append(pair)
    tables = {operation: _pair_table(list(rows.values())) for operation, rows in by_operation.items()}
    widths = columns.widths([row for table in tables.values() for row in table])
    return [
        "\n".join([operation, *(columns.line(row, widths) for row in table)])
        for operation, table in tables.items()
    ]


def _pair_table(rows: Sequence[Sequence[Pair]]) -> list[list[str]]:
    rivals = list(dict.fromkeys(pair.against for row in rows for pair in row))
    titles = ["input", "size", "", rows[0][0].subject]
    for rival in rivals:
        titles += [rival, "times as fast", "", ""]
    return [titles, *(_pair_row(row, rivals) for row in rows)]


def _pair_row(row: Sequence[Pair], rivals: Sequence[str]) -> list[str]:
    """Times in one unit; the subject's own is the median over its rivals."""
    own = statistics.median(pair.subject_call_ns for pair in row)
    unit = figures.unit_for([own])
    cells = [row[0].input, figures.size(row[0].size), unit.name, unit.text(own)]
    by_rival = {pair.against: pair for pair in row}
    for rival in rivals:
        cells += _against(by_rival[rival], unit) if rival in by_rival else ("", "", "", "")
    return cells


def _against(pair: Pair, unit: Unit) -> tuple[str, str, str, str]:
    ratio = pair.ratio
    return (
        unit.text(pair.against_call_ns),
        figures.times(ratio.median),
        figures.interval(ratio.low, ratio.high),
        marks(pair),
    )


def marks(pair: Pair) -> str:
    differs = "≠" if pair.difference is not None else ""
    return differs + {Speed.FASTER: "", Speed.SLOWER: "▼", Speed.UNDECIDED: "~"}[speed(pair)]


def legend(found: Sequence[Pair]) -> str:
    """What the figures rest on, and the marks that occur."""
    if not found:
        return ""
    least = min(pair.ratio.count for pair in found)
    most = max(pair.ratio.count for pair in found)
    count = f"{least} to {most}" if least < most else f"{most}"
    lines = [
        f"  Median times per call; how many times as fast, with the interval over {count} {found[0].unit}."
    ]
    seen = "".join(map(marks, found))
    lines += [f"  {mark}  {meaning}" for mark, meaning in _MARKS if mark in seen]
    return "\n".join(lines)


def check_table(found: Sequence[Pair], events: Sequence[Event]) -> str:
    """One row for each operation and rival: how the ratio spreads over the recorded inputs."""
    groups: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in found:
        groups.setdefault((pair.operation, pair.subject, pair.against), []).append(pair)
    twice = Counter(
        (event.operation, event.subject, event.against)
        for event in events
        if isinstance(event, Pair) and not event.settled
    )
    rows = [["operation", "against", "inputs", "median", "worst tenth", "worst", *_COUNTED, "worst input"]]
    for (operation, subject, against), group in groups.items():
        ordered = sorted(group, key=lambda pair: pair.ratio.median)
        ratios = [pair.ratio.median for pair in ordered]
        speeds = Counter(map(speed, group))
        ratio_cells = (statistics.median(ratios), ratios[len(ratios) // 10], ratios[0])
        counts = (speeds[Speed.SLOWER], speeds[Speed.UNDECIDED], twice[operation, subject, against])
        rows.append(
            [
                *(operation, against, f"{len(group):,}"),
                *map(figures.times, ratio_cells),
                *(f"{count:,}" for count in counts),
                ordered[0].input.rpartition(":")[0],
            ]
        )
    widths = columns.widths(rows)
    return "\n".join(columns.line(row, widths, texts=2) for row in rows) if groups else ""


_COUNTED = ("slower", "too close", "looked twice")


def slower_list(found: Sequence[Pair]) -> list[str]:
    """Every input on which the subject is slower or may be, each with the command that shows it."""
    words = {Speed.SLOWER: "slower than", Speed.UNDECIDED: "too close to"}
    lines = [
        f"{pair.subject} is {words[speed(pair)]} {pair.against} on "
        f"{pair.input} ({figures.size(pair.size)}): {figures.times(pair.ratio.median)} "
        f"({figures.interval(pair.ratio.low, pair.ratio.high)}), "
        f"{figures.duration(pair.subject_call_ns)} against {figures.duration(pair.against_call_ns)}\n"
        f"  see the input: python -m parity replay {pair.input}"
        for pair in found
        if speed(pair) is not Speed.FASTER
    ]
    return ["\n".join(lines)] if lines else []
