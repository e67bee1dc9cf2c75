"""The sign-off page's sections on speed."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from bench.figures import count, duration, interval, rate, size, times
from bench.tables.claims import quantity

from .bench_results import (
    BenchResults,
    ClaimResult,
    NativeBench,
    Pair,
    ProcessRun,
    Ratio,
    SelfTestResult,
)
from .markdown import code, items, prose, table
from .result_file import Json
from .verdict import is_slower

DIFFERS = "≠"
LISTED_CLOSE = 20
"""How many recorded inputs without a proven gain are listed, the slowest first."""


def sections(benches: Sequence[BenchResults]) -> Iterator[str]:
    made = [pair for bench in benches if not bench.check for pair in bench.pairs]
    recorded = [pair for bench in benches if bench.check for pair in bench.pairs]
    natives = [native for bench in benches for native in bench.natives]
    processes = [process for bench in benches for process in bench.processes]
    claims = [claim for bench in benches for claim in bench.claims]
    yield f"## Speed\n\n{_what_a_figure_is((*made, *recorded))}"
    if claims:
        yield f"### Claims\n\n{_claim_table(claims)}"
    tests = [bench.self_test for bench in benches if bench.self_test is not None]
    if tests:
        yield f"### The harness itself\n\n{items([_self_test_line(test) for test in tests])}"
    if made:
        yield f"### In short\n\n{_short_table(made)}"
        for subject in dict.fromkeys(pair.subject for pair in made):
            of_subject = [pair for pair in made if pair.subject == subject]
            yield f"### Every payload, {prose(subject)}\n\n{_payload_table(subject, of_subject)}"
    if recorded:
        yield f"### Recorded inputs\n\n{_short_table(recorded)}"
        close = [pair for pair in recorded if pair.ratio.low < 1]
        if close:
            yield (
                f"Not proven faster on {count(len(close), 'recorded input')}; "
                f"`python -m parity replay INPUT` shows one:\n\n{_close_table(close)}"
            )
    if processes:
        yield f"### Whole processes\n\n{_process_table(processes)}"
    if natives:
        context = {name: value for bench in benches for name, value in bench.native_context.items()}
        yield f"### The C library alone\n\n{_native_table(natives, context)}"
    missing = _not_measured(benches)
    if missing:
        yield f"### Not measured\n\n{items(missing)}"


def _what_a_figure_is(pairs: Sequence[Pair]) -> str:
    units = sorted({pair.unit for pair in pairs})
    text = (
        "A time is the median of a call.  A ratio is how many times as fast the subject is as what it is "
        f"held against, timed in turn in one process: the median with its interval over {' or '.join(units)}."
    )
    if any(pair.difference is not None for pair in pairs):
        text += f"  {DIFFERS}: the outputs differ, so the work is comparable, not equal."
    return text


def _claim_table(claims: Sequence[ClaimResult]) -> str:
    """Each claim with its figure and verdict, and why it does not hold where it does not."""
    rows = [
        (
            code(one.id),
            prose(one.sentence),
            "–" if one.figure is None else quantity(one.figure.median, one.unit),
            "–" if one.figure is None or one.figure.count < 2 else interval(one.figure.low, one.figure.high),
            f"{'≥' if one.at_least else '≤'} {quantity(one.bound, one.unit)}",
            one.verdict,
        )
        for one in claims
    ]
    head = ("claim", "what is claimed", "measured", "interval", "bound", "verdict")
    reasons = [f"{code(one.id)}: {prose(one.explanation)}" for one in claims if one.explanation]
    return table(head, rows, left=2) + (f"\n\n{items(reasons)}" if reasons else "")


def _self_test_line(test: SelfTestResult) -> str:
    if test.explanation:
        return f"{test.verdict}: {prose(test.explanation)}"
    return (
        f"{test.verdict}: against itself each side differs by ±{test.noise_floor:.1%} a process, and a "
        f"slow-down of {test.smallest_seen:.1%} is seen in four cases of five"
    )


def _short_table(pairs: Sequence[Pair]) -> str:
    """A row for each operation and rival: the middle, and the worst input."""
    groups: dict[tuple[str, str, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.operation, pair.subject, pair.against), []).append(pair)
    operations = list(dict.fromkeys(pair.operation for pair in pairs))
    rows = []
    for names, group in sorted(groups.items(), key=lambda item: operations.index(item[0][0])):
        worst = min(group, key=lambda pair: pair.ratio.median)
        middle = statistics.median(pair.ratio.median for pair in group)
        slower = sum(map(is_slower, group))
        cells = (f"{len(group):,}", times(middle), _ratio(worst), code(worst.input), f"{slower:,}")
        rows.append((*map(code, names), *cells))
    head = ("operation", "subject", "against", "inputs", "median", "least", "on", "slower")
    return table(head, rows, left=3)


def _payload_table(subject: str, pairs: Sequence[Pair]) -> str:
    """A row for each operation and payload; the subject's time is the median over its rivals."""
    rivals = list(dict.fromkeys(pair.against for pair in pairs))
    by_input: dict[tuple[str, str, int], dict[str, Pair]] = {}
    for pair in pairs:
        by_input.setdefault((pair.operation, pair.input, pair.size), {})[pair.against] = pair
    rows = []
    for (operation, given, bytes_), by_rival in by_input.items():
        own = statistics.median(pair.subject_call_ns for pair in by_rival.values())
        cells = [code(operation), code(given), size(bytes_), duration(own)]
        for rival in rivals:
            met = by_rival.get(rival)
            cells += ("–", "–") if met is None else (duration(met.against_call_ns), _ratio(met))
        rows.append(cells)
    head = ["operation", "payload", "size", code(subject)]
    for rival in rivals:
        head += (code(rival), "ratio")
    return table(head, rows, left=2)


def _close_table(pairs: Sequence[Pair]) -> str:
    ordered = sorted(pairs, key=lambda pair: pair.ratio.median)
    rows = [
        (
            code(pair.operation),
            code(pair.input),
            code(pair.subject),
            code(pair.against),
            size(pair.size),
            duration(pair.subject_call_ns),
            duration(pair.against_call_ns),
            _ratio(pair),
            "slower" if is_slower(pair) else "too close to tell",
        )
        for pair in ordered[:LISTED_CLOSE]
    ]
    hidden = len(ordered) - len(rows)
    head = ("operation", "input", "subject", "against", "size", "subject", "against", "ratio", "")
    return table(head, rows, left=4) + (f"\n\n{hidden:,} more are in the result file." if hidden else "")


def _native_table(natives: Sequence[NativeBench], context: dict[str, Json]) -> str:
    rows = [
        (
            code(one.name),
            "–" if one.payload_bytes is None else size(one.payload_bytes),
            duration(one.call_ns),
            f"{duration(one.low_ns)} to {duration(one.high_ns)}",
            f"{one.repetitions:,}",
            "–" if one.bytes_per_second is None else rate(one.bytes_per_second),
        )
        for one in sorted(natives, key=lambda one: (one.name.partition("/")[0], one.payload_bytes or 0))
    ]
    about = ", ".join(
        f"{prose(name)} {code(value if isinstance(value, str) else json.dumps(value))}"
        for name, value in context.items()
        if not isinstance(value, (list, dict))
    )
    head = ("bench", "size", "a call", "interval", "repetitions", "throughput")
    return f"By Google Benchmark, without Python.\n\n{table(head, rows)}" + (f"\n\n{about}" if about else "")


def _process_table(processes: Sequence[ProcessRun]) -> str:
    rows = [
        (
            code(one.scenario),
            prose(one.what),
            code(one.variant),
            duration(one.seconds * 1e9),
            f"{code(one.baseline)} {duration(one.baseline_seconds * 1e9)}",
            f"{times(one.ratio.median)} ({_interval(one.ratio)})",
            f"{one.ratio.count:,}",
        )
        for one in processes
    ]
    head = ("scenario", "from start to exit", "variant", "time", "against", "ratio", "runs of each")
    return f"By hyperfine, each run a fresh process.\n\n{table(head, rows, left=3)}"


def _not_measured(benches: Sequence[BenchResults]) -> list[str]:
    voids = [one for bench in benches for one in bench.voids]
    left_out = [one for bench in benches for one in bench.left_out]
    reasons = Counter((one.reason, one.unfit) for one in left_out)
    lines = [f"**outputs differ** in {code(one.what)}: {code(one.difference)}" for one in voids]
    for (reason, unfit), number in reasons.most_common():
        first = next(one.what for one in left_out if (one.reason, one.unfit) == (reason, unfit))
        more = f" and {number - 1:,} more" if number > 1 else ""
        lines.append(f"{'**unfit** ' if unfit else ''}{code(first)}{more}: {prose(reason)}")
    return lines


def _ratio(pair: Pair) -> str:
    """The ratio with its interval, marked where the outputs differ."""
    marked = f" {DIFFERS}" if pair.difference is not None else ""
    return f"{times(pair.ratio.median)} ({_interval(pair.ratio)}){marked}"


def _interval(ratio: Ratio) -> str:
    return interval(ratio.low, ratio.high)
