"""Whether the harness can be believed today.

A/A: a subject against itself, on both sides of the claims, gives the noise floor.  Planted
slow-downs of known size show what a run of this size sees.  If A/A finds a difference that is
not there, or the largest plant goes unseen, no verdict of the run counts.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Optional

from parity.operations import OPERATIONS
from parity.subjects.described import Described

from ..events import Planted, Sample, SelfTest
from ..pairs.contest import log_ratios
from ..pairs.planted import AGAIN, SLOWED
from ..pairs.rounds import Evidence
from ..pairs.tasks import SELF_TEST, Task
from ..stats import looks
from ..stats.changes import NORMAL
from ..stats.power import power, smallest_seen
from .judge import Verdict

SHARES = (0.02, 0.05, 0.10, 0.20)
MUST_SEE = 0.20
TOLERANCE = 0.02
"""A difference of A/A up to this is noise; claims need more room than that below their bound."""

SMALL, LARGE = "rows-4k", "rows-92k"
"""A call on the large one is long enough for a plant of 2 % to be more than a wrapper's own jitter."""


def tasks(subject: Described, against: Described) -> list[Task]:
    """A/A of both sides on a small and a large input, and the plants; nothing if they share no operation."""
    shared = [name for name in OPERATIONS if name in subject.operations & against.operations]
    if not shared:
        return []
    operation = shared[0]
    again = [
        Task(SELF_TEST, operation, given, side.name, side.name + AGAIN)
        for side in (subject, against)
        for given in (SMALL, LARGE)
    ]
    return again + [
        Task(SELF_TEST, operation, LARGE, subject.name, f"{subject.name}{SLOWED}{share:.0%}")
        for share in SHARES
    ]


def examine(wanted: Sequence[Task], evidence: Evidence) -> Optional[SelfTest]:
    """What the self-test came to; None where a run had none."""
    if not wanted:
        return None
    missing = [task for task in wanted if not evidence.of(task)]
    if missing:
        refused = evidence.refused.get(missing[0])
        why = getattr(refused, "reason", None) or getattr(refused, "difference", "it was not measured")
        return _result([], 0.0, 1.0, f"{missing[0].subject} against {missing[0].against}: {why}.")
    again = {task: _logs(evidence.of(task)) for task in wanted if task.against.endswith(AGAIN)}
    noise = [log for logs in again.values() for log in _centred(logs)]
    processes = min(map(len, again.values()))
    if looks.last_look(processes) == 0:
        return _result([], 0.0, 1.0, f"{processes} processes are too few for a look.")
    planted = [_planted(task, evidence.of(task), noise, processes) for task in wanted]
    floor = math.expm1(NORMAL * statistics.median(map(abs, noise)))
    return _result(planted, floor, smallest_seen(noise, processes), _fault(planted))


# A plant counts as seen when it shows at least half of its size.
def _planted(task: Task, samples: Sequence[Sample], noise: Sequence[float], processes: int) -> Planted:
    _, _, share_text = task.against.partition(SLOWED)
    share = float(share_text.rstrip("%")) / 100 if share_text else 0.0
    ratios = [math.exp(log) for log in _logs(samples)]
    least = 1 + (share / 2 if share else TOLERANCE)
    seen = looks.decide(ratios, least, at_least=True) is looks.Side.KEPT
    return Planted(
        share=share,
        subject=task.subject,
        what=f"{task.operation}({task.input})",
        ratio=looks.interval(ratios),
        caught=seen,
        power=power(noise, share, processes),
    )


def _fault(planted: Sequence[Planted]) -> str:
    """Why the harness is unfit; empty if it is not."""
    for one in planted:
        if one.share == 0 and (one.ratio.low > 1 + TOLERANCE or one.ratio.high < 1 - TOLERANCE):
            return (
                f"{one.subject} against itself on {one.what} shows a difference that is not there, "
                f"{one.ratio.median:.3f} ({one.ratio.low:.3f} to {one.ratio.high:.3f})."
            )
    if not any(one.caught for one in planted if one.share == MUST_SEE):
        return f"a planted slow-down of {MUST_SEE:.0%} went unseen."
    return ""


def _result(planted: Sequence[Planted], floor: float, smallest: float, fault: str) -> SelfTest:
    verdict = Verdict.UNFIT if fault else Verdict.PASS
    return SelfTest(tuple(planted), floor, smallest, verdict.value, fault)


def _logs(samples: Sequence[Sample]) -> list[float]:
    """One log-ratio a process."""
    return [statistics.median(log_ratios(sample)) for sample in samples]


def _centred(values: Sequence[float]) -> list[float]:
    middle = statistics.median(values)
    return [value - middle for value in values]
