"""What the figures are worth: the machine meanwhile, and the harness's test of itself."""

from __future__ import annotations

from collections.abc import Sequence

from driftgate.base import columns, figures

from ..events import SelfTest, Worker

_BARS = "▁▂▃▄▅▆▇█"


def self_test(found: SelfTest) -> str:
    """A/A, the planted slow-downs and what this run could have seen."""
    rows = [["The harness, tested", "slowed by", "measured", "interval", "seen", "power"]]
    for one in found.planted:
        what = f"{one.subject} against itself, {one.what}" if one.share == 0 else f"{one.subject}, {one.what}"
        rows.append(
            [
                what,
                "–" if one.share == 0 else f"{one.share:.0%}",
                _percent(one.ratio.median),
                f"{_percent(one.ratio.low)} to {_percent(one.ratio.high)}",
                "yes" if one.caught else "no",
                "" if one.power is None else f"{one.power:.0%}",
            ]
        )
    lines = [columns.table(rows)] if found.planted else []
    if found.explanation:
        lines.append(f"  {found.verdict}: {found.explanation}")
    else:
        lines.append(
            f"  Noise floor ±{found.noise_floor:.1%} a process; this run sees a slow-down of "
            f"{found.smallest_seen:.1%} in four cases of five."
        )
    return "\n".join(lines)


def _percent(ratio: float) -> str:
    return f"{ratio - 1:+.1%}"


def machine(workers: Sequence[Worker]) -> str:
    """The contamination ledger: a bar for each process, and what there is to know about it."""
    if not workers:
        return ""
    blocks = sum(one.blocks for one in workers)
    bad = sum(one.contaminated for one in workers)
    spins = [spin for one in workers for spin in one.spin_ns]
    stolen = [one.steal_ms for one in workers if one.steal_ms is not None]
    loads = [one.load for one in workers if one.load is not None]
    facts = [
        f"{bad / blocks:.1%} of {blocks:,} blocks lost the core" if blocks else "no blocks",
        f"{sum(stolen):,.0f} ms stolen" if stolen else "steal unknown",
        f"spin loop {min(spins):.2f}–{max(spins):.2f} ns",
    ]
    if loads:
        facts.append(f"load {min(loads):.1f}–{max(loads):.1f}")
    strip = "".join(_bar(one) for one in workers)
    lines = [f"The machine meanwhile, a bar for each process  {strip}  {', '.join(facts)}"]
    lines += [f"  process {one.process}: {one.label}" for one in workers if one.label is not None]
    shown, more = lines[:5], len(lines) - 5
    return "\n".join(
        shown + ([f"  and {figures.count(more, 'more process', 'more processes')}"] if more > 0 else [])
    )


def _bar(one: Worker) -> str:
    """The share of contaminated blocks, from none to a third and more."""
    share = one.contaminated / one.blocks if one.blocks else 0.0
    return _BARS[min(len(_BARS) - 1, int(share * 3 * len(_BARS)))]
