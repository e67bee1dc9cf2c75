"""One shard's work: every case judged, counted and, where it differs, described.

What is here calls subjects, so it is work for a child; `run_shard` starts these.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from driftgate.base.exit_codes import Unfit

from . import fingerprint, show
from .cases import Case
from .census import Tally, tally
from .clusters import Example, Group
from .features import features
from .isolate import Breadcrumb, Lost
from .judge import (
    Judgement,
    Pair,
    ask_again,
    judge,
    judge_lost,
    no_verdict,
    spot_check,
)
from .ledger import Entry, explain_case
from .ledger import load as load_ledger
from .memory import spared
from .outcome import REFERENCE_UNSTEADY, NoVerdict
from .plan import Plan, Shard
from .signature import Signature, signature_of
from .subjects import Subject, load, require_distinct

CHECK_EVERY = 499
"""One case in so many is asked twice and checked for what it keeps; a prime, so that all lanes get turns."""


@dataclass(frozen=True)
class ShardResult:
    """What came of one shard.

    `ledger` counts explained differences by entry, `other_reasons` mismatches that only look
    like an entry's; `answers` stands for all that the reference answered, so that who does the
    shard again can tell whether it was the same (see `fingerprint`).  `no_verdict` and
    `skipped` count cases by reason.  `inside` and `spent` are seconds by profile: within the
    subjects' own calls, and in all.  `said` is what killed children left on stderr.
    """

    shard: Shard
    census: tuple[Tally, ...]
    groups: tuple[Group, ...]
    punts: Mapping[str, int] | None
    answers: str
    skipped: Mapping[str, int]
    no_verdict: Mapping[str, int]
    ledger: Mapping[str, int]
    other_reasons: Mapping[str, int]
    inside: Mapping[str, float]
    spent: Mapping[str, float]
    said: str = ""


@lru_cache(maxsize=2)
def subjects_of(plan: Plan) -> tuple[Subject, Subject]:
    """Reference and candidate, loaded once a process; raises `Unfit`."""
    reference, candidate = load(plan.reference), load(plan.candidate)
    require_distinct(reference, candidate)
    return reference, candidate


def identity(plan: Plan, _: object) -> dict[str, str]:
    """What has to be the same wherever a shard of the plan is done."""
    reference, candidate = subjects_of(plan)
    return {
        "Python": platform.python_version(),
        plan.reference: reference.provenance.sha256,
        plan.candidate: candidate.provenance.sha256,
    }


@lru_cache(maxsize=2)
def entries_of(plan: Plan) -> tuple[Entry, ...]:
    """What the ledger declares of the plan's candidate."""
    return load_ledger().of(plan.candidate)


class Pass:
    """One pass over the cases of a shard from position `begin` to before `end`, None for its own end."""

    def __init__(self, plan: Plan, shard: Shard, begin: int, end: int | None) -> None:
        self._plan, self._shard = plan, shard
        self._begin, self._end = begin, end
        self._entries = entries_of(plan)
        self._counts: dict[tuple[str, str], Counter[str]] = {}
        self._skipped: Counter[str] = Counter()
        self._no_verdict: Counter[str] = Counter()
        self._punts: Counter[str] = Counter()
        self._punted: Mapping[str, int] | None = None  # as counted last, if nobody was called since
        self._answers = 0
        self._explained: Counter[str] = Counter()
        self._other_reasons: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._groups: dict[tuple[Signature, frozenset[str]], tuple[int, int, Case, Judgement]] = {}

    def work(self, crumb: Breadcrumb) -> ShardResult:
        """Judge them all."""
        return self.work_with(*subjects_of(self._plan), crumb)

    def work_with(self, reference: Subject, candidate: Subject, crumb: Breadcrumb) -> ShardResult:
        """Judge them all by such subjects."""
        pair = Pair(reference, candidate, crumb.calling, crumb.beat)
        for first, number, cases in self._inputs():
            begun = time.perf_counter_ns()
            for position, case in enumerate(cases, start=first):
                crumb.at(position)
                if self._includes(position):
                    self._count(case, pair, position, candidate_first=number % 2 == 1)
            self._spent[cases[0].profile] += time.perf_counter_ns() - begun
        return self._result()

    def lost(self, lost: Lost, crumb: Breadcrumb) -> ShardResult:
        """The single case in which a subject was lost."""
        pair = Pair(*subjects_of(self._plan), crumb.calling, crumb.beat)
        for position, case in self._cases():
            crumb.at(position)
            self._enter(case, position, judge_lost(case, pair, lost.caller, lost.outcome))
        said = f"case {lost.position} of {self._shard.id}: {lost.said}" if lost.said else ""
        return replace(self._result(), said=said)

    def without_verdict(self, reason: str) -> ShardResult:
        """Cases that are not put to anyone."""
        for position, case in self._cases():
            self._enter(case, position, no_verdict(reason))
        return self._result()

    def positions(self) -> list[int]:
        return [position for position, _ in self._cases()]

    def _cases(self) -> Iterator[tuple[int, Case]]:
        """(position, case) for all within the range"""
        for first, _, cases in self._inputs():
            for position, case in enumerate(cases, start=first):
                if self._includes(position):
                    yield position, case

    def _includes(self, position: int) -> bool:
        return self._begin <= position and (self._end is None or position < self._end)

    def _inputs(self) -> Iterator[tuple[int, int, Sequence[Case]]]:
        """(position of the first case, number of the input, its cases) for all that lie in the range"""
        for position, number, cases in self._plan.inputs_of(self._shard, self._begin):
            if self._end is not None and position >= self._end:
                return
            yield position, number, cases

    def _result(self) -> ShardResult:
        candidate = subjects_of(self._plan)[1]
        return ShardResult(
            shard=self._shard,
            census=tuple(tally(*lane, counts) for lane, counts in self._counts.items()),
            groups=tuple(self._group(key) for key in self._groups),
            punts=None if candidate.count_punts is None else dict(self._punts),
            answers=fingerprint.text(self._answers),
            skipped=dict(self._skipped),
            no_verdict=dict(self._no_verdict),
            ledger=dict(self._explained),
            other_reasons=dict(self._other_reasons),
            inside={profile: spent / 1e9 for profile, spent in self._inside.items()},
            spent={profile: spent / 1e9 for profile, spent in self._spent.items()},
        )

    def _count(self, case: Case, pair: Pair, position: int, candidate_first: bool) -> None:
        """Judge a case and count it where it belongs."""
        counts = self._of(case)
        lacking = pair.lacking(case)
        if lacking is not None:
            counts["skipped"] += 1
            self._skipped[lacking] += 1
            return
        before = _punts(pair.candidate) if self._punted is None else self._punted
        judgement = judge(case, pair, candidate_first)
        self._punted = after = _punts(pair.candidate)
        if after != before:
            counts["punted_value" if judgement.kind == "both_value" else "punted_error"] += 1
            self._punts.update({reason: count - before.get(reason, 0) for reason, count in after.items()})
        if judgement.difference is None and position % CHECK_EVERY == 0:
            self._punted = None
            judgement = replace(judgement, difference=spot_check(case, pair, judgement))
        elif judgement.difference is not None and ask_again(case, pair.reference, judgement.expected):
            judgement = replace(no_verdict(REFERENCE_UNSTEADY), inside=judgement.inside)
        self._enter(case, position, judgement)

    def _enter(self, case: Case, position: int, judgement: Judgement) -> None:
        counts = self._of(case)
        counts[judgement.kind] += 1
        self._answers += spared(fingerprint.fingerprint, position, judgement.expected)
        self._inside[case.profile] += judgement.inside
        if judgement.difference is not None:
            self._differs(case, judgement, counts)
        elif isinstance(judgement.expected, NoVerdict):
            self._no_verdict[judgement.expected.reason] += 1

    def _of(self, case: Case) -> Counter[str]:
        lane = case.operation.name, case.profile
        counts = self._counts.get(lane)
        if counts is None:
            counts = self._counts[lane] = Counter()
        return counts

    def _differs(self, case: Case, judgement: Judgement, counts: Counter[str]) -> None:
        """Count a difference: with the entry that explains it, or in the group it belongs to."""
        assert judgement.difference is not None
        expected, actual = judgement.expected, judgement.actual
        signature = signature_of(case.operation, expected, actual, judgement.difference)
        explanation = explain_case(self._entries, case.operation, case.arguments, expected, actual, signature)
        if explanation.entry is not None:
            counts["explained"] += 1
            self._explained[explanation.entry.id] += 1
            return
        self._other_reasons.update(entry.id for entry in explanation.other_reason)
        counts["mismatches"] += 1
        arguments = case.arguments()
        key = signature, features(case.operation, arguments)
        size = sum(map(_size, arguments))
        known = self._groups.get(key)
        if known is None or size < known[1]:
            self._groups[key] = (1 if known is None else known[0] + 1, size, case, judgement)
        else:
            self._groups[key] = (known[0] + 1, *known[1:])

    def _group(self, key: tuple[Signature, frozenset[str]]) -> Group:
        count, size, case, judgement = self._groups[key]
        return Group(*key, count, example_of(case, judgement, size))


def example_of(case: Case, judgement: Judgement, size: int) -> Example:
    """A mismatch as a result file keeps it."""
    difference = judgement.difference
    assert difference is not None
    return Example(
        case=case.id,
        size=size,
        input=show.arguments(case.operation.arguments, case.arguments()),
        expected=show.typed(difference.expected, difference.at),
        actual=show.typed(difference.actual, difference.at),
    )


def _size(argument: object) -> int:
    """How long an argument is: a text's or bytes' own length, else that of its `repr`."""
    return len(argument) if isinstance(argument, (str, bytes)) else len(show.full(argument))


def _punts(subject: Subject) -> Mapping[str, int]:
    """How often, by reason, a subject has passed work on; nothing if it never says."""
    if subject.count_punts is None:
        return {}
    try:
        return dict(subject.count_punts())
    except BaseException as error:
        raise Unfit(f"{subject.name}: its punts() raised {type(error).__name__}") from error
