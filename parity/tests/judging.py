"""Judging cases in this process, for tests of what comes after a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Optional

from parity.cases import Case
from parity.clusters import Clustering, Example, Group, Groups, clusters
from parity.compare import Difference, compare
from parity.features import features
from parity.lookup import cases_named
from parity.minimise import Minimised, minimise
from parity.operations import OPERATIONS, Operation
from parity.outcome import Outcome, observe
from parity.show import full
from parity.signature import Signature, signature_of
from parity.subjects import Subject, load

SAFE_PROFILES = frozenset({"everyday", "numbers", "hostile-text", "malformed", "merges", "span-arguments"})
"""Profiles the Rust module survives in this process: limits and Python objects end it."""

Judged = tuple[Outcome, Outcome, Optional[Difference], Optional[Signature]]


def judge(
    operation: Operation, arguments: Callable[[], tuple[Any, ...]], candidate: Subject, reference: Subject
) -> Judged:
    """Both outcomes, how they differ, and the signature of that."""
    expected = observe(reference.functions[operation.name], arguments())
    actual = observe(candidate.functions[operation.name], arguments())
    difference = compare(expected, actual, operation.results)
    signature = None if difference is None else signature_of(operation, expected, actual, difference)
    return expected, actual, difference, signature


def signature(operation: str, arguments: tuple[Any, ...], candidate: str) -> Signature | None:
    """The signature of one input, None where it does not differ."""
    return judge(OPERATIONS[operation], lambda: arguments, load(candidate), load("reference"))[3]


def gathered(cases: Iterable[Case], candidate: Subject) -> Groups:
    """The groups of all mismatches among some cases."""
    groups = Groups()
    for case in cases:
        found = judge(case.operation, case.arguments, candidate, load("reference"))[3]
        if found is not None:
            arguments = case.arguments()
            example = Example(case.id, len(full(arguments)))
            groups.add(Group(found, features(case.operation, arguments), 1, example))
    return groups


def clustered(cases: Iterable[Case], candidate: Subject) -> Clustering:
    """The clusters of all mismatches among some cases, their examples made small in this process."""

    def small(group: Group) -> Minimised:
        [case] = cases_named(group.example.case)
        reference = load("reference")

        def still(arguments: tuple[Any, ...]) -> bool:
            return judge(case.operation, lambda: arguments, candidate, reference)[3] == group.signature

        return minimise(case.operation, case.arguments(), still)

    return clusters(gathered(cases, candidate), small)
