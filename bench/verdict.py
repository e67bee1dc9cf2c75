"""What a run came to: the exit code, and one sentence that can be read aloud."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from reports.exit_codes import ExitCode

from . import figures
from .events import Event, LeftOut, Pair, Process, Void
from .recorded import Speed, speed


@dataclass(frozen=True)
class Verdict:
    code: ExitCode
    sentence: str


def settled(events: Sequence[Event]) -> list[Pair]:
    """The pairs that count: those not measured again."""
    return [event for event in events if isinstance(event, Pair) and event.settled]


def judge(events: Sequence[Event], check: bool, operations: Sequence[str]) -> Verdict:
    """The verdict over all events of a run; in a `check` a slower subject fails it."""
    found = settled(events)
    voids = [event for event in events if isinstance(event, Void)]
    if voids:
        where = figures.count(len(voids), "comparison")
        return Verdict(
            ExitCode.FAIL,
            f"FAIL: outputs that have to be equal differ in {where}, first in {voids[0].what}: "
            f"{voids[0].difference}.",
        )
    if check:
        slower = [pair for pair in found if speed(pair) is Speed.SLOWER]
        if slower:
            return Verdict(ExitCode.FAIL, f"FAIL: {_slower(slower, found)}")
    unfit = [event for event in events if isinstance(event, LeftOut) and event.unfit]
    if unfit:
        return Verdict(ExitCode.UNFIT, f"UNFIT: {unfit[0].what}: {unfit[0].reason}.")
    if not found:
        return Verdict(ExitCode.INCONCLUSIVE, "INCONCLUSIVE: nothing could be measured.")
    if check:
        return _judge_check(found, sum(isinstance(event, LeftOut) for event in events), operations)
    return Verdict(ExitCode.PASS, _summary(events, found))


def _judge_check(found: Sequence[Pair], left_out: int, operations: Sequence[str]) -> Verdict:
    unproven = [name for name in operations if name not in {pair.operation for pair in found}]
    if unproven:
        names = ", ".join(unproven)
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


def _summary(events: Sequence[Event], found: Sequence[Pair]) -> str:
    sentences = []
    for (subject, against), group in _by_rivals(found).items():
        ratios = [pair.ratio.median for pair in group]
        least, most = figures.significant(min(ratios)), _times(max(ratios))
        where = f"in the median of {len(group):,} measurements, from {least} to {most}"
        slower = sum(speed(pair) is Speed.SLOWER for pair in group)
        sentences.append(
            f"{subject} is {_times(statistics.median(ratios))} as fast as {against} "
            f"{where if len(group) > 1 else 'in one measurement'}"
            f"{f', and slower in {slower:,} of them' if slower and len(group) > 1 else ''}."
        )
    sentences += [
        f"{event.what.capitalize()} is {_times(event.ratio.median)} as fast with the native path."
        for event in events
        if isinstance(event, Process)
    ]
    return "Summary: " + " ".join(sentences)


def _times(ratio: float) -> str:
    return f"{figures.significant(ratio)} times"


def _by_rivals(found: Sequence[Pair]) -> dict[tuple[str, str], list[Pair]]:
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in found:
        groups.setdefault((pair.subject, pair.against), []).append(pair)
    return groups
