"""A shard, whatever its cases do to the processes they run in.

`run_shard` is a function of the plan and the shard alone.  It works in forks, so a call that crashes, exits,
hangs or asks for all memory costs a fork, and one more for what came before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from driftgate.base.exit_codes import Unfit

from . import fingerprint
from .census import merged, summed
from .clusters import Groups
from .isolate import HARNESS, Breadcrumb, Lost, Returned, isolated
from .judge import CANDIDATE, REFERENCE
from .outcome import CRASH_CAP, REFERENCE_LOST, Hang, OutOfMemory
from .plan import Plan, Shard
from .shard import Pass, ShardResult, subjects_of
from .watching import last_words

Work = Callable[[Breadcrumb], ShardResult]

CRASHES_BORNE = 100
"""How many lost processes one shard bears; its cases after them are not put, and count as no verdict."""

LINGER_SECONDS = 0.1
"""How long a process of one case waits for the threads that its calls left."""

HANG_WEIGHS, MEMORY_WEIGHS = 25, 5
"""A hang costs its whole timeout, and filling memory takes a while, so they count as so many crashes."""


def run_shard(plan: Plan, shard: Shard) -> ShardResult:
    """Judge every case of a shard, those that take their process with them included.

    Where a subject is lost, what came before it is done again by itself, the lost case is
    counted, and the work goes on behind it.
    """
    parts: list[ShardResult] = []
    begin, weight = 0, 0
    while True:
        done = _attempt(plan, shard, begin, None)
        if not isinstance(done, Lost):
            return _merged(shard, [*parts, done.value])
        before = _attempt(plan, shard, begin, done.position)
        if isinstance(before, Lost):  # so it was chance, or depends on what was called before
            done, before = before, _attempt(plan, shard, begin, before.position)
        if isinstance(before, Lost):
            return _merged(shard, [*parts, *_one_by_one(plan, shard, begin, weight)])
        parts += (before.value, _counted_lost(plan, shard, done))
        begin = done.position + 1
        weight += _weight(done)
        if weight >= CRASHES_BORNE:
            return _merged(shard, [*parts, Pass(plan, shard, begin, None).without_verdict(CRASH_CAP)])


def _one_by_one(plan: Plan, shard: Shard, begin: int, weight: int) -> list[ShardResult]:
    """The rest of a shard with a process for each case, as its calls end processes after they returned.

    So does a thread that a call leaves behind, or memory that it overwrote.
    """
    parts: list[ShardResult] = []
    found = None
    for position in Pass(plan, shard, begin, None).positions():
        if weight >= CRASHES_BORNE:
            return [*parts, Pass(plan, shard, position, None).without_verdict(CRASH_CAP)]
        done = _attempt(plan, shard, position, position + 1, waits=True)
        if isinstance(done, Lost):
            found = done
            weight += _weight(done)
            parts.append(_counted_lost(plan, shard, done))
        else:
            parts.append(done.value)
    if found is None:
        raise Unfit(
            f"{plan.candidate} or {plan.reference} ends its process in {shard.id}, at another case each time"
        )
    return parts


def _weight(lost: Lost) -> int:
    return {Hang: HANG_WEIGHS, OutOfMemory: MEMORY_WEIGHS}.get(type(lost.outcome), 1)


def _waiting_for_threads(work: Work, crumb: Breadcrumb) -> ShardResult:
    """Work, and the end of what its calls left running, which may be that of the process."""
    done = work(crumb)
    until = time.monotonic() + LINGER_SECONDS
    while _is_threaded() and time.monotonic() < until:
        time.sleep(0.001)
    return done


def _is_threaded() -> bool:
    try:
        return len(list(Path("/proc/self/task").iterdir())) > 1
    except OSError:
        return threading.active_count() > 1


def _attempt(
    plan: Plan, shard: Shard, begin: int, end: int | None, waits: bool = False
) -> Returned[ShardResult] | Lost:
    """The cases of a shard from one position to before another, in a fork, which may wait for threads.

    A machine that stood still looks like a hang, so a hang has to happen twice.
    """
    work: Work = Pass(plan, shard, begin, end).work
    if waits:
        work = partial(_waiting_for_threads, work)
    done = isolated(work, plan.timeout, plan.memory)
    if isinstance(done, Lost) and isinstance(done.outcome, Hang):
        done = isolated(work, plan.timeout, plan.memory)
    if isinstance(done, Lost) and isinstance(done.outcome, Hang) and done.caller == HARNESS:
        raise Unfit(_of_itself(shard, done, done.position))
    return done


def _counted_lost(plan: Plan, shard: Shard, lost: Lost) -> ShardResult:
    """The single case in which a subject was lost."""
    one_pass = Pass(plan, shard, lost.position, lost.position + 1)
    if lost.caller == HARNESS:
        lost = _blamed(plan, shard, one_pass, lost)
    done = isolated(partial(one_pass.lost, lost), plan.timeout, plan.memory)
    if isinstance(done, Lost):  # the reference as well
        return one_pass.without_verdict(REFERENCE_LOST)
    return done.value


def _blamed(plan: Plan, shard: Shard, one_pass: Pass, lost: Lost) -> Lost:
    """Whose doing it is that the process was lost between two calls.

    Memory that a call overwrote, a thread that it left, an answer too large to be looked at: it is the
    candidate's, unless the harness is lost with the reference in its place too.
    """
    reference = subjects_of(plan)[0]
    alone = isolated(partial(one_pass.work_with, reference, reference), plan.timeout, plan.memory)
    if not isinstance(alone, Lost):
        return replace(lost, caller=CANDIDATE)
    if alone.caller == HARNESS and not isinstance(alone.outcome, OutOfMemory):
        raise Unfit(_of_itself(shard, alone, lost.position))
    return replace(lost, caller=REFERENCE)


def _of_itself(shard: Shard, lost: Lost, position: int) -> str:
    return f"the harness itself {lost.outcome} at case {position} of {shard.id}{last_words(lost.said)}"


def _merged(shard: Shard, parts: Sequence[ShardResult]) -> ShardResult:
    """The results of a shard's parts as one."""
    groups = Groups(group for part in parts for group in part.groups)
    punts = [part.punts for part in parts if part.punts is not None]
    counted = ("skipped", "no_verdict", "ledger", "other_reasons", "inside", "spent")
    return ShardResult(
        shard=shard,
        census=merged(tally for part in parts for tally in part.census),
        groups=tuple(groups),
        punts=summed(punts) if punts else None,
        answers=fingerprint.added(part.answers for part in parts),
        said="\n".join(part.said for part in parts if part.said),
        **{name: summed(getattr(part, name) for part in parts) for name in counted},
    )
