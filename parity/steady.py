"""The run before the run: each subject against itself, in another process and the other way round.

What answers differently under another hash seed or in another order cannot be compared
with anything.  Two processes of their own, with other values of PYTHONHASHSEED, put the
same cases to both subjects, the second one in reverse; their answers must agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from driftgate.base.exit_codes import Unfit

from . import show
from .calling import call
from .isolate import Breadcrumb, Lost, isolated
from .judge import CANDIDATE, REFERENCE
from .outcome import Outcome
from .plan import Plan
from .shard import subjects_of
from .subjects import Subject
from .watching import last_words
from .worker_process import Ended, WorkerProcess, some_ready

HASH_SEEDS = ("1", "4242")
CASES = 1500
"""About how many cases each subject answers twice."""

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Unsteady:
    """A case that a subject answered differently the second time."""

    subject: str
    case: str
    operation: str


@dataclass(frozen=True)
class Steadiness:
    """How many cases each subject answered twice, and those in which it contradicted itself."""

    cases: int
    unsteady: tuple[Unsteady, ...]

    def of(self, subject: str) -> tuple[Unsteady, ...]:
        return tuple(one for one in self.unsteady if one.subject == subject)


def rehearse(plan: Plan, stopped: Callable[[], bool] = lambda: False) -> Steadiness:
    """Both processes, side by side; raises `Unfit` if one of them fails, `KeyboardInterrupt` once stopped."""
    processes = [WorkerProcess({"PYTHONHASHSEED": seed}) for seed in HASH_SEEDS]
    try:
        for process, backwards in zip(processes, (False, True)):
            process.give(answers, plan, backwards)
        first, second = _all_answers(processes, stopped)
    finally:
        for process in processes:
            process.kill()
            process.close()
    names = (plan.reference, plan.candidate)
    unsteady = tuple(
        Unsteady(name, case, case.rpartition(":")[2])
        for name in names
        for case, answer in first[name].items()
        if answer != second[name].get(case, answer)
    )
    return Steadiness(len(first[plan.reference]), unsteady)


Answers = dict[str, dict[str, str]]
"""Digests of answers, by subject and case."""


def _all_answers(processes: Sequence[WorkerProcess], stopped: Callable[[], bool]) -> list[Answers]:
    done: dict[WorkerProcess, Answers] = {}
    while len(done) < len(processes):
        if stopped():
            raise KeyboardInterrupt
        waiting = [process for process in processes if process not in done]
        some_ready(waiting, _POLL_SECONDS)
        for process in waiting:
            try:
                given = process.answer()
            except Ended as end:
                raise Unfit(f"the steadiness run {end.outcome}{last_words(end.said)}") from end
            if given is not None:
                done[process] = given()
    return [done[process] for process in processes]


def answers(plan: Plan, backwards: bool) -> Answers:
    """One of the two processes: the digests of all answers."""
    return {
        name: _of_subject(plan, subject, caller, backwards)
        for caller, name, subject in zip(
            (REFERENCE, CANDIDATE), (plan.reference, plan.candidate), subjects_of(plan)
        )
    }


def _of_subject(plan: Plan, subject: Subject, caller: int, backwards: bool) -> dict[str, str]:
    """A subject's answers; a crash or a hang ends them early, and the campaign will tell of it."""

    def work(crumb: Breadcrumb) -> dict[str, str]:
        return dict(_answered(plan, subject, caller, backwards, crumb))

    done = isolated(work, plan.timeout, plan.memory)
    return {} if isinstance(done, Lost) else done.value


def _answered(
    plan: Plan, subject: Subject, caller: int, backwards: bool, crumb: Breadcrumb
) -> Iterator[tuple[str, str]]:
    campaign = plan.campaign(cases=min(CASES, plan.cases))
    numbers = range(campaign.inputs)
    for number in reversed(numbers) if backwards else numbers:
        cases = campaign.at(number)
        for case in reversed(cases) if backwards else cases:
            function = subject.functions.get(case.operation.name)
            if function is not None:
                crumb.at(number)
                crumb.calling(caller)
                yield case.id, _digest(call(function, case.arguments(), case.arguments))


def _digest(outcome: Outcome) -> str:
    return hashlib.blake2b(show.outcome(outcome).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
