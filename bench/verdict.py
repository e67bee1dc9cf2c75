"""What a run came to: the exit code, and one sentence that can be read aloud."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from driftgate.base import figures
from driftgate.base.exit_codes import ExitCode

from .claims.judge import Verdict as ClaimVerdict
from .events import Claim, Event, LeftOut, Pair, SelfTest, Void
from .pairs.limits import NAMES as LIMITS
from .pairs.recorded import Speed, speed


@dataclass(frozen=True)
class Verdict:
    code: ExitCode
    sentence: str


NAMED = 3
"""How many claims a sentence names."""


def settled(events: Sequence[Event]) -> list[Pair]:
    """The pairs that count: those not measured again."""
    return [event for event in events if isinstance(event, Pair) and event.settled]


def judge_run(events: Sequence[Event], check: bool, operations: Sequence[str]) -> Verdict:
    """The verdict over all events of a run: UNFIT, FAIL, INCONCLUSIVE or PASS, the first that applies.

    In a `check` a slower subject fails it, and every one of `operations` must have been timed.
    """
    found = settled(events)
    unfit = [
        f"{event.what}: {event.reason}" for event in events if isinstance(event, LeftOut) and event.unfit
    ]
    unfit += [
        event.explanation.rstrip(".")
        for event in events
        if isinstance(event, SelfTest) and event.verdict != ClaimVerdict.PASS
    ]
    if unfit:
        return Verdict(ExitCode.UNFIT, f"UNFIT: {unfit[0]}.")
    voids = [event for event in events if isinstance(event, Void)]
    if voids:
        where = figures.count(len(voids), "comparison")
        return Verdict(
            ExitCode.FAIL,
            f"FAIL: outputs that have to be equal differ in {where}, first in {voids[0].what}: "
            f"{voids[0].difference}.",
        )
    if check:
        return _judge_check(found, sum(isinstance(event, LeftOut) for event in events), operations)
    claims = [event for event in events if isinstance(event, Claim)]
    if claims:
        return _judge_claims(claims, found)
    if not found:
        return Verdict(ExitCode.INCONCLUSIVE, "INCONCLUSIVE: nothing could be measured.")
    return Verdict(ExitCode.PASS, f"Measured, with no claim to judge: {speeds(found)}")


def cut_short(verdict: Verdict) -> Verdict:
    """Of a run that was interrupted: a failure stands, anything else is not all there is to know."""
    if verdict.code is ExitCode.FAIL:
        return verdict
    return Verdict(
        ExitCode.INCONCLUSIVE, "INCONCLUSIVE: the run was interrupted; what it measured till then is kept."
    )


def _judge_claims(claims: Sequence[Claim], found: Sequence[Pair]) -> Verdict:
    counted = Counter(claim.verdict for claim in claims)
    failed = [claim for claim in claims if claim.verdict == ClaimVerdict.FAIL]
    open_ = [claim for claim in claims if claim.verdict == ClaimVerdict.INCONCLUSIVE]
    rest = f"{counted[ClaimVerdict.PASS.value]} of {figures.count(len(claims), 'claim')} hold"
    if failed:
        more = f", {len(open_)} open" if open_ else ""
        return Verdict(
            ExitCode.FAIL, f"FAIL: {_named(failed, 'does not hold', 'do not hold')}; {rest}{more}."
        )
    if open_:
        return Verdict(
            ExitCode.INCONCLUSIVE, f"INCONCLUSIVE: {_named(open_, 'is open', 'are open')}; {rest}."
        )
    return Verdict(ExitCode.PASS, f"PASS: all {figures.count(len(claims), 'claim')} hold; {speeds(found)}")


def _named(claims: Sequence[Claim], one: str, many: str) -> str:
    names = ", ".join(claim.id for claim in claims[:NAMED])
    more = f" and {len(claims) - NAMED} more" if len(claims) > NAMED else ""
    return f"{names}{more} {one if len(claims) == 1 else many}"


def _judge_check(found: Sequence[Pair], left_out: int, operations: Sequence[str]) -> Verdict:
    slower = [pair for pair in found if speed(pair) is Speed.SLOWER]
    if slower:
        return Verdict(ExitCode.FAIL, f"FAIL: {_slower(slower, found)}")
    unproven = [name for name in operations if name not in {pair.operation for pair in found}]
    if unproven or not found:
        names = ", ".join(unproven) or "anything"
        return Verdict(ExitCode.INCONCLUSIVE, f"INCONCLUSIVE: no input could be timed for {names}.")
    open_ = [pair for pair in found if speed(pair) is Speed.UNDECIDED]
    if open_:
        return Verdict(
            ExitCode.INCONCLUSIVE,
            f"INCONCLUSIVE: on {figures.count(len(open_), 'recorded input')} the two are too close to tell, "
            f"first {open_[0].input}.",
        )
    sentences = [
        f"{subject} is faster than {against} on all {figures.count(len(group), 'recorded input')}: "
        f"{_times(statistics.median(pair.ratio.median for pair in group))} in the median, "
        f"{_times(min(pair.ratio.median for pair in group))} on the worst"
        for (subject, against), group in _by_rivals(found).items()
    ]
    but = f" ({left_out:,} more left out)" if left_out else ""
    return Verdict(ExitCode.PASS, f"PASS: {'; '.join(sentences)}{but}.")


def _slower(slower: Sequence[Pair], found: Sequence[Pair]) -> str:
    parts = [
        f"{subject} is slower than {against} on {len(group):,} of "
        f"{figures.count(len(_by_rivals(found)[subject, against]), 'recorded input')}, "
        f"{', '.join(pair.input for pair in group[:3])}{' and others' if len(group) > 3 else ''}"
        for (subject, against), group in _by_rivals(slower).items()
    ]
    return "; ".join(parts) + "."


def speeds(found: Sequence[Pair]) -> str:
    """How fast, against each rival, over all that was timed."""
    sentences = []
    for (subject, against), group in _by_rivals(found).items():
        if against in LIMITS:
            continue
        ratios = [pair.ratio.median for pair in group]
        if len(group) == 1:
            sentences.append(f"{subject} is {_times(ratios[0])} as fast as {against} in one measurement")
            continue
        slower = sum(speed(pair) is Speed.SLOWER for pair in group)
        sentences.append(
            f"{subject} is {_times(statistics.median(ratios))} as fast as {against} in the median of "
            f"{len(group):,} measurements, from {figures.significant(min(ratios))} to {_times(max(ratios))}"
            f"{f', and slower in {slower:,} of them' if slower else ''}"
        )
    return "; ".join(sentences) + "."


def _times(ratio: float) -> str:
    return f"{figures.significant(ratio)} times"


def _by_rivals(found: Sequence[Pair]) -> dict[tuple[str, str], list[Pair]]:
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in found:
        groups.setdefault((pair.subject, pair.against), []).append(pair)
    return groups
