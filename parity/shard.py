"""One shard's work: every case judged, counted and, where it differs, described.

`run_shard` is a function of the plan and the shard alone.  It works in a fork, so a
candidate that crashes or hangs costs the fork and one more pass over the shard, in which
the fate of that case is known and the subject it killed is not called again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Union

from . import show
from .cases import Case
from .census import Tally, tally
from .clusters import Example, Group
from .features import features
from .isolate import HARNESS, Breadcrumb, Lost, isolated
from .judge import Judgement, Pair, ask_again, judge, judge_lost, spot_check
from .ledger import Entry, explain_case
from .ledger import load as load_ledger
from .outcome import CRASH_CAP, REFERENCE_UNSTEADY, Crash, Hang, NoVerdict
from .plan import Plan, Shard
from .signature import Signature, signature_of
from .subjects import Subject, Unfit, load, require_distinct

CRASHES_BORNE = 20
"""How many crashes one shard bears; its cases after them are not put, and count as no verdict."""

HANG_WEIGHS = 8
"""A hang costs its whole timeout, so it counts as so many crashes."""

CHECK_EVERY = 499
"""One case in so many is asked twice and checked for what it keeps; a prime, so that all lanes get turns."""

Fate = tuple[int, Union[Crash, Hang]]
"""Whom a case is known to kill, and how."""


@dataclass(frozen=True)
class ShardResult:
    """What came of one shard.

    `ledger` counts explained differences by entry, `other_reasons` mismatches that only look
    like an entry's; `no_verdict` and `skipped` count cases by reason.  `inside` and `spent`
    are seconds by profile: within the subjects' own calls, and in all.  `said` is what
    killed children left on stderr.
    """

    shard: Shard
    census: tuple[Tally, ...]
    groups: tuple[Group, ...]
    punts: Mapping[str, int] | None
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


@lru_cache(maxsize=2)
def entries_of(plan: Plan) -> tuple[Entry, ...]:
    """What the ledger declares of the plan's candidate."""
    return load_ledger().of(plan.candidate)


def run_shard(plan: Plan, shard: Shard) -> ShardResult:
    """Judge every case of a shard, those that crash or hang included."""
    reference, candidate = subjects_of(plan)
    entries = entries_of(plan)
    fates: dict[int, Fate] = {}
    doubted: set[int] = set()
    said = []
    while True:
        one_pass = _Pass(plan, shard, entries, dict(fates))
        done = isolated(partial(one_pass.work, reference, candidate), plan.timeout)
        if not isinstance(done, Lost):
            return replace(done.value, said="\n".join(said))
        if isinstance(done.outcome, Hang) and done.position not in doubted:
            doubted.add(done.position)  # a machine that stood still looks the same, so it is asked again
            continue
        if done.caller == HARNESS:
            raise Unfit(
                f"the harness itself {done.outcome} at case {done.position} of {shard.id}\n{done.said}"
            )
        fates[done.position] = (done.caller, done.outcome)
        if done.said:
            said.append(f"case {done.position} of {shard.id}: {done.said}")


class _Pass:
    """One pass over a shard.  `fates` are by position, as earlier passes learned them."""

    def __init__(self, plan: Plan, shard: Shard, entries: Sequence[Entry], fates: Mapping[int, Fate]) -> None:
        self._plan, self._shard, self._entries, self._fates = plan, shard, entries, fates
        weight = sum(HANG_WEIGHS if isinstance(outcome, Hang) else 1 for _, outcome in fates.values())
        self._gives_up_after = max(fates) if weight >= CRASHES_BORNE else None
        self._counts: dict[tuple[str, str], Counter[str]] = {}
        self._skipped: Counter[str] = Counter()
        self._no_verdict: Counter[str] = Counter()
        self._punts: Counter[str] = Counter()
        self._explained: Counter[str] = Counter()
        self._other_reasons: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()
        self._spent: Counter[str] = Counter()
        self._groups: dict[tuple[Signature, frozenset[str]], tuple[int, int, Case, Judgement]] = {}

    def work(self, reference: Subject, candidate: Subject, crumb: Breadcrumb) -> ShardResult:
        pair = Pair(reference, candidate, crumb.calling)
        position = 0
        for number, cases in enumerate(self._plan.inputs_of(self._shard)):
            begun = time.perf_counter_ns()
            for case in cases:
                crumb.at(position)
                self._count(case, pair, position, candidate_first=number % 2 == 1)
                position += 1
            self._spent[cases[0].profile] += time.perf_counter_ns() - begun
        return ShardResult(
            shard=self._shard,
            census=tuple(tally(*lane, counts) for lane, counts in self._counts.items()),
            groups=tuple(self._group(key) for key in self._groups),
            punts=None if candidate.count_punts is None else dict(self._punts),
            skipped=dict(self._skipped),
            no_verdict=dict(self._no_verdict),
            ledger=dict(self._explained),
            other_reasons=dict(self._other_reasons),
            inside={profile: spent / 1e9 for profile, spent in self._inside.items()},
            spent={profile: spent / 1e9 for profile, spent in self._spent.items()},
        )

    def _count(self, case: Case, pair: Pair, position: int, candidate_first: bool) -> None:
        """Judge a case and count it where it belongs."""
        counts = self._counts.setdefault((case.operation.name, case.profile), Counter())
        lacking = pair.lacking(case)
        if lacking is not None:
            counts["skipped"] += 1
            self._skipped[lacking] += 1
            return
        before = _punts(pair.candidate)
        judgement = self._judged(case, pair, position, candidate_first)
        after = _punts(pair.candidate)
        if after != before:
            counts["punted_value" if judgement.kind == "both_value" else "punted_error"] += 1
            self._punts.update({reason: count - before.get(reason, 0) for reason, count in after.items()})
        if judgement.difference is None and position % CHECK_EVERY == 0 and judgement.inside:
            judgement = replace(judgement, difference=spot_check(case, pair, judgement))
        elif judgement.difference is not None and ask_again(case, pair.reference, judgement.expected):
            judgement = Judgement(NoVerdict(REFERENCE_UNSTEADY), NoVerdict(REFERENCE_UNSTEADY), None)
        counts[judgement.kind] += 1
        self._inside[case.profile] += judgement.inside
        if judgement.difference is not None:
            self._differs(case, judgement, counts)
        elif isinstance(judgement.expected, NoVerdict):
            self._no_verdict[judgement.expected.reason] += 1

    def _judged(self, case: Case, pair: Pair, position: int, candidate_first: bool) -> Judgement:
        if self._gives_up_after is not None and position > self._gives_up_after:
            return Judgement(NoVerdict(CRASH_CAP), NoVerdict(CRASH_CAP), None)
        if position in self._fates:
            return judge_lost(case, pair, *self._fates[position])
        return judge(case, pair, candidate_first)

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
        count, smallest, *known = self._groups.get(key, (0, size + 1))
        if size < smallest:
            self._groups[key] = (count + 1, size, case, judgement)
        else:
            self._groups[key] = (count + 1, smallest, *known)

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
    return {} if subject.count_punts is None else subject.count_punts()
