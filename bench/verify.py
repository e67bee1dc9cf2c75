"""The verdicts of a result file, found again from its raw samples: no machine is needed for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .claims import evidence, judge, loader
from .events import Claim, Counted, Native, Process, Sample, SelfTest
from .pairs.tasks import Task
from .results import CANDIDATE, Results


def judged_again(results: Results, claims: Sequence[loader.Spec]) -> list[str]:
    """For each claim whose verdict or figure is another than the file says, a line about it.

    One that the file has and `claims` have not is told too.
    """
    measured = evidence.Measured()
    for event in results.events:
        if isinstance(event, Sample):
            task = Task(event.role, event.operation, event.input, event.subject, event.against)
            measured.pairs.add(task, event)
        elif isinstance(event, Native):
            measured.natives[event.name] = event
        elif isinstance(event, Counted):
            measured.counted[event.name] = event
        elif isinstance(event, Process):
            measured.processes[event.scenario] = event
    candidate = results.started.candidate
    specs = {
        spec.id: replace(spec, subject=candidate) if spec.subject == CANDIDATE else spec for spec in claims
    }
    unfit = any(
        isinstance(event, SelfTest) and event.verdict != judge.Verdict.PASS for event in results.events
    )
    lines = []
    for claim in results.events:
        if not isinstance(claim, Claim):
            continue
        if claim.id not in specs:
            lines.append(f"{claim.id}: the claims do not have it")
            continue
        found = judge.judge(specs[claim.id], measured)
        verdict = judge.Verdict.UNFIT.value if unfit else found.verdict
        if (verdict, found.figure) != (claim.verdict, claim.figure):
            lines.append(f"{claim.id}: the file says {claim.verdict}, its samples say {verdict}")
    return lines
