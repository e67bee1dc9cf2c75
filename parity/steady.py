"""The run before the run: each subject against itself, in another process and the other way round.

What answers differently under another hash seed or in another order cannot be compared
with anything.  Two processes of their own, with other values of PYTHONHASHSEED, put the
same cases to both subjects, the second one in reverse; their answers must agree.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from driftgate.base.exit_codes import Unfit
from driftgate.base.interrupts import shielded

from . import show
from .isolate import Breadcrumb, Lost, isolated
from .judge import CANDIDATE, REFERENCE
from .outcome import Outcome, observe
from .plan import Plan
from .subjects import Subject, load

HASH_SEEDS = ("1", "4242")
CASES = 1500
"""About how many cases each subject answers twice."""


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


def rehearse(plan: Plan) -> Steadiness:
    """Both processes, side by side; raises `Unfit` if one of them fails."""
    names = (plan.reference, plan.candidate)
    first, second = (_answers(process) for process in [_start(plan, at) for at in range(len(HASH_SEEDS))])
    unsteady = tuple(
        Unsteady(name, case, case.rpartition(":")[2])
        for name in names
        for case, answer in first[name].items()
        if answer != second[name].get(case, answer)
    )
    return Steadiness(len(first[plan.reference]), unsteady)


def _start(plan: Plan, at: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": HASH_SEEDS[at],
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-m", "parity.steady", json.dumps(plan.fields()), str(at)]
    with shielded():
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )


def _answers(process: subprocess.Popen[str]) -> dict[str, dict[str, str]]:
    """Digests of a process's answers by subject and case."""
    out, errors = process.communicate()
    if process.returncode:
        raise Unfit(f"the steadiness run ended with status {process.returncode}:\n{errors.strip()}")
    answers: dict[str, dict[str, str]] = json.loads(out)
    return answers


def main(given: str, at: str) -> None:
    """One of the two processes: print the digests of all answers."""
    plan = Plan.from_fields(json.loads(given))
    backwards = at == "1"
    answers = {
        name: _of_subject(plan, load(name), caller, backwards)
        for caller, name in ((REFERENCE, plan.reference), (CANDIDATE, plan.candidate))
    }
    json.dump(answers, sys.stdout)


def _of_subject(plan: Plan, subject: Subject, caller: int, backwards: bool) -> dict[str, str]:
    """A subject's answers; a crash or a hang ends them early, and the campaign will tell of it."""

    def work(crumb: Breadcrumb) -> dict[str, str]:
        return dict(_answered(plan, subject, caller, backwards, crumb))

    done = isolated(work, plan.timeout)
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
                yield case.id, _digest(observe(function, case.arguments()))


def _digest(outcome: Outcome) -> str:
    return hashlib.blake2b(show.outcome(outcome).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
