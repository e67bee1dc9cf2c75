"""A mismatch made small: where it shows, the smallest input that still shows it, who else dissents.

`smallest` is a function of the plan and one request, so it can be done by any worker.  The
reducing happens in a fork, which makes hundreds of probes in a second; where a probe may
kill its process, or a fault needs earlier calls, each probe gets a fork of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from . import show
from .anatomy import UnknownKind
from .cases import Case, shrink_with_hypothesis
from .clusters import Group
from .compare import ASKED_AGAIN, MEMORY, REFERENCES, compare, identical
from .explain import Layer, explain
from .features import features
from .generate.profiles import Arguments
from .isolate import HARNESS, Breadcrumb, Lost, isolated, leave
from .judge import CANDIDATE, REFERENCE, Judgement, Pair, judge, judge_lost, no_verdict, spot_check
from .lookup import cases_named
from .minimise import Minimised, minimise
from .minimise.arguments import plainest
from .minimise.search import KINDS
from .nodes import from_object, kept_whole, to_object
from .operations import Operation
from .outcome import REFERENCE_LOST, Error, Outcome, Value, observe
from .plan import Plan
from .saved_case import SavedCase, parsed, saved_case, written
from .shard import subjects_of
from .signature import Signature, signature_of
from .subjects import Subject, load
from .surroundings import USUAL
from .watching import unhindered_seconds
from .witnesses import verdict

Told = TypeVar("Told")

SECONDS = 3.0
"""How long one mismatch may be made smaller."""

FORKING_SECONDS = 15.0
"""The same where each probe needs a process of its own."""

HANG_SECONDS = 0.3
"""How long a probe may take that is to hang again."""

PROBE_MEMORY = 256 << 20
"""How much memory a probe may take that is to run out of it again, as filling it takes time."""

MOST_CHOICES_TRIED = 2000
"""How often an input that sticks is made again from fewer choices."""

CALLS_TRIED = (1, 2, 3, 8)
"""How often a case is put in a row, in a fresh process, to see a fault that needs earlier calls."""

MANY_ARGUMENTS = 10
"""From so many arguments on the plain ones are not shown."""


@dataclass(frozen=True)
class Request:
    """A group of mismatches whose example is to be made small, and who else is to be asked."""

    group: Group
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Smallest:
    """The smallest input found that shows the mismatch of a group, as texts; see `ClusterRecord`.

    `saved` is "" where the input holds an object that cannot be saved, or shows it in its surroundings
    alone.  `stuck`: it would not
    show again; `steady`: it shows every time.
    """

    of: Group
    input: str
    path: str
    reason: str
    expected: str
    actual: str
    explanation: tuple[Layer, ...]
    saved: str
    calls: int
    probes: int
    seconds: float
    finished: bool
    stuck: bool
    steady: bool
    verdicts: Mapping[str, str]


def smallest(plan: Plan, request: Request) -> Smallest:
    """Make one example small and describe what is left of it."""
    group = request.group
    [case] = cases_named(group.example.case)
    probe = _Probe(plan, group.signature, case)
    calls = next((calls for calls in CALLS_TRIED if probe.shows_apart(case.arguments(), calls)), 0)
    small = _reduced(probe, calls)
    left = replace(case, arguments=_maker(small.arguments))
    witnesses = [load(name) for name in request.witnesses]
    shown = probe.apart(left, max(calls, 1), partial(_shown, left, witnesses, plan), plan.memory)
    return Smallest(
        of=group,
        input=_input(case.operation, small.arguments),
        path=shown.path or group.signature.path,
        reason=shown.reason or group.signature.reason,
        expected=shown.expected or group.example.expected,
        actual=shown.actual or group.example.actual,
        explanation=shown.explanation,
        saved=_saved(plan, group, left),
        calls=calls,
        probes=small.calls,
        seconds=small.seconds,
        finished=small.finished,
        stuck=small.stuck,
        steady=small.steady,
        verdicts=shown.verdicts,
    )


@dataclass(frozen=True)
class _Shown:
    """What a report shows of a judgement, as texts; "" where the case does not differ."""

    path: str = ""
    reason: str = ""
    expected: str = ""
    actual: str = ""
    explanation: tuple[Layer, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)


def _shown(case: Case, witnesses: Sequence[Subject], plan: Plan, judgement: Judgement) -> _Shown:
    """Made where the judgement was, as what subjects return stays in their process."""
    verdicts = {one.name: verdict(one, case, judgement, plan.timeout, plan.memory) for one in witnesses}
    difference = judgement.difference
    if difference is None:
        return _Shown(verdicts=verdicts)
    return _Shown(
        path=difference.path,
        reason=difference.reason,
        expected=show.typed(difference.expected, difference.at),
        actual=show.typed(difference.actual, difference.at),
        explanation=explain(case.operation, judgement.expected, judgement.actual, difference),
        verdicts=verdicts,
    )


def _reduced(probe: _Probe, calls: int) -> Minimised:
    """The input made small, by as few forks as its fault allows."""
    arguments = probe.case.arguments()
    unchanged = Minimised(arguments, 0, 0.0, stuck=True, steady=False, finished=False)
    if calls == 0:
        return unchanged
    try:
        if calls == 1 and not probe.kills:
            done = isolated(partial(_in_one_fork, probe), probe.plan.timeout, probe.plan.memory)
            if not isinstance(done, Lost):
                small, text = done.value
                return replace(small, arguments=parsed(text, "the reducer").arguments())
        return made_small(probe.case, lambda some: probe.shows_apart(some, calls), FORKING_SECONDS)
    except UnknownKind:  # so it cannot be taken apart
        return unchanged


def made_small(case: Case, still: Callable[[Arguments], bool], seconds: float) -> Minimised:
    """A case's arguments made small, from their value or, where that sticks, from the choices behind them.

    Wire bytes in wire bytes, for one, give way only slowly; a generator that chooses less makes
    a smaller input at once.  The second way may take as long again, `seconds`, as the first, and
    gives the input no features that it did not have.
    """
    small = minimise(case.operation, case.arguments(), still, seconds=seconds)
    if small.finished or small.stuck:
        return small
    asked, facts = 0, features(case.operation, case.arguments())

    def counted(arguments: Arguments) -> bool:
        nonlocal asked
        asked += 1
        return features(case.operation, arguments) <= facts and still(arguments)

    begun = unhindered_seconds()
    simpler = shrink_with_hypothesis(case, counted, calls=MOST_CHOICES_TRIED, seconds=seconds / 2)
    if simpler is not None:
        again = minimise(case.operation, simpler(), counted, seconds=seconds / 2)
        if again.steady >= small.steady and _length(again) < _length(small):
            small = replace(again, calls=small.calls, seconds=small.seconds)
    return replace(small, calls=small.calls + asked, seconds=small.seconds + unhindered_seconds() - begun)


def _length(small: Minimised) -> int:
    return len(show.full(small.arguments))


def _in_one_fork(probe: _Probe, crumb: Breadcrumb) -> tuple[Minimised, str]:
    """All probes in this process.  The arguments are sent as the text of a saved case, at any depth."""
    count = 0

    def still(arguments: Arguments) -> bool:
        nonlocal count
        count += 1
        return probe.signature_of(_with(probe.case, arguments), 1, crumb, count) == probe.signature

    small = made_small(probe.case, still, SECONDS)
    text = written(_to_save(probe.plan, probe.signature, _with(probe.case, small.arguments)))
    return replace(small, arguments=()), text


class _Probe:
    """Puts inputs to the plan's subjects and looks for one signature."""

    def __init__(self, plan: Plan, signature: Signature, case: Case) -> None:
        self.plan, self.signature, self.case = plan, signature, case
        self.kills = bool({"crash", "hang", "out of memory"} & set(signature.outcomes))
        self._beside = signature.reason.startswith((ASKED_AGAIN, REFERENCES, MEMORY))
        hangs = "hang" in signature.outcomes
        self._patience = min(HANG_SECONDS, plan.timeout) if hangs else plan.timeout
        fills_memory = "out of memory" in signature.outcomes
        self._memory = min(PROBE_MEMORY, plan.memory) if fills_memory else plan.memory

    def shows_apart(self, arguments: Arguments, calls: int) -> bool:
        """Whether an input shows the fault in a fresh process, at the last of so many calls."""
        case = _with(self.case, arguments)

        def signed(crumb: Breadcrumb) -> Signature | None:
            if self.kills:
                reference = subjects_of(self.plan)[0].functions[case.operation.name]
                leave(crumb, _without_value(observe(reference, case.arguments())))
            return self._signed(self._judged(case, calls, crumb))

        done = isolated(signed, self._patience, self._memory)
        if isinstance(done, Lost):
            return self._signed_lost(done) == self.signature
        return done.value == self.signature

    def apart(self, case: Case, calls: int, told: Callable[[Judgement], Told], limit: int) -> Told:
        """What a case's judgement tells, both made in a fresh process."""
        done = isolated(lambda crumb: told(self._judged(case, calls, crumb)), self._patience, limit)
        if isinstance(done, Lost):
            lost = done
            done = isolated(lambda crumb: told(self._judged_lost(case, lost, crumb)), self._patience, limit)
        return told(no_verdict(REFERENCE_LOST)) if isinstance(done, Lost) else done.value

    def signature_of(self, case: Case, calls: int, crumb: Breadcrumb, position: int) -> Signature | None:
        """The signature of what a case shows in this process."""
        return self._signed(self._judged(case, calls, crumb, position))

    def _judged(self, case: Case, calls: int, crumb: Breadcrumb, position: int = 0) -> Judgement:
        crumb.at(position)
        pair = Pair(*subjects_of(self.plan), crumb.calling, crumb.beat)
        for _ in range(calls):
            judgement = judge(case, pair)
        if self._beside and judgement.difference is None:
            return replace(judgement, difference=spot_check(case, pair, judgement))
        return judgement

    def _judged_lost(self, case: Case, lost: Lost, crumb: Breadcrumb) -> Judgement:
        crumb.at(0)
        pair = Pair(*subjects_of(self.plan), crumb.calling, crumb.beat)
        caller = CANDIDATE if lost.caller == HARNESS else lost.caller
        return judge_lost(case, pair, caller, lost.outcome)

    def _signed_lost(self, lost: Lost) -> Signature | None:
        expected = lost.left
        if lost.caller == REFERENCE or not isinstance(expected, (Value, Error)):
            return None
        return self._signed(Judgement(expected, lost.outcome, compare(expected, lost.outcome)))

    def _signed(self, judgement: Judgement) -> Signature | None:
        if judgement.difference is None:
            return None
        operation = self.case.operation
        return signature_of(operation, judgement.expected, judgement.actual, judgement.difference)


def _without_value(outcome: Outcome) -> Outcome:
    """What a signature needs of an outcome beside a lost one; values stay in the process that has them."""
    if isinstance(outcome, Error):
        return Error(outcome.kind, outcome.message, outcome.position)
    return Value(None) if isinstance(outcome, Value) else outcome


def _with(case: Case, arguments: Arguments) -> Case:
    return replace(case, arguments=_maker(arguments))


def _maker(arguments: Arguments) -> Callable[[], Arguments]:
    """What makes these arguments anew on each call."""
    root = from_object(arguments, kept_whole)
    return lambda: to_object(root)


def _to_save(plan: Plan, signature: Signature, case: Case) -> SavedCase:
    return saved_case(
        case.operation,
        case.arguments(),
        differed=f"{' / '.join(signature.outcomes)}: {signature.reason} at {signature.path}",
        origin=case.id,
        subject=plan.candidate,
        date=date.today().isoformat(),
    )


def _saved(plan: Plan, group: Group, case: Case) -> str:
    """A file has no place for surroundings: it would be called as usual."""
    if case.within != USUAL:
        return ""
    try:
        return written(_to_save(plan, group.signature, case))
    except UnknownKind:
        return ""


def _input(operation: Operation, arguments: Arguments) -> str:
    """Arguments as a call writes them; of many only those that are not as plain as they can be."""
    if len(arguments) < MANY_ARGUMENTS:
        return show.arguments(operation.arguments, arguments)
    plain = [to_object(node, KINDS) for node in plainest(operation)]
    named = [
        (name, value)
        for name, value, usual in zip(operation.arguments, arguments, plain)
        if not identical(value, usual)
    ]
    shown = show.arguments(tuple(name for name, _ in named), tuple(value for _, value in named))
    return f"{shown or 'nothing but plain arguments'}, …"
