"""The whole report of a run, from the parts: one sentence first, details below, the command last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, TypeVar

from driftgate.base import figures
from parity.subjects import Provenance

from ..events import (
    Claim,
    Complexity,
    Counted,
    Distribution,
    Event,
    Finished,
    Growth,
    LeftOut,
    Native,
    Process,
    SelfTest,
    Started,
    Void,
    Worker,
)
from ..verdict import settled
from . import beyond, claims, pairs, trust, whole

SHOWN = 5
"""How many of a list are named; the result file has them all."""

Kind = TypeVar("Kind")


def report(started: Started, events: Sequence[Event], finished: Finished, where: str) -> str:
    """The whole report of a finished run; `where` is the result file."""
    found = settled(events)
    judged = _of(events, Claim)
    blocks = [finished.summary, header(started), claims.table(judged), claims.reasons(judged)]
    blocks += map(trust.self_test, _of(events, SelfTest))
    blocks.append(trust.machine(_of(events, Worker)))
    if started.check:
        blocks += [pairs.check_table(found, events), *pairs.slower_list(found)]
    else:
        blocks += pairs.tables(found)
    blocks.append(beyond.growth_table(_of(events, Growth)))
    blocks.append(beyond.distribution_table(_of(events, Distribution)))
    blocks += whole.native_tables(_of(events, Native))
    blocks += [whole.complexity_line(_of(events, Complexity)), whole.counted_table(_of(events, Counted))]
    blocks += [whole.process_table(_of(events, Process)), void_list(events), left_out_list(events)]
    blocks.append(
        f"{figures.seconds(finished.seconds)}; {where} holds every block of this run; "
        f"run again: {started.command}"
    )
    return "\n\n".join(block for block in blocks if block)


def _of(events: Sequence[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


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
