"""Events as text for a person: tables of figures, what was left out, the summary last."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Optional

from parity.subjects import Provenance

from . import figures
from .events import Event, Finished, LeftOut, Native, Pair, Process, Started, Void
from .figures import Unit
from .recorded import Speed, speed
from .verdict import settled

SHOWN = 5
"""How many of a list are named; the result file has them all."""

_MARKS = (
    ("≠", "outputs differ: the work is comparable, not equal"),
    ("▼", "slower"),
    ("~", "too close to tell"),
)


def report(started: Started, events: Sequence[Event], finished: Finished, where: str) -> str:
    """The whole report of a finished run; `where` is the result file."""
    found = settled(events)
    blocks = [header(started)]
    if started.check:
        blocks += [check_table(found, events), *slower_list(found)]
    else:
        for subject in dict.fromkeys(pair.subject for pair in found):
            blocks += pair_tables([pair for pair in found if pair.subject == subject])
        blocks.append(legend(found))
    blocks += native_tables([event for event in events if isinstance(event, Native)])
    blocks += [process_lines(event) for event in events if isinstance(event, Process)]
    blocks += [void_list(events), left_out_list(events)]
    blocks.append(f"{where} holds every block of this run; run again: {started.command}")
    blocks.append(finished.summary)
    return "\n\n".join(block for block in blocks if block)


def header(started: Started) -> str:
    machine = started.machine
    facts = [machine.cpu or "unknown CPU", figures.count(machine.cores, "core")]
    if machine.governor:
        facts.append(f"governor {machine.governor}")
    if machine.load is not None:
        facts.append(f"load {machine.load:.1f}")
    facts += [machine.python, _commit(started.commit)]
    lines = [", ".join(facts)]
    width = max(map(len, started.subjects), default=0)
    lines += [f"  {name.ljust(width)}  {_provenance(one)}" for name, one in started.subjects.items()]
    return "\n".join(lines)


def _commit(commit: Optional[str]) -> str:
    """Shortened, but with the `+` that tells of changed files."""
    if commit is None:
        return "no commit known"
    return f"commit {commit[:12]}{'+' if commit.endswith('+') else ''}"


def _provenance(one: Provenance) -> str:
    kind = "compiled" if one.compiled else "Python"
    return f"{one.module} {one.version}, {kind}, sha256 {one.sha256[:12]}"


# ---- pairs --------------------------------------------------------------------


def pair_tables(found: Sequence[Pair]) -> list[str]:
    """One table for each operation: a row for each input, three columns for each rival."""
    by_operation: dict[str, dict[str, list[Pair]]] = {}
    for pair in found:
        by_operation.setdefault(pair.operation, {}).setdefault(pair.input, []).append(pair)
    tables = {operation: _pair_table(list(rows.values())) for operation, rows in by_operation.items()}
    widths = _widths([row for table in tables.values() for row in table])
    return [
        "\n".join([operation, *(_line(row, widths) for row in table)]) for operation, table in tables.items()
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
    blocks = f"{least} to {most}" if least < most else f"{most}"
    lines = [
        f"Median times per call; how many times as fast, with the {found[0].confidence:.0%} interval of "
        f"{blocks} blocks in one process."
    ]
    seen = "".join(map(marks, found))
    lines += [f"{mark}  {meaning}" for mark, meaning in _MARKS if mark in seen]
    return "\n".join(lines)


# ---- the check on recorded traffic --------------------------------------------


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
    widths = _widths(rows)
    return "\n".join(_line(row, widths, left=2) for row in rows) if groups else ""


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


# ---- the C library alone, whole processes, what is missing -----------------------


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
    matrix = [["the C library alone", "", *names]]
    for function, row in whole.items():
        ordered = sorted(one.time.median for one in row.values())
        unit = figures.unit_for([ordered[len(ordered) // 2]])
        matrix.append([function, unit.name, *(unit.text(row[name].time.median) for name in names)])
    rest = [["one by one", "", "per call", "interval", "throughput"]]
    rest += [_native_row(one) for one in benches if one.name.partition("/")[0] not in whole]
    tables = [matrix, rest] if len(rest) > 1 else [matrix]
    return ["\n".join(_line(row, _widths(table)) for row in table) for table in tables]


def _native_row(one: Native) -> list[str]:
    unit = figures.unit_for([one.time.median])
    return [
        one.name,
        unit.name,
        unit.text(one.time.median),
        f"{unit.text(one.time.low)}–{unit.text(one.time.high)}",
        "" if one.bytes_per_second is None else figures.rate(one.bytes_per_second),
    ]


def process_lines(one: Process) -> str:
    native, python = statistics.median(one.native_seconds), statistics.median(one.python_seconds)
    return (
        f"whole process: {one.what}\n"
        f"  native {figures.duration(native * 1e9)}, Python {figures.duration(python * 1e9)}: "
        f"{figures.times(one.ratio.median)} ({figures.interval(one.ratio.low, one.ratio.high)}), "
        f"{figures.count(one.ratio.count, 'pair')} of processes"
    )


def void_list(events: Sequence[Event]) -> str:
    voids = [event for event in events if isinstance(event, Void)]
    return "\n".join(f"VOID {one.what}: {one.difference}" for one in voids[:SHOWN]) + _more(len(voids))


def left_out_list(events: Sequence[Event]) -> str:
    """What was not measured, by reason."""
    by_reason: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, LeftOut):
            by_reason.setdefault(event.reason, []).append(event.what)
    return "\n".join(
        f"Left out, {reason}: {', '.join(whats[:SHOWN])}{_more(len(whats), ' and')}"
        for reason, whats in by_reason.items()
    )


def _more(total: int, before: str = "\n") -> str:
    return f"{before} {total - SHOWN:,} more" if total > SHOWN else ""


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]


def _line(cells: Sequence[str], widths: Sequence[int], left: int = 1) -> str:
    """The first `left` cells are aligned to the left, the others to the right."""
    aligned = [
        cell.ljust(width) if at < left else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths))
    ]
    return ("  " + "  ".join(aligned)).rstrip()
