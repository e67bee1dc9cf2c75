"""A run from its plan to its last event.  It emits events and prints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone

from parity.operations import OPERATIONS
from parity.subjects import load

from . import beyond, machine, native_results, process_results
from .claims import judge, selftest
from .claims.evidence import Measured, tasks
from .counts import instructions
from .events import Claim, Counted, Event, Finished, Native, Pair, Process, Progress, SelfTest, Started
from .pairs import limits, recorded, rounds
from .pairs.apart import apart
from .pairs.contest import Contest, medians, ratio
from .pairs.rounds import Evidence, Execute
from .pairs.tasks import PAIR, Task
from .pairs.timing import Clock
from .plan import GENERATED_SEED, Plan
from .scenarios import SCENARIOS
from .stats import looks
from .verdict import cut_short, judge_run

Stop = Callable[[], bool]
"""Whether the run is asked to end early."""


def run(
    plan: Plan,
    clock: Clock = time.perf_counter_ns,
    execute: Execute = rounds.execute,
    stop: Stop = lambda: False,
) -> Iterator[Event]:
    """Events of a whole run, `Started` first and `Finished` last.

    One that is asked to stop judges what it has, and is INCONCLUSIVE unless it found a failure.
    """
    begun = clock()
    request = plan.request
    seen: list[Event] = []
    yield Started(
        command=request.command,
        at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        candidate=request.candidate,
        check=plan.check,
        release=request.release,
        seed=request.seed,
        looks=plan.looks,
        commit=machine.commit(),
        machine=machine.look(),
        subjects={name: subject.provenance for name, subject in plan.subjects.items()},
    )
    for event in _check(plan, clock, stop) if plan.check else _measurements(plan, clock, execute, stop):
        seen.append(event)
        yield event
    verdict = judge_run(
        seen, plan.check, tuple(dict.fromkeys(given.operation.name for given in plan.recorded))
    )
    if stop():
        verdict = cut_short(verdict)
    yield Finished((clock() - begun) / 1e9, verdict.code, verdict.sentence)


def _until(stop: Stop, events: Iterable[Event]) -> Iterator[Event]:
    for event in events:
        yield event
        if stop():
            return


def _check(plan: Plan, clock: Clock, stop: Stop) -> Iterator[Event]:
    brief = recorded.BRIEF_RELEASE if plan.request.release else recorded.BRIEF

    def looked() -> Iterator[Event]:
        candidate, *rivals = map(load, (plan.request.candidate, *plan.rivals))
        contests = [Contest(candidate, rival, given) for given in plan.recorded for rival in rivals]
        yield from recorded.check(contests, plan.request.seed, clock, brief)

    yield from _until(stop, apart("the check on recorded payloads", _any_of(plan), looked))


def _any_of(plan: Plan) -> str:
    return " or ".join(plan.subjects)


def _measurements(plan: Plan, clock: Clock, execute: Execute, stop: Stop) -> Iterator[Event]:
    request = plan.request
    measured = Measured()
    evidence = measured.pairs
    yield from plan.left_out

    def still_open(so_far: Evidence) -> set[Task]:
        return {task for spec in plan.specs if judge.is_open(spec, measured) for task in tasks(spec)}

    in_rounds = rounds.rounds(
        [*plan.self_test, *plan.tasks],
        still_open,
        plan.looks,
        request.seed,
        request.release,
        execute,
        evidence,
    )
    yield from _until(stop, in_rounds)
    self_test = selftest.examine(plan.self_test, evidence)
    if self_test is not None:
        yield self_test
    yield from pairs(evidence, plan.tasks)
    yield from beyond.growths(evidence, plan.tasks)
    if not stop():
        what = "the worst generated inputs"
        yield Progress(0, 0, what)

        def worst() -> Iterator[Event]:
            return beyond.distributions(evidence, plan.tasks, GENERATED_SEED, request.release, clock)

        yield from _until(stop, apart(what, _any_of(plan), worst))
    if plan.whole and not stop():
        yield from _until(stop, _whole(plan, measured))
    yield from claims(plan, measured, self_test)


def _whole(plan: Plan, measured: Measured) -> Iterator[Event]:
    """The C library alone and whole processes; what claims need of it is kept in `measured`."""
    request = plan.request
    for event in _library(request.release):
        if isinstance(event, Native):
            measured.natives[event.name] = event
        if isinstance(event, Counted):
            measured.counted[event.name] = event
        yield event
    blocks = process_results.RELEASE_BLOCKS if request.release else process_results.QUICK_BLOCKS
    for scenario in SCENARIOS.values():
        for event in process_results.run(scenario, blocks, request.seed):
            if isinstance(event, Process):
                measured.processes[event.scenario] = event
            yield event


def _library(release: bool) -> Iterator[Event]:
    effort = native_results.RELEASE if release else native_results.QUICK
    yield Progress(0, 0, native_results.WHAT)
    yield from native_results.run(native_results.find_binary(), effort, machine.commit())
    if release:
        yield from instructions.count()


def pairs(evidence: Evidence, wanted: Sequence[Task]) -> Iterator[Pair]:
    """Every pair that was timed, its interval resting on the processes; in the order of the plan."""
    for task in sorted(wanted, key=_place):
        samples = evidence.of(task)
        if task.role != PAIR or not samples:
            continue
        subject_ns, against_ns = medians(samples)
        differences = [one.difference for one in samples if one.difference is not None]
        yield Pair(
            operation=task.operation,
            input=task.input,
            size=samples[0].size,
            subject=task.subject,
            against=task.against,
            difference=differences[0] if differences else None,
            settled=True,
            unit="processes",
            ratio=looks.interval([ratio(one) for one in samples]),
            subject_call_ns=subject_ns,
            against_call_ns=against_ns,
        )


def _place(task: Task) -> tuple[int, bool]:
    """Operations in the order of their table, what is held against a limit last."""
    return list(OPERATIONS).index(task.operation), task.against in limits.NAMES


def claims(plan: Plan, measured: Measured, self_test: SelfTest | None) -> Iterator[Claim]:
    """Every claim with its verdict; without a working harness there is none."""
    judged = [judge.judge(spec, measured) for spec in plan.specs]
    judged = judge.together(judged, [judge.p_value(spec, measured) for spec in plan.specs])
    if self_test is not None and self_test.verdict != judge.Verdict.PASS:
        judged = [judge.unfit(one, self_test.explanation) for one in judged]
    yield from judged
