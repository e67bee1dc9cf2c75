"""A run from its plan to its last event.  It emits events and prints nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

from . import machine, native_results, process_results, recorded
from .contest import Settings, measure
from .events import Event, Finished, Progress, Started
from .plan import Plan
from .timing import Clock, undisturbed
from .verdict import judge

FULL = Settings()
QUICK = Settings(blocks=10, batch_ns=500_000, budget_ns=20_000_000, longest_call_ns=20_000_000)


def run(what: Plan, clock: Clock = time.perf_counter_ns) -> Iterator[Event]:
    """Events of a whole run, `Started` first and `Finished` last."""
    begun = clock()
    seen: list[Event] = []
    commit = machine.commit()
    yield Started(
        command=what.command,
        check=what.check,
        seed=what.seed,
        commit=commit,
        machine=machine.look(),
        subjects={name: subject.provenance for name, subject in what.subjects.items()},
        planned=len(what.contests),
    )
    for event in _measurements(what, commit, clock):
        seen.append(event)
        yield event
    verdict = judge(seen, what.check, what.operations)
    yield Finished((clock() - begun) / 1e9, verdict.code, verdict.sentence)


def _measurements(what: Plan, commit: str | None, clock: Clock) -> Iterator[Event]:
    yield from what.left_out
    with undisturbed():
        yield from (_check if what.check else _pairs)(what, clock)
    if what.whole:
        effort = native_results.QUICK if what.quick else native_results.FULL
        blocks = process_results.QUICK_BLOCKS if what.quick else process_results.FULL_BLOCKS
        yield Progress(0, 0, native_results.WHAT)
        yield from native_results.run(native_results.find_binary(), effort, commit)
        yield from process_results.run(blocks, what.seed)


def _pairs(what: Plan, clock: Clock) -> Iterator[Event]:
    settings = QUICK if what.quick else FULL
    for done, contest in enumerate(what.contests):
        yield Progress(done, len(what.contests), contest.given.operation.name)
        yield measure(contest, what.seed, clock, settings)


def _check(what: Plan, clock: Clock) -> Iterator[Event]:
    brief = recorded.BRIEF_QUICK if what.quick else recorded.BRIEF
    return recorded.check(what.contests, what.seed, clock, brief)
