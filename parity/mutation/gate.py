"""The gate as a mutant meets it: a plan's cases in the campaign's own order, until one differs.

The reference's outcomes do not depend on the mutant, so they are got once, and a fork for each mutant only
calls the candidate and compares, with the campaign's own `compare` and `compare_arguments`, and the
campaign's own check of what calls keep.  Behind the cases come failing allocations, since code that only
runs without memory is code too.  The unchanged core goes first and shows which cases meet a mutant, how
many are punted and what each costs; a fork puts those alone that meet it.
"""

from __future__ import annotations

import _testcapi
import ctypes
import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from typing import TypeVar

from driftgate.base.exit_codes import Unfit

from ..balance import imbalance
from ..cases import Case
from ..compare import compare
from ..generate.profiles import Arguments
from ..isolate import Breadcrumb, Lost, isolated
from ..judge import compare_arguments
from ..outcome import Outcome, Value, observe
from ..plan import Plan
from ..subjects import Function, Subject, load
from .costs import Costs, Counters, Sums, dearer
from .mutants import SWITCH
from .reach import Counts, Marks, Meetings, Numbers, shared_counts

T = TypeVar("T")

MODULE = "driftcore_native"
BALANCED_EVERY = 79
"""Of one case in so many it is checked what its calls keep."""

COSTED_EVERY = 16
"""One case in so many is counted."""

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
    """A case with the reference, its outcome and arguments for the candidate, which belong to the fork."""

    case: Case
    reference: Function
    expected: Outcome
    arguments: Arguments


@dataclass(frozen=True)
class Catch:
    """What was seen of a mutant (`how` is differs, memory, keeps, punts or costs), where, after how many."""

    how: str
    case: str
    cases: int


@dataclass(frozen=True)
class Rehearsal:
    """What the unchanged core does: which cases meet which mutant, and whether each is punted."""

    cases: Meetings
    fresh: Meetings
    starved: Meetings
    punts: Counts


@dataclass(frozen=True)
class Gate:
    """Cases ready to be put to a candidate, and how it went with the unchanged one."""

    prepared: Sequence[Prepared]
    candidate: Subject
    switch: ctypes.c_int
    counters: Counters
    rehearsal: Rehearsal
    usual: Costs

    def first_catch(self, mutant: int, between: Callable[[int], None]) -> Catch | None:
        """Switch a mutant on and put what meets it until something differs; `between` is called before each.

        A candidate that is right but leaves more cases to the reference than the unchanged
        one does, or tells of fewer, is caught at the end, as the census of a campaign shows it.
        """
        self.switch.value = mutant
        caught = next(self._catches(mutant, self.rehearsal.cases.of(mutant), between), None)
        self.switch.value = 0
        return caught

    def first_cost(self, mutant: int, between: Callable[[int], None]) -> Catch | None:
        """Switch a mutant on and count what a sample of the cases costs, if one of them meets it."""
        met = self.rehearsal.cases.of(mutant)
        if not (met % COSTED_EVERY == 0).any():
            return None
        self.switch.value = mutant
        costs = self.costs(between)
        self.switch.value = 0
        return next((Catch("costs", lane, len(met)) for lane in dearer(self.usual, costs)), None)

    def _catches(self, mutant: int, met: Numbers, between: Callable[[int], None]) -> Iterator[Catch]:
        """What is seen, one way of looking after the other."""
        before = _punted(self.candidate)
        for turn, number in enumerate(met):
            between(turn)
            one = self.prepared[number]
            if differs(one, self.candidate, number % ARGUMENTS_EVERY == 0):
                yield Catch("differs", one.case.id, turn + 1)
        if _punted(self.candidate) - before != self.rehearsal.punts[met].sum():
            yield Catch("punts", "the census", len(met))
        some = _some(self.prepared, FRESH_CASES)
        for one in map(some.__getitem__, self.rehearsal.fresh.of(mutant)):
            between(0)
            if differs(one, self._fresh(), again=True):
                yield Catch("differs", one.case.id, len(met))
        some = _some(self.prepared, STARVED_CASES)
        for one in map(some.__getitem__, self.rehearsal.starved.of(mutant)):
            between(0)
            if not bears_no_memory(one, self.candidate, self._fresh):
                yield Catch("memory", one.case.id, len(met))
        for number in met[met % BALANCED_EVERY == 0]:
            between(0)
            if imbalance(self.prepared[number].case, self.candidate) is not None:
                yield Catch("keeps", self.prepared[number].case.id, len(met))

    def costs(self, between: Callable[[int], None]) -> Costs:
        """What a sample of the cases costs, in a fork that has put none before."""
        sums = Sums(self.counters)
        for turn, one in enumerate(self.prepared[::COSTED_EVERY]):
            between(turn)
            before = self.counters.read()
            differs(one, self.candidate, False)
            sums.add(one.case, before)
        return sums.by_lane

    def _fresh(self) -> Subject:
        """The candidate from an instance of its extension that has state of its own."""
        file = self.candidate.provenance.file
        spec = spec_from_file_location(f"{MODULE}._core", file)
        assert spec is not None and spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        functions = {name: getattr(module, name) for name in self.candidate.functions}
        return replace(self.candidate, functions=functions)

    def rehearsed(self, marks: Marks, crumb: Breadcrumb) -> str | None:
        """Put everything to the unchanged core and note what it does; the first case that differs, if any."""
        for number, one in enumerate(self.prepared):
            crumb.at(number)
            marks.take()
            before = _punted(self.candidate)
            wrong = differs(one, self.candidate)
            self.rehearsal.punts[number] = _punted(self.candidate) - before
            self.rehearsal.cases.note(number, marks.take())
            if wrong:
                return one.case.id
        for at, one in enumerate(_some(self.prepared, FRESH_CASES)):
            crumb.beat()
            if differs(one, self._fresh(), again=True):
                return one.case.id
            self.rehearsal.fresh.note(at, marks.take())
        for at, one in enumerate(_some(self.prepared, STARVED_CASES)):
            crumb.beat()
            if not bears_no_memory(one, self.candidate, self._fresh):
                return one.case.id
            self.rehearsal.starved.note(at, marks.take())
        return None


def _some(prepared: Sequence[Prepared], count: int) -> Sequence[Prepared]:
    return prepared[:: max(1, len(prepared) // count)]


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
    left = case.arguments()
    if compare_arguments(case, left, arguments) is None:
        return False
    observe(one.reference, left)  # a payload may change when it is read
    return compare_arguments(case, left, arguments) is not None


def cases_of(plan: Plan) -> Iterator[Case]:
    """A plan's cases: regressions, corpus, recorded, generated."""
    for shard in plan.shards():
        for _, _, cases in plan.inputs_of(shard):
            yield from cases


def prepare(plan: Plan, most: int) -> Gate:
    """The gate of a plan, for mutants up to number `most`; `Unfit` if the unchanged candidate fails it."""
    reference, candidate = load(plan.reference), load(plan.candidate)
    prepared = []
    for case in cases_of(plan):
        function = reference.functions[case.operation.name]
        expected = observe(function, case.arguments())
        prepared.append(Prepared(case, function, expected, case.arguments()))
    extension = candidate.provenance.file
    count = len(prepared)
    rehearsal = Rehearsal(
        Meetings(most, count),
        Meetings(most, len(_some(prepared, FRESH_CASES))),
        Meetings(most, len(_some(prepared, STARVED_CASES))),
        shared_counts(count),
    )
    switch = ctypes.c_int.in_dll(ctypes.CDLL(extension), SWITCH)
    gate = Gate(prepared, candidate, switch, Counters(extension), rehearsal, {})
    # In forks, so that the candidate's scratch memory is as new when a mutant meets it.
    wrong = _in_fork(partial(gate.rehearsed, Marks(extension, most)))
    if wrong is not None:
        raise Unfit(f"the unmutated core differs from the reference: python -m parity replay {wrong}")
    usual = _in_fork(lambda crumb: gate.costs(crumb.at))
    gc.collect()
    gc.freeze()
    return replace(gate, usual=usual)


def _in_fork(work: Callable[[Breadcrumb], T]) -> T:
    done = isolated(work, REHEARSAL_SECONDS)
    if isinstance(done, Lost):
        raise Unfit(f"the unmutated core {done.outcome}")
    return done.value


def _punted(subject: Subject) -> int:
    return sum(subject.count_punts().values()) if subject.count_punts is not None else 0
