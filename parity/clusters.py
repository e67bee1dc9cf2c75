"""Mismatches gathered into clusters: one cause, one cluster.

Workers send groups, bounded in number: mismatches of one signature and one set of features,
counted, with the smallest example.  A cause is found by making an example small: the features
that are left are those it takes.  Every other group of that signature with these features is
put to the same cause, so that a few reductions explain millions of mismatches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Optional, Protocol

from . import show
from .features import CARRIERS, FORMS, KINDS, features, telling
from .minimise import Minimised
from .operations import OPERATIONS
from .signature import Pair, Signature
from .titles import error_class, place_of, title

MOST_REDUCTIONS = 400
"""How many examples of one run are made small; mismatches beyond that are counted as unexplained."""

MOST_GROUPS = 200
"""Groups kept of one signature; further ones go to a group whose features they contain, if there is one."""


@dataclass(frozen=True)
class Example:
    """One mismatch: the id that replays it, how large its input is, and texts a report shows."""

    case: str
    size: int
    input: str = ""
    expected: str = ""
    actual: str = ""

    @property
    def rank(self) -> tuple[int, str]:
        return self.size, self.case


@dataclass(frozen=True)
class Group:
    """Mismatches that look alike."""

    signature: Signature
    features: frozenset[str]
    count: int
    example: Example

    def merged(self, other: Group) -> Group:
        """Both counted together; the features and signature stay this one's."""
        example = min(self.example, other.example, key=lambda one: one.rank)
        return replace(self, count=self.count + other.count, example=example)


class Groups:
    """Groups as they come in, merged and bounded; up to the bound their order does not matter."""

    def __init__(self, groups: Iterable[Group] = ()) -> None:
        self._groups: dict[Signature, dict[frozenset[str], Group]] = {}
        for group in groups:
            self.add(group)

    def add(self, group: Group) -> None:
        of_signature = self._groups.setdefault(group.signature, {})
        known = of_signature.get(group.features)
        if known is None and len(of_signature) >= MOST_GROUPS:
            known = min(
                (one for one in of_signature.values() if one.features <= group.features),
                key=lambda one: (len(one.features), sorted(one.features)),
                default=None,
            )
            if known is None and len(of_signature) >= 2 * MOST_GROUPS:
                known = min(
                    of_signature.values(),
                    key=lambda one: (len(one.features ^ group.features), one.example.rank),
                )
        merged = group if known is None else known.merged(group)
        of_signature[merged.features] = merged

    def __iter__(self) -> Iterator[Group]:
        return (group for groups in self._groups.values() for group in groups.values())

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))


@dataclass(frozen=True)
class Cause:
    """What makes two clusters the same: outcomes, classes of errors, telling features of the minimal input.

    Where these say next to nothing, the place and the classes of the values keep faults apart.
    `steady`: whether the minimal input fails every time.
    """

    outcomes: Pair
    errors: Pair
    features: frozenset[str]
    place: str = ""
    classes: Pair = ("", "")
    steady: bool = True


@dataclass(frozen=True)
class Cluster:
    """All mismatches of one cause.

    `example` is one that came up, `minimal` what it was made into, None where it could not be
    tried; `facts` are all features of that.
    """

    title: str
    cause: Cause
    signatures: tuple[Signature, ...]
    count: int
    example: Example
    minimal: Optional[Minimised]
    minimal_operation: str
    facts: frozenset[str] = frozenset()

    @property
    def operations(self) -> tuple[str, ...]:
        """In the order of the table of operations."""
        named = {signature.operation for signature in self.signatures}
        return tuple(name for name in OPERATIONS if name in named)


class Counted(Protocol):
    """What a cluster and a record of one have in common."""

    @property
    def title(self) -> str: ...
    @property
    def cause(self) -> Cause: ...
    @property
    def signatures(self) -> tuple[Signature, ...]: ...
    @property
    def operations(self) -> tuple[str, ...]: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True)
class Clustering:
    """Clusters, the most frequent first, and how many mismatches no reduction was spent on."""

    clusters: tuple[Cluster, ...]
    unexplained: int


def clusters(
    groups: Iterable[Group],
    minimise_example: Callable[[Group], Optional[Minimised]],
    most_reductions: int = MOST_REDUCTIONS,
) -> Clustering:
    """Clusters of some groups.

    `minimise_example` makes a group's example small without leaving its signature; None
    where that cannot be tried.
    """
    by_signature: dict[Signature, list[Group]] = {}
    for group in groups:
        by_signature.setdefault(group.signature, []).append(group)
    found: list[Cluster] = []
    left, unexplained = most_reductions, 0
    for of_signature in sorted(by_signature.values(), key=lambda some: -sum(one.count for one in some)):
        mine, used, rest = _of_signature(of_signature, minimise_example, left)
        found += mine
        left -= used
        unexplained += rest
    return Clustering(_merged(found), unexplained)


def _of_signature(
    groups: list[Group], minimise_example: Callable[[Group], Optional[Minimised]], most: int
) -> tuple[list[Cluster], int, int]:
    """Clusters of groups of one signature, how many reductions that took, how many mismatches are left."""
    waiting = sorted(groups, key=lambda one: one.example.rank)
    seeds: list[tuple[Cluster, frozenset[str]]] = []
    while waiting and len(seeds) < most:
        seeds.append(_seed(waiting[0], minimise_example(waiting[0])))
        waiting = [one for one in waiting[1:] if not seeds[-1][1] <= one.features]
    left = {id(group) for group in waiting}
    explained = [group for group in groups if id(group) not in left]
    return _shared_out(seeds, explained), len(seeds), sum(group.count for group in waiting)


def _seed(group: Group, minimal: Optional[Minimised]) -> tuple[Cluster, frozenset[str]]:
    """A cluster without members yet, and the features a group has to have to be one."""
    signature = group.signature
    if minimal is None or minimal.stuck:
        every, asked = frozenset[str](), group.features
        cause = cause_of(signature, every, steady=False)
    else:
        every = features(OPERATIONS[signature.operation], minimal.arguments)
        asked = telling(every)
        cause = cause_of(signature, asked, minimal.steady)
    name = title(signature, cause.features, cause.place, cause.steady)
    return Cluster(name, cause, (signature,), 0, group.example, minimal, signature.operation, every), asked


def cause_of(signature: Signature, facts: frozenset[str], steady: bool = True) -> Cause:
    """The cause of a signature and its minimal input's telling features."""
    errors = error_class(signature.errors[0]), error_class(signature.errors[1])
    if not facts <= KINDS | FORMS:
        return Cause(signature.outcomes, errors, facts, steady=steady)
    place = place_of(signature) or " ".join(signature.errors)
    if not steady:
        return Cause(signature.outcomes, errors, frozenset(), place, steady=False)
    facts -= CARRIERS
    classes = ("", "") if facts - KINDS else coarse(signature.classes)
    return Cause(signature.outcomes, errors, facts, place, classes)


def coarse(classes: Pair) -> Pair:
    """Classes of values without what features say better."""
    expected, actual = (_COARSE.get(one, one) for one in classes)
    return expected, actual


_COARSE = {
    **dict.fromkeys(("int beyond 2**53", "int of u64", "int beyond 64 bits"), "int"),
    **dict.fromkeys(("float with exponent", "-0.0", "NaN", "Infinity"), "float"),
    **{f"empty {name}": name for name in ("dict", "list")},
    "str with a lone surrogate": "str",
}


def _shared_out(seeds: list[tuple[Cluster, frozenset[str]]], groups: list[Group]) -> list[Cluster]:
    """Every group to the cluster that asks for most of its features, and those say the most.

    A minimal input may have features that the input it was made from has not: its group is its own still.
    """
    counts = [0] * len(seeds)
    for group in groups:
        fitting = [
            at
            for at, (seed, facts) in enumerate(seeds)
            if facts <= group.features or seed.example is group.example
        ]
        counts[max(fitting, key=lambda at: (_weight(seeds[at][1]), -at))] += group.count
    return [replace(seed, count=count) for (seed, _), count in zip(seeds, counts)]


def _weight(facts: frozenset[str]) -> tuple[int, int, int]:
    return len(facts - KINDS - FORMS), len(facts - KINDS), len(facts)


def _merged(found: Iterable[Cluster]) -> tuple[Cluster, ...]:
    """Clusters of the same cause as one, with the smallest minimal input of them all."""
    by_cause: dict[Cause, Cluster] = {}
    for cluster in found:
        known = by_cause.get(cluster.cause)
        by_cause[cluster.cause] = cluster if known is None else _both(known, cluster)
    merged = _absorbed(sorted(by_cause.values(), key=lambda one: (len(one.facts), one.title)))
    return tuple(sorted(merged, key=lambda one: (-one.count, one.title)))


def _absorbed(found: Sequence[Cluster]) -> list[Cluster]:
    """Clusters of which another one asks for less, with the same outcome, go into that one.

    A reduction that got stuck early would else pass for a cause of its own.
    """
    kept: list[Cluster] = []
    for cluster in found:
        at = next((at for at, one in enumerate(kept) if _asks_for_less(one, cluster)), None)
        if at is None:
            kept.append(cluster)
        else:
            signatures = tuple(dict.fromkeys((*kept[at].signatures, *cluster.signatures)))
            kept[at] = replace(kept[at], signatures=signatures, count=kept[at].count + cluster.count)
    return kept


def _asks_for_less(one: Cluster, other: Cluster) -> bool:
    """Whether the other's input has all that one's input has, and more.

    Strong features are enough; weak ones have to part in the same place and way.
    """
    ours, theirs = one.cause, other.cause
    if (ours.outcomes, ours.errors, ours.steady) != (theirs.outcomes, theirs.errors, theirs.steady):
        return False
    if not ours.features <= KINDS | FORMS:
        return ours.features < theirs.features
    ways = {(place_of(signature), coarse(signature.classes)) for signature in one.signatures}
    same_way = all((place_of(its), coarse(its.classes)) in ways for its in other.signatures)
    return bool(ours.features) and one.facts < other.facts and same_way


def _both(one: Cluster, other: Cluster) -> Cluster:
    smaller = min(one, other, key=_minimal_rank)
    return replace(
        smaller,
        signatures=tuple(dict.fromkeys((*one.signatures, *other.signatures))),
        count=one.count + other.count,
    )


def _minimal_rank(cluster: Cluster) -> tuple[bool, int, int, str]:
    size = len(show.full(cluster.minimal.arguments)) if cluster.minimal else 0
    order = tuple(OPERATIONS).index(cluster.minimal_operation)
    return cluster.minimal is None, order, size, cluster.example.case
