"""Puts cases to two subjects and tells what comes of it.  It emits events and prints nothing.

`judge` is one case and pure but for the calls themselves; `run` is many.  A later
runner that keeps subjects in processes of their own replaces only how outcomes are got.
"""

from __future__ import annotations

import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.exit_codes import ExitCode

from . import show
from .cases import Case
from .compare import Difference, compare, first_difference
from .divergences import Divergence
from .events import Event, Finished, Mismatch, Progress, Started, Tally
from .generate import GENERATOR_VERSION
from .generate.profiles import Arguments
from .operations import Operation
from .outcome import Outcome, Value, observe
from .subjects import Subject

PROGRESS_EVERY = 250


@dataclass(frozen=True)
class Plan:
    """What a run is to do: `cases` yields the `planned` cases, at least one for each of `operations`."""

    operations: Sequence[Operation]
    cases: Iterable[Case]
    planned: int
    seed: int


@dataclass(frozen=True)
class Judgement:
    """Both outcomes of a case and, where they differ, how and which declared divergence explains it."""

    expected: Outcome
    actual: Outcome
    difference: Difference | None
    explained_by: Divergence | None

    @property
    def is_mismatch(self) -> bool:
        return self.difference is not None and self.explained_by is None


def judge(case: Case, reference: Subject, candidate: Subject, divergences: Sequence[Divergence]) -> Judgement:
    """Put one case to both subjects, each with arguments of its own where these can be changed."""
    name = case.operation.name
    for_reference = case.arguments()
    for_candidate = case.arguments() if case.operation.may_change_arguments else for_reference
    expected = observe(reference.functions[name], for_reference)
    actual = observe(candidate.functions[name], for_candidate)
    difference = compare(expected, actual, case.operation.results)
    if difference is None:
        if case.operation.may_change_arguments:
            difference = _compare_arguments(case, for_reference, for_candidate)
        return Judgement(expected, actual, difference, None)
    explained = next((one for one in divergences if one.explains(case, expected, actual)), None)
    return Judgement(expected, actual, difference, explained)


def _compare_arguments(case: Case, expected: Arguments, actual: Arguments) -> Difference | None:
    """Arguments are left as found.  Their `repr` shows types, order and signs of zero."""
    for name, left, right in zip(case.operation.arguments, map(show.full, expected), map(show.full, actual)):
        if left != right:
            at = first_difference(left, right)
            return Difference(f"{name} offset {at}", "arguments after the call", left, right, at)
    return None


def run(
    plan: Plan,
    reference: Subject,
    candidate: Subject,
    divergences: Sequence[Divergence] = (),
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Event]:
    """Events of a whole run: `Started`, then `Mismatch` and `Progress` as they come, then `Finished`."""
    yield _started(plan, reference, candidate)
    begun = clock()
    punts_before = punts = _punts(candidate)
    lanes: dict[tuple[str, str], Counter[str]] = {}
    explained: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    mismatches = 0
    for done, case in enumerate(plan.cases, start=1):
        counts = lanes.setdefault((case.operation.name, case.profile), Counter())
        counts["generated"] += 1
        lacking = _lacking(case, reference, candidate)
        if lacking is not None:
            counts["skipped"] += 1
            skipped[lacking] += 1
            continue
        judgement = judge(case, reference, candidate, divergences)
        counts[_kind(judgement)] += 1
        before, punts = punts, _punts(candidate)
        if punts != before and _kind(judgement) == "both_value":
            counts["punted_value"] += 1
        if judgement.explained_by is not None:
            counts["explained"] += 1
            explained[judgement.explained_by.id] += 1
        elif judgement.difference is not None:
            counts["mismatches"] += 1
            mismatches += 1
            yield _mismatch(case, judgement.difference)
        if done % PROGRESS_EVERY == 0:
            yield Progress(done, mismatches)
    yield Finished(
        census=tuple(_tally(operation, profile, counts) for (operation, profile), counts in lanes.items()),
        punts=_since(punts_before, punts),
        skipped=dict(skipped),
        divergences=dict(explained),
        seconds=clock() - begun,
    )


def exit_code(operations: Sequence[Operation], finished: Finished) -> ExitCode:
    """A mismatch fails; without one, the run is inconclusive while an operation is unproven."""
    if any(tally.mismatches for tally in finished.census):
        return ExitCode.FAIL
    return ExitCode.INCONCLUSIVE if unproven(operations, finished) else ExitCode.PASS


def unproven(operations: Sequence[Operation], finished: Finished) -> list[str]:
    """Names of the operations of which no comparison had values on both sides, the candidate's its own."""
    proven = {tally.operation for tally in finished.census if tally.both_value > tally.punted_value}
    return [operation.name for operation in operations if operation.name not in proven]


def _started(plan: Plan, reference: Subject, candidate: Subject) -> Started:
    limit = getattr(sys, "get_int_max_str_digits", None)
    return Started(
        reference=reference.name,
        reference_provenance=reference.provenance,
        candidate=candidate.name,
        candidate_provenance=candidate.provenance,
        operations=tuple(operation.name for operation in plan.operations),
        planned=plan.planned,
        generator=GENERATOR_VERSION,
        seed=plan.seed,
        python=f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}",
        int_max_str_digits=limit() if limit else 0,
    )


def _lacking(case: Case, reference: Subject, candidate: Subject) -> str | None:
    """Why a case cannot be put to both subjects, or None."""
    for subject in (reference, candidate):
        if case.operation.name not in subject.functions:
            return f"{subject.name} has no {case.operation.name}"
    return None


def _kind(judgement: Judgement) -> str:
    values = isinstance(judgement.expected, Value) + isinstance(judgement.actual, Value)
    return ("both_error", "one_error", "both_value")[values]


def _mismatch(case: Case, difference: Difference) -> Mismatch:
    return Mismatch(
        case=case.id,
        operation=case.operation.name,
        profile=case.profile,
        path=difference.path,
        reason=difference.reason,
        expected=show.typed(difference.expected, difference.at),
        actual=show.typed(difference.actual, difference.at),
        input=show.arguments(case.operation.arguments, case.arguments()),
    )


def _tally(operation: str, profile: str, counts: Counter[str]) -> Tally:
    return Tally(
        operation=operation,
        profile=profile,
        generated=counts["generated"],
        compared=counts["both_value"] + counts["both_error"] + counts["one_error"],
        both_value=counts["both_value"],
        punted_value=counts["punted_value"],
        both_error=counts["both_error"],
        one_error=counts["one_error"],
        skipped=counts["skipped"],
        explained=counts["explained"],
        mismatches=counts["mismatches"],
    )


def _punts(subject: Subject) -> dict[str, int] | None:
    return None if subject.count_punts is None else dict(subject.count_punts())


def _since(before: Mapping[str, int] | None, now: Mapping[str, int] | None) -> dict[str, int] | None:
    if before is None or now is None:
        return None
    return {reason: count - before.get(reason, 0) for reason, count in now.items()}
