"""Speed beyond the claims: every input, growth, recorded inputs, whole processes, the C library alone."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from bench.events import Complexity, Distribution, Growth, LeftOut, Native, NativeContext, Pair, Process
from bench.pairs.recorded import Speed, speed
from driftgate.base.figures import count, duration, interval, rate, size, times

from ..bench_results import BenchResults
from ..document import SignOff
from ..plots import growth as growth_plot
from ..plots import speedups as speedups_plot
from ..reasons import Place
from .model import (
    Block,
    Bullets,
    Cell,
    Code,
    Kind,
    Paragraph,
    Plot,
    Section,
    Strong,
    Table,
    Tone,
    code,
    number,
    paragraph,
    text,
)

DIFFERS = "≠"
LISTED = 400
"""Rows of a table of pairs, the slowest first."""


def speed_sections(document: SignOff) -> Iterator[Section]:
    bench = document.evidence.claims
    if bench is not None:
        if bench.pairs:
            yield Section("speed", "Speed on every input", tuple(_inputs(bench)))
        if bench.growths:
            yield Section("growth", "Growth and break-even", tuple(_growth(bench.growths)))
        if bench.processes:
            yield Section("processes", "Whole processes", (_processes(bench.processes),))
        if bench.natives:
            yield Section("library", "The C library alone", tuple(_natives(bench)))
    if document.evidence.recorded is not None:
        yield _recorded(document.evidence.recorded)
    missing = [one for run in document.evidence.benches for one in run.left_out]
    if missing:
        yield Section("left-out", "Not measured", (Bullets(tuple(_left_out(missing))),))


def _inputs(bench: BenchResults) -> Iterator[Block]:
    pairs = bench.pairs
    different = any(pair.difference is not None for pair in pairs)
    yield paragraph(
        "How many times as fast the subject is as what it is held against: the median over fresh "
        "processes, with its interval." + (f"  {DIFFERS}: the outputs differ." if different else "")
    )
    yield _plot("speedups-plot", pairs)
    yield _short_table("speedups", "In short, by operation and rival", pairs)
    yield _pair_table("pairs", "Every input", pairs)
    if bench.distributions:
        yield _distributions(bench.distributions)


def _plot(name: str, pairs: Sequence[Pair]) -> Plot:
    return Plot(
        name,
        "How the speed-up is spread over the inputs",
        "For each operation and rival a line from the least to the greatest ratio, thick between the "
        "worst and best tenth, with a mark at the median.  Left of 1 the candidate is slower.",
        lambda: speedups_plot.draw(pairs),
    )


def _groups(pairs: Sequence[Pair]) -> dict[tuple[str, str, str], list[Pair]]:
    groups: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.operation, pair.subject, pair.against), []).append(pair)
    return dict(sorted(groups.items()))


def _short_table(name: str, caption: str, pairs: Sequence[Pair]) -> Table:
    rows = []
    for (operation, subject, against), group in _groups(pairs).items():
        worst = min(group, key=lambda pair: pair.ratio.median)
        slower = sum(speed(pair) is Speed.SLOWER for pair in group)
        rows.append(
            (
                code(operation),
                code(f"{subject} / {against}"),
                number(len(group)),
                _times(statistics.median(pair.ratio.median for pair in group)),
                _times(worst.ratio.median),
                code(worst.input),
                number(slower, tone=Tone.BAD if slower else None),
            )
        )
    head = ("operation", "who / against", "inputs", "median", "least", "on", "slower")
    return Table(name, caption, head, tuple(rows), ("operation", "who / against"))


def _pair_table(name: str, caption: str, pairs: Sequence[Pair]) -> Table:
    ordered = sorted(pairs, key=lambda pair: pair.ratio.median)[:LISTED]
    rows = tuple(
        (
            code(pair.operation),
            code(pair.input),
            number(pair.size, size(pair.size)),
            code(f"{pair.subject} / {pair.against}"),
            number(pair.subject_call_ns, duration(pair.subject_call_ns)),
            number(pair.against_call_ns, duration(pair.against_call_ns)),
            Cell(
                times(pair.ratio.median) + (f" {DIFFERS}" if pair.difference is not None else ""),
                Kind.NUMBER,
                pair.ratio.median,
                Tone.BAD if speed(pair) is Speed.SLOWER else None,
            ),
            text(interval(pair.ratio.low, pair.ratio.high)),
        )
        for pair in ordered
    )
    hidden = len(pairs) - len(rows)
    note = f"; the {LISTED} slowest of {len(pairs):,}" if hidden else ", the slowest first"
    head = ("operation", "input", "size", "who / against", "its call", "the other’s", "times", "interval")
    return Table(name, caption + note, head, rows, ("operation", "who / against"))


def _distributions(found: Sequence[Distribution]) -> Table:
    rows = tuple(
        (
            code(one.operation),
            code(f"{one.subject} / {one.against}"),
            text(", ".join(one.profiles)),
            number(one.inputs),
            _times(one.median.median),
            _times(one.worst_decile.median),
            _times(one.worst.median),
            code(one.worst_input),
            number(one.slower, tone=Tone.BAD if one.slower else None),
        )
        for one in found
    )
    head = (
        "operation",
        "who / against",
        "profiles",
        "inputs",
        "median",
        "worst tenth",
        "worst",
        "on",
        "slower",
    )
    return Table("generated", "On generated inputs", head, rows, ("operation", "who / against"))


def _growth(growths: Sequence[Growth]) -> Iterator[Block]:
    yield paragraph(
        "How the cost rises with the size of one kind of input, as an exponent of the size.  The break-even "
        "is the size from which on the subject is faster."
    )
    yield Plot(
        "growth-plot",
        "Speed-up by size of input",
        "For each operation how many times as fast the subject is, by size and kind of input.  Where a "
        "line crosses 1 the two are even.  The table below has the exponents and break-even sizes.",
        lambda: growth_plot.draw(growths),
    )
    rows = tuple(
        (
            code(one.operation),
            text(one.ladder),
            code(f"{one.subject} / {one.against}"),
            number(one.subject_exponent.median, f"n^{one.subject_exponent.median:.2f}"),
            number(one.against_exponent.median, f"n^{one.against_exponent.median:.2f}"),
            number(
                one.excess.median, f"{one.excess.median:+.2f}", Tone.BAD if one.excess.low > 0.1 else None
            ),
            number(None)
            if one.break_even is None
            else number(one.break_even.median, size(one.break_even.median)),
        )
        for one in growths
    )
    head = ("operation", "input", "who / against", "its growth", "the other’s", "excess", "faster from")
    yield Table("growth-table", "Exponents and break-even", head, rows, ("operation", "input"))


def _recorded(bench: BenchResults) -> Section:
    pairs = bench.pairs
    close = sum(speed(pair) is Speed.UNDECIDED for pair in pairs)
    blocks: list[Block] = [
        paragraph(
            f"{count(len(pairs), 'recorded input')} of a real application, each timed by itself; "
            f"{close:,} are too close to tell.  See one: ",
            Code("python -m parity replay INPUT"),
        )
    ]
    if pairs:
        blocks += [
            _plot("recorded-plot", pairs),
            _short_table("recorded-short", "Recorded inputs, by operation", pairs),
            _pair_table(
                "recorded-pairs", "Recorded inputs", [one for one in pairs if one.ratio.low < 1] or pairs[:50]
            ),
        ]
    return Section(Place.RECORDED.value, "Recorded inputs", tuple(blocks))


def _processes(found: Sequence[Process]) -> Table:
    rows = []
    for one in found:
        base = statistics.median(one.seconds[one.baseline]) if one.seconds.get(one.baseline) else None
        for name, seconds in one.seconds.items():
            ratio = one.ratios.get(name)
            rows.append(
                (
                    code(one.scenario),
                    text(one.what),
                    code(name),
                    number(statistics.median(seconds) * 1e9, duration(statistics.median(seconds) * 1e9)),
                    number(None) if ratio is None else _times(ratio.median),
                    text(
                        "the baseline"
                        if ratio is None and base
                        else interval(ratio.low, ratio.high)
                        if ratio
                        else "–"
                    ),
                    number(len(seconds)),
                )
            )
    head = ("scenario", "what", "with", "median", "times as fast", "interval", "runs")
    return Table(
        "process-table", "Whole processes by hyperfine, and requests", head, tuple(rows), ("scenario", "with")
    )


def _natives(bench: BenchResults) -> Iterator[Block]:
    fits = {one.name: one for one in bench.of(Complexity)}
    rows = tuple(_native_row(one) for one in bench.natives)
    head = ("bench", "size", "a call", "interval", "throughput", "allocations", "peak")
    yield Table("library-table", "By Google Benchmark, without Python", head, rows)
    if fits:
        yield Table(
            "complexity",
            "Growth of time over sizes, as Google Benchmark fits it",
            ("bench", "big O", "misfit"),
            tuple(
                (code(one.name), text(one.big_o), number(one.rms, f"{one.rms:.1%}")) for one in fits.values()
            ),
        )
    facts = [
        paragraph(f"{name}: ", Code(str(value)))
        for context in bench.of(NativeContext)
        for name, value in context.context.items()
        if not isinstance(value, (list, dict))
    ]
    if facts:
        yield Bullets(tuple(facts))


def _native_row(one: Native) -> tuple[Cell, ...]:
    throughput = one.bytes_per_second
    return (
        code(one.name),
        number(None) if one.payload_bytes is None else number(one.payload_bytes, size(one.payload_bytes)),
        number(one.time.median, duration(one.time.median)),
        text(f"{duration(one.time.low)} to {duration(one.time.high)}"),
        number(None) if throughput is None else number(throughput, rate(throughput)),
        number(None) if one.allocations is None else number(one.allocations, f"{one.allocations:g}"),
        number(None) if one.peak_bytes is None else number(one.peak_bytes, size(one.peak_bytes)),
    )


def _left_out(missing: Sequence[LeftOut]) -> Iterator[Paragraph]:
    reasons = Counter((one.reason, one.unfit) for one in missing)
    for (reason, unfit), how_many in reasons.most_common():
        first = next(one.what for one in missing if (one.reason, one.unfit) == (reason, unfit))
        more = f" and {how_many - 1:,} more" if how_many > 1 else ""
        head = (Strong("unfit", Tone.BAD), " ") if unfit else ()
        yield paragraph(*head, Code(first), f"{more}: {reason}")


def _times(ratio: float) -> Cell:
    return number(ratio, times(ratio), Tone.BAD if ratio < 1 else None)
