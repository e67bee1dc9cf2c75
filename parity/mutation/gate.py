"""The gate as a mutant meets it: a plan's cases in the campaign's own order, until one differs.

The reference's outcomes do not depend on the mutant, so they are got once, and a fork
for each mutant only calls the candidate and compares, with the campaign's own `compare`
and `compare_arguments`, and the campaign's own check of what calls keep.  Behind the cases come
failing allocations, since code that only runs without memory is code too.
"""

from __future__ import annotations

import _testcapi
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location

from driftgate.base.exit_codes import Unfit

from ..balance import imbalance
from ..cases import Case
from ..compare import compare
from ..generate.profiles import Arguments
from ..isolate import Breadcrumb, Lost, isolated
from ..judge import compare_arguments
from ..outcome import Outcome, Value, observe
from ..plan import Plan
from ..subjects import Subject, load
from .costs import Costs, Counters, Tally, dearer

MODULE = "driftcore_native"
BALANCED_CASES = 600
"""How many cases are checked for what their calls keep."""

ARGUMENTS_EVERY = 8
"""Of one case in so many the arguments are looked at after the call, which costs more than the call."""

REHEARSAL_SECONDS = 60.0
"""Without progress; then the unmutated core hangs."""

FRESH_CASES = 800
"""How many cases are put to a core that has never been called, whose buffers are as small as they can be."""

STARVED_CASES, MOST_ALLOCATIONS = 80, 60
"""How many cases are called with each of so many allocations failing, by a fresh core each time."""


@dataclass(frozen=True)
class Prepared:
    """A case with the reference's outcome and arguments for the candidate, which belong to the fork."""

    case: Case
    expected: Outcome
    arguments: Arguments


@dataclass(frozen=True)
class Catch:
    """What was seen of a mutant (`how` is differs, memory, keeps, punts or costs), where, after how many."""

    how: str
    case: str
    cases: int
    seconds: float


@dataclass(frozen=True)
class Gate:
    """Cases ready to be put to a candidate, how many the unchanged one punts, and what they cost it."""

    prepared: Sequence[Prepared]
    candidate: Subject
    punts: int
    counters: Counters
    costs: Costs

    def first_catch(self, between: Callable[[int], None] = lambda number: None) -> Catch | None:
        """Put the cases until one differs; `between` is called before each with its number.

        A candidate that is right but leaves more cases to the reference than the unchanged
        one does, or tells of fewer, is caught at the end, as the census of a campaign shows it.
        """
        begun = time.perf_counter()
        before, tally = _punted(self.candidate), Tally(self.counters)
        for number, one in enumerate(self.prepared):
            between(number)
            cost = self.counters.read()
            wrong = differs(one, self.candidate, number % ARGUMENTS_EVERY == 0)
            tally.add(one.case, cost)
            if wrong:
                return Catch("differs", one.case.id, number + 1, time.perf_counter() - begun)
        total = len(self.prepared)
        if _punted(self.candidate) - before != self.punts:
            return Catch("punts", "the census", total, time.perf_counter() - begun)
        for one in self._some(FRESH_CASES):
            between(0)
            if differs(one, self._fresh(), again=True):
                return Catch("differs", one.case.id, total, time.perf_counter() - begun)
        for one in self._some(STARVED_CASES):
            between(0)
            if not bears_no_memory(one, self.candidate, self._fresh):
                return Catch("memory", one.case.id, total, time.perf_counter() - begun)
        for one in self._some(BALANCED_CASES):
            between(0)
            if imbalance(one.case, self.candidate) is not None:
                return Catch("keeps", one.case.id, total, time.perf_counter() - begun)
        for lane in dearer(self.costs, tally.costs):
            return Catch("costs", lane, total, time.perf_counter() - begun)
        return None

    def _some(self, count: int) -> Sequence[Prepared]:
        return self.prepared[:: max(1, len(self.prepared) // count)]

    def _fresh(self) -> Subject:
        """The candidate from an instance of its extension that has state of its own."""
        file = self.candidate.provenance.file
        spec = spec_from_file_location(f"{MODULE}._core", file)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        functions = {name: getattr(module, name) for name in self.candidate.functions}
        return replace(self.candidate, functions=functions)


def bears_no_memory(one: Prepared, candidate: Subject, fresh: Callable[[], Subject]) -> bool:
    """Whether a case gives its outcome or a MemoryError with each allocation failing, and goes on after it.

    What the reference does without memory is CPython's affair, so a case that is punted is let off.
    """
    name, results = one.case.operation.name, one.case.operation.results
    before = _punted(candidate)
    observe(candidate.functions[name], one.case.arguments())
    if _punted(candidate) != before:
        return True
    for start in range(MOST_ALLOCATIONS):
        function = fresh().functions[name]
        arguments = one.case.arguments()
        _testcapi.set_nomemory(start, start + 1)
        try:
            value, short = function(*arguments), False
        except MemoryError:
            short = True
        except Exception:
            return False
        finally:
            _testcapi.remove_mem_hooks()
        if not short and compare(one.expected, Value(value), results) is not None:
            return False
        if compare(one.expected, observe(function, one.case.arguments()), results) is not None:
            return False
        if not short:
            return True
    return True


def differs(one: Prepared, candidate: Subject, arguments_too: bool = True, again: bool = False) -> bool:
    """Whether the candidate's outcome or what it leaves of its arguments is not the reference's.

    The arguments are those of the fork, or where a case is put `again`, new ones.
    """
    case = one.case
    arguments = case.arguments() if again else one.arguments
    actual = observe(candidate.functions[case.operation.name], arguments)
    if compare(one.expected, actual, case.operation.results) is not None:
        return True
    if not (arguments_too and case.operation.may_change_arguments):
        return False
    return compare_arguments(case, case.arguments(), arguments) is not None


def cases_of(plan: Plan) -> Iterator[Case]:
    """A plan's cases: regressions, corpus, recorded, generated."""
    for shard in plan.shards():
        for _, _, cases in plan.inputs_of(shard):
            yield from cases


def prepare(plan: Plan) -> Gate:
    """The gate of a plan; raises `Unfit` when the unchanged candidate does not pass it."""
    reference, candidate = load(plan.reference), load(plan.candidate)
    prepared = []
    for case in cases_of(plan):
        expected = observe(reference.functions[case.operation.name], case.arguments())
        prepared.append(Prepared(case, expected, case.arguments()))
    # In a fork, so that the candidate's scratch memory is as new when a mutant meets it.
    counters = Counters(candidate.provenance.file)
    rehearsed = isolated(partial(_rehearse, prepared, candidate, counters), REHEARSAL_SECONDS)
    if isinstance(rehearsed, Lost):
        raise Unfit(f"the unmutated core {rehearsed.outcome}")
    wrong, punts, costs = rehearsed.value
    if wrong is not None:
        raise Unfit(f"the unmutated core differs from the reference: python -m parity replay {wrong}")
    gc.collect()
    gc.freeze()
    return Gate(prepared, candidate, punts, counters, costs)


def _rehearse(
    prepared: Sequence[Prepared], candidate: Subject, counters: Counters, crumb: Breadcrumb
) -> tuple[str | None, int, Costs]:
    """(the first case the unchanged candidate differs in, how many it punts, what all cost)"""
    before, tally = _punted(candidate), Tally(counters)
    for position, one in enumerate(prepared):
        crumb.at(position)
        cost = counters.read()
        wrong = differs(one, candidate)
        tally.add(one.case, cost)
        if wrong:
            return one.case.id, 0, {}
    return None, _punted(candidate) - before, tally.costs


def _punted(subject: Subject) -> int:
    return sum(subject.count_punts().values()) if subject.count_punts is not None else 0
