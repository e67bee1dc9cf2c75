"""One case, put to reference and candidate, and what comes of it.

Pure but for the calls themselves.  Everything a campaign, a replay or the minimiser
needs to know about a case is in its `Judgement`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from .balance import imbalance
from .calling import call
from .cases import Case
from .compare import (
    ASKED_AGAIN,
    CHANGED_ARGUMENTS,
    NO_WAY,
    Difference,
    compare,
    compare_values,
    identical,
    under,
)
from .generate.profiles import Arguments
from .isolate import HARNESS
from .memory import spared
from .outcome import REFERENCE_LOST, Crash, Ending, Hang, NoVerdict, Outcome, OutOfMemory, Value, observe
from .subjects import Function, Subject
from .surroundings import USUAL, Surroundings

REFERENCE, CANDIDATE, WITNESS = 1, 2, 3
"""The callers a breadcrumb names."""

Mark = Callable[[int], None]
"""Told who is about to be called."""


@dataclass(frozen=True)
class Pair:
    """The two subjects of a comparison, a note left before each call, and one after each of many.

    `observe` makes a call and gives its outcome; `parity.listening` has one that listens too.
    """

    reference: Subject
    candidate: Subject
    mark: Mark = lambda caller: None
    beat: Callable[[], None] = lambda: None
    observe: Callable[[Function, Arguments], Outcome] = observe

    def lacking(self, case: Case) -> str | None:
        """Why a case cannot be put to both, or None."""
        for subject in (self.reference, self.candidate):
            if case.operation.name not in subject.functions:
                return f"{subject.name} has no {case.operation.name}"
        return None


@dataclass(frozen=True)
class Judgement:
    """Both outcomes of a case, the first difference between them, and how long the calls took.

    `inside` is the time spent inside the subjects, in nanoseconds.
    """

    expected: Outcome
    actual: Outcome
    difference: Difference | None
    inside: int = 0

    @property
    def kind(self) -> str:
        """Which column of the census the case counts in."""
        if isinstance(self.expected, NoVerdict) or isinstance(self.actual, NoVerdict):
            return "no_verdict"
        if isinstance(self.actual, (Crash, Hang, OutOfMemory)):
            return "lost"
        values = isinstance(self.expected, Value) + isinstance(self.actual, Value)
        return ("both_error", "one_error", "both_value")[values]


def judge(case: Case, pair: Pair, candidate_first: bool = False) -> Judgement:
    """Put one case to both subjects, each with arguments of its own where these can be changed.

    `candidate_first` swaps the order of the calls, which must not matter.
    """
    for_reference = case.arguments()
    for_candidate = case.arguments() if case.operation.may_change_arguments else for_reference
    if candidate_first:
        actual, second = _timed(pair, CANDIDATE, case, for_candidate, case.within)
        expected, first = _timed(pair, REFERENCE, case, for_reference)
    else:
        expected, first = _timed(pair, REFERENCE, case, for_reference)
        actual, second = _timed(pair, CANDIDATE, case, for_candidate, case.within)
    pair.mark(HARNESS)
    difference = spared(compare, expected, actual, case.operation.results)
    if difference is not None and _is_of_the_limit(case, pair, actual):
        expected, difference = actual, None
    if difference is None and case.operation.may_change_arguments:
        difference = spared(compare_arguments, case, for_reference, for_candidate)
    return Judgement(expected, actual, difference, first + second)


def judge_lost(case: Case, pair: Pair, caller: int, lost: Ending) -> Judgement:
    """The judgement of a case in which a call is known to take its process with it; it is not made again.

    The reference is called, and no less likely to do the same: this too is work for a child.
    """
    if caller == REFERENCE:
        return no_verdict(REFERENCE_LOST)
    expected, inside = _timed(pair, REFERENCE, case, case.arguments())
    pair.mark(HARNESS)
    return Judgement(expected, lost, spared(compare, expected, lost), inside)


def no_verdict(reason: str) -> Judgement:
    nothing = NoVerdict(reason)
    return Judgement(nothing, nothing, None)


def _is_of_the_limit(case: Case, pair: Pair, actual: Outcome) -> bool:
    """Whether the reference gives the same where it stands as near the recursion limit."""
    for there in case.within.near_the_limit():
        confined, _ = _timed(pair, REFERENCE, case, case.arguments(), there)
        pair.mark(HARNESS)
        if compare(confined, actual, case.operation.results) is None:
            return True
    return False


def ask_again(
    case: Case, subject: Subject, first: Outcome, within: Surroundings = USUAL
) -> Difference | None:
    """How a subject's second answer to a case differs from its first, or None where nothing shows that."""
    function = within.around(subject.functions[case.operation.name])
    second = call(function, case.arguments(), case.arguments)
    found = compare(first, second, case.operation.results)
    if found is None or found.reason == NO_WAY:
        return None
    return replace(found, reason=f"{ASKED_AGAIN}: {found.reason}")


def spot_check(case: Case, pair: Pair, judgement: Judgement) -> Difference | None:
    """What the candidate does wrong beside its first answer: a second one, or what it keeps."""
    pair.mark(CANDIDATE)
    found = ask_again(case, pair.candidate, judgement.actual, case.within) or imbalance(
        case, pair.candidate, pair.beat
    )
    if found is not None:
        pair.mark(REFERENCE)
        if ask_again(case, pair.reference, judgement.expected) or imbalance(case, pair.reference, pair.beat):
            found = None  # so it is the input's doing
    pair.mark(HARNESS)
    return found


def compare_arguments(case: Case, expected: Arguments, actual: Arguments) -> Difference | None:
    """Arguments are left as found, in every class, order and bit; the path begins with a name of one."""
    if identical(expected, actual):
        return None
    for name, left, right in zip(case.operation.arguments, expected, actual):
        found = compare_values(left, right)
        if found is not None:
            return under(name, CHANGED_ARGUMENTS, found)
    return None


def _timed(
    pair: Pair, caller: int, case: Case, arguments: Arguments, within: Surroundings = USUAL
) -> tuple[Outcome, int]:
    subject = pair.reference if caller == REFERENCE else pair.candidate
    function = within.around(subject.functions[case.operation.name])
    pair.mark(caller)
    begun = time.perf_counter_ns()
    outcome = call(function, arguments, case.arguments, pair.observe)
    return outcome, time.perf_counter_ns() - begun
