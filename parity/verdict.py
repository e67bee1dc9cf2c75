"""What a run comes to: its exit code and the sentence that says why, a pure function of its results."""

from __future__ import annotations

from dataclasses import dataclass

from driftgate.base.exit_codes import ExitCode

from .census import total
from .events import Finished, Started
from .evidence import shortfalls


@dataclass(frozen=True)
class RunVerdict:
    """`reasons` are clauses, the deciding ones first; none for a run that passes."""

    code: ExitCode
    reasons: tuple[str, ...] = ()


def judge_run(started: Started, finished: Finished) -> RunVerdict:
    """UNFIT where the reference contradicts itself, FAIL for what differs or a ledger that is untrue,
    INCONCLUSIVE where too little was compared, else PASS.
    """
    plan, steadiness = started.plan, finished.steadiness
    shaky = steadiness.of(plan.reference)
    if shaky:
        return RunVerdict(
            ExitCode.UNFIT,
            (f"{plan.reference} contradicts itself in {len(shaky)} cases, such as {shaky[0].case}",),
        )
    faults = []
    counts = total(finished.census)
    if counts.mismatches:
        faults.append(f"{plan.candidate} differs from {plan.reference} in {counts.mismatches:,} cases")
    shaky = steadiness.of(plan.candidate)
    if shaky:
        faults.append(
            f"{plan.candidate} contradicts itself from one process to the next in {len(shaky)} of "
            f"{steadiness.cases:,} cases, such as {shaky[0].case}"
        )
    faults += (finding.text for finding in finished.findings)
    if faults:
        return RunVerdict(ExitCode.FAIL, tuple(faults))
    lacking = shortfalls(plan.operations, finished.census)
    if finished.interrupted:
        lacking.insert(0, f"{counts.generated:,} of {started.planned:,} cases were put before it was stopped")
    return RunVerdict(ExitCode.INCONCLUSIVE, tuple(lacking)) if lacking else RunVerdict(ExitCode.PASS)
