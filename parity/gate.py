"""Gates any pair of implementations, with an operation table of its own, by the campaign's own parts.

What a campaign adds for this project's operations (regressions, clusters, the ledger, workers) is
not here: a pair of a few functions needs outcomes, comparison, isolation and floors.  All that a pair of
one's own has to import is in `__all__`.
"""

from __future__ import annotations

import copy
import inspect
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import digest_of

from .cases import Case
from .compare import compare_values
from .isolate import Breadcrumb, Lost, isolated
from .judge import Pair, judge
from .judgement_text import judgement_text
from .listening import heard
from .operations import Operation, Takes
from .outcome import observe
from .subjects import Function, Provenance, Subject

__all__ = ("Case", "ExitCode", "Gated", "Operation", "Subject", "Takes", "case", "gate", "subject")

SHOWN = 3
"""How many differences are shown in full; the rest are counted."""


@dataclass(frozen=True)
class Gated:
    """Cases by operation and kind of outcome, how many differ, and the text of the first of these.

    A pair that cannot be judged is `unfit`, and the text says why.
    """

    counts: Mapping[str, Mapping[str, int]]
    differing: int
    shown: tuple[str, ...]
    unfit: bool = False

    def code(self, operations: Sequence[Operation]) -> ExitCode:
        """INCONCLUSIVE where an operation never gave values on both sides."""
        if self.unfit:
            return ExitCode.UNFIT
        if self.differing:
            return ExitCode.FAIL
        proven = all(self.counts.get(one.name, {}).get("both_value") for one in operations)
        return ExitCode.PASS if proven else ExitCode.INCONCLUSIVE


def case(operation: Operation, number: int, *arguments: object) -> Case:
    """The operation's case of that number; each subject is given its own deep copy of the arguments."""
    return Case(f"{operation.name}:{number}", "own", operation, lambda: copy.deepcopy(arguments))


def subject(name: str, functions: Mapping[str, Function]) -> Subject:
    """Functions by operation as a subject; where they come from is read from the first of them."""
    first = next(iter(functions.values()))
    module = inspect.getmodule(first) or sys
    file = getattr(module, "__file__", None) or sys.executable
    digest = digest_of(Path(file))
    compiled = not inspect.isfunction(first)
    return Subject(name, functions, Provenance(module.__name__, file, "", compiled, digest))


def gate(
    cases: Iterable[Case],
    reference: Subject,
    candidate: Subject,
    timeout: float = 5.0,
    listen: bool = False,
) -> Gated:
    """Judge every case in a child process.  A crash or a hang is a difference, and the last.

    `listen`: compare what calls print and warn, too.
    """
    all_cases = list(cases)
    why = _shared(reference, candidate) or _lacking(all_cases, Pair(reference, candidate))
    if why is not None:
        return Gated({}, 0, (why,), unfit=True)
    done = isolated(lambda crumb: _judged(all_cases, reference, candidate, crumb, listen), timeout)
    if isinstance(done, Lost):
        case = all_cases[done.position]
        return Gated({}, 1, (f"{case.id}: {(reference, candidate)[done.caller - 1].name} {done.outcome}",))
    return done.value


def _shared(reference: Subject, candidate: Subject) -> str | None:
    """Why a comparison of the two proves nothing: they have a function in common.  None if they have none.

    Functions are the same where they are one object, or hold the same code and values: a bound method,
    a partial and a copy made of the code of another are compared by what is in them.
    """
    for name, function in candidate.functions.items():
        known = reference.functions.get(name)
        if known is not None and compare_values(known, function) is None:
            return f"{candidate.name} offers the {name} of {reference.name} as its own: nothing to compare"
    return None


def _lacking(cases: Iterable[Case], pair: Pair) -> str | None:
    operations = {case.operation.name: case for case in cases}
    return next(filter(None, map(pair.lacking, operations.values())), None)


def _judged(
    cases: Sequence[Case], reference: Subject, candidate: Subject, crumb: Breadcrumb, listen: bool
) -> Gated:
    pair = Pair(reference, candidate, crumb.calling, observe=heard if listen else observe)
    counts: dict[str, Counter[str]] = {}
    differing = 0
    shown: list[str] = []
    for position, case in enumerate(cases):
        crumb.at(position)
        judgement = judge(case, pair)
        counts.setdefault(case.operation.name, Counter())[judgement.kind] += 1
        if judgement.difference is not None:
            differing += 1
            if len(shown) < SHOWN:
                names = reference.name, candidate.name
                shown.append(judgement_text(case, judgement, names, None, {}, f"case {case.id}"))
    return Gated({name: dict(count) for name, count in counts.items()}, differing, tuple(shown))
