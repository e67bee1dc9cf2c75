"""What the figures are worth: the harness's tests of itself, the machine meanwhile, and earlier runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.events import Planted, SelfTest, Worker
from bench.tables.claims import quantity
from driftgate.base.figures import count

from ..document import SignOff
from ..plots import history as history_plot
from ..plots import machine as machine_plot
from ..plots import power as power_plot
from ..reasons import Place
from .model import Block, Plot, Section, Table, Tone, code, number, paragraph, text


def trust(document: SignOff) -> Section:
    blocks: list[Block] = [*_steadiness(document)]
    bench = document.evidence.claims
    if bench is not None:
        if bench.self_test is not None:
            blocks += _self_test(bench.self_test)
        if bench.workers:
            blocks += _machine(bench.workers)
    return Section(Place.TRUST.value, "What the figures are worth", tuple(blocks))


def _steadiness(document: SignOff) -> Iterator[Block]:
    parity = document.parity
    shaky = count(len(parity.unsteady), "contradiction") if parity.unsteady else "no contradiction"
    yield paragraph(
        f"Each subject against itself, in another process, order and hash seed: {shaky} in "
        f"{count(parity.repeated, 'case')}."
    )
    if parity.unsteady:
        rows = tuple((code(one.subject), code(one.operation), code(one.case)) for one in parity.unsteady[:50])
        yield Table(
            "unsteady", "Answered differently the second time", ("subject", "operation", "case"), rows
        )


def _self_test(found: SelfTest) -> Iterator[Block]:
    yield paragraph(
        f"Slow-downs were planted on purpose.  Noise floor ±{found.noise_floor:.1%}; this run sees a "
        f"slow-down of {found.smallest_seen:.1%} in four cases of five.  {found.explanation}"
    )
    if any(one.power is not None for one in found.planted):
        yield Plot(
            "power-plot",
            "What the bench would have seen",
            "The share of runs that would notice a slow-down, by its size, and whether this run noticed it.  "
            "The table below has the figures.",
            lambda: power_plot.draw(found),
        )
    head = ("subject", "what", "slowed by", "measured", "interval", "seen", "power")
    rows = tuple(
        (
            code(one.subject),
            text(one.what),
            number(one.share, f"{one.share:.0%}" if one.share else "nothing"),
            number(one.ratio.median, _percent(one.ratio.median)),
            text(f"{_percent(one.ratio.low)} to {_percent(one.ratio.high)}"),
            text("yes" if one.caught else "no", _seen_tone(one)),
            number(None) if one.power is None else number(one.power, f"{one.power:.0%}"),
        )
        for one in found.planted
    )
    yield Table("planted", "Planted slow-downs", head, rows)


def _seen_tone(one: Planted) -> Tone | None:
    if one.share == 0:
        return Tone.BAD if one.caught else Tone.GOOD
    return Tone.GOOD if one.caught else None


def _percent(ratio: float) -> str:
    return f"{ratio - 1:+.1%}"


def _machine(workers: Sequence[Worker]) -> Iterator[Block]:
    blocks = sum(one.blocks for one in workers)
    bad = sum(one.contaminated for one in workers)
    share = f"{bad / blocks:.1%} of {blocks:,} blocks" if blocks else "no block"
    yield paragraph(
        f"The machine meanwhile: {share} lost the core to another process.  They are marked, not left out."
    )
    yield Plot(
        "machine-plot",
        "The machine during each process",
        "For each process of the bench the share of blocks that lost the core, time stolen by the "
        "hypervisor, and the load.  The table below has the figures.",
        lambda: machine_plot.draw(workers),
    )
    head = (
        "process",
        "seconds",
        "load",
        "stolen",
        "switches",
        "blocks",
        "lost the core",
        "spin loop",
        "remark",
    )
    rows = tuple(
        (
            number(one.process),
            number(one.seconds, f"{one.seconds:.1f}"),
            number(None) if one.load is None else number(one.load, f"{one.load:.2f}"),
            number(None) if one.steal_ms is None else number(one.steal_ms, f"{one.steal_ms:,.0f} ms"),
            number(one.switches),
            number(one.blocks),
            number(one.contaminated, tone=Tone.OPEN if one.label else None),
            text(f"{min(one.spin_ns):.2f} to {max(one.spin_ns):.2f} ns" if one.spin_ns else "–"),
            text(one.label or ""),
        )
        for one in workers
    )
    yield Table("machine", "The machine during each process", head, rows)


def history(document: SignOff) -> Section | None:
    runs = document.evidence.history
    if not runs:
        return None
    names = tuple(dict.fromkeys(name for run in runs for name in run.claims))
    rows = []
    for name in names:
        points = [run.claims[name] for run in runs if name in run.claims]
        values = [point.figure.median for point in points if point.figure is not None]
        if values:
            unit = points[-1].unit
            change = values[-1] / values[0] - 1 if values[0] else 0.0
            rows.append(
                (
                    code(name),
                    number(len(values)),
                    number(values[0], quantity(values[0], unit)),
                    number(values[-1], quantity(values[-1], unit)),
                    number(change, f"{change:+.1%}"),
                    text(points[-1].verdict),
                )
            )
    head = ("claim", "runs", "first", "last", "change", "verdict")
    blocks: list[Block] = [
        paragraph(
            f"{count(len(runs), 'run')} of this machine class, from {runs[0].at} to {runs[-1].at}; "
            "every one is kept, also those run again."
        )
    ]
    if len(runs) > 1:
        blocks.append(
            Plot(
                "history-plot",
                "Claims over the runs",
                "Each claim’s median by run, relative to its first.  The table below has the figures.",
                lambda: history_plot.draw(runs),
            )
        )
    blocks.append(Table("history-table", "Claims over the runs", head, tuple(rows), ("verdict",)))
    return Section("history", "History", tuple(blocks))
