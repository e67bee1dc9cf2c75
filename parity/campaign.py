"""A whole run: each subject against itself, all shards on all workers, the causes of what differs.

Shards and minimisations are functions of the plan and handed to workers; this module
only hands them out and adds up what comes back.
"""

from __future__ import annotations

import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .census import compared_by_operation, merged, summed
from .cluster_record import ClusterRecord, record, with_compared
from .clusters import MOST_REDUCTIONS, Group, Groups, clusters
from .events import Clustering, Event, Finished, Rehearsed, ShardDone, Started
from .generate import GENERATOR_VERSION
from .ledger import Finding, check
from .minimise import Minimised
from .minimising import Request, Smallest, smallest
from .plan import GENERATED, Plan
from .run_shard import run_shard
from .saved_case import parsed
from .shard import ShardResult, entries_of
from .signature import Signature
from .steady import rehearse
from .subjects.described import Described, describe
from .workers import Executor


def run(
    plan: Plan,
    executor: Executor,
    witnesses: Sequence[str] = (),
    done: Mapping[str, ShardResult] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    subjects: Mapping[str, Described] | None = None,
) -> Iterator[Event]:
    """Events of a whole run: `Started`, `Rehearsed`, a `ShardDone` each, `Clustering`, then `Finished`.

    `done` are the shards, by id, of an earlier run of the same plan that was cut off; `subjects` are those of
    `described_for`, where the caller has them.  Once `stopped` says so no more is compared; what was done is
    made small and finished with.  Nothing was before the rehearsal, so there it raises `KeyboardInterrupt`.
    """
    begun = time.monotonic()
    shards = plan.shards()
    yield _started(plan, subjects or described_for(plan, witnesses), witnesses, len(shards))
    steadiness = rehearse(plan, stopped)
    yield Rehearsed()
    results = dict(done or {})
    for result in results.values():
        yield ShardDone(result, resumed=True)
    missing = [shard for shard in shards if shard.id not in results]
    for result in executor.each(run_shard, plan, missing, stopped):
        results[result.shard.id] = result
        yield ShardDone(result)
    in_order = [results[shard.id] for shard in shards if shard.id in results]
    census = merged(tally for result in in_order for tally in result.census)
    compared = compared_by_operation(census)
    groups = Groups(one for result in in_order for one in result.groups)
    ready: dict[Group, Smallest] = {}
    wanted = one_of_each_signature(groups, witnesses)
    for small in executor.each(smallest, plan, wanted):
        ready[small.of] = small
        yield Clustering(len(ready), len(wanted))
    found = causes(plan, executor, groups, witnesses, ready)
    yield Finished(
        steadiness=steadiness,
        census=census,
        clusters=tuple(with_compared(one, compared) for one in found.clusters),
        unexplained=found.unexplained,
        findings=tuple(_findings(plan, in_order)),
        punts=_punts(in_order),
        skipped=summed(result.skipped for result in in_order),
        no_verdict=summed(result.no_verdict for result in in_order),
        ledger=summed(result.ledger for result in in_order),
        inside=summed(result.inside for result in in_order),
        spent=summed(result.spent for result in in_order),
        said=tuple(result.said for result in in_order if result.said),
        seconds=time.monotonic() - begun,
        workers=executor.count,
        interrupted=len(in_order) < len(shards),
    )


@dataclass(frozen=True)
class Causes:
    """Causes, the most frequent first, and how many mismatches nothing was made small of."""

    clusters: tuple[ClusterRecord, ...]
    unexplained: int


def one_of_each_signature(groups: Groups, witnesses: Sequence[str]) -> list[Request]:
    """What is made small in any case, and so by all workers at once: the smallest example of a signature."""
    first: dict[Signature, Group] = {}
    counts: Counter[Signature] = Counter()
    for group in groups:
        counts[group.signature] += group.count
        known = first.setdefault(group.signature, group)
        if group.example.rank < known.example.rank:
            first[group.signature] = group
    return [
        Request(first[signature], tuple(witnesses)) for signature, _ in counts.most_common(MOST_REDUCTIONS)
    ]


def causes(
    plan: Plan,
    executor: Executor,
    groups: Groups,
    witnesses: Sequence[str] = (),
    ready: Mapping[Group, Smallest] | None = None,
) -> Causes:
    """The causes of some mismatches, each with its smallest input; `ready` are examples made small before."""
    known = ready or {}
    small: list[tuple[Minimised, Smallest]] = []

    def minimised(group: Group) -> Minimised:
        found = known.get(group) or executor.one(smallest, plan, Request(group, tuple(witnesses)))
        arguments = parsed(found.saved, "a minimised case").arguments() if found.saved else ()
        stuck = found.stuck or not found.saved
        small.append(
            (Minimised(arguments, found.probes, found.seconds, stuck, found.steady, found.finished), found)
        )
        return small[-1][0]

    clustering = clusters(groups, minimised)
    records = (
        record(cluster, next(found for one, found in small if one is cluster.minimal))
        for cluster in clustering.clusters
    )
    return Causes(tuple(records), clustering.unexplained)


def _findings(plan: Plan, results: Sequence[ShardResult]) -> list[Finding]:
    """Where the ledger is untrue; rates are those of generated cases, as recorded ones are alike."""
    generated = [result for result in results if result.shard.kind == GENERATED]
    return check(
        entries_of(plan),
        summed(result.ledger for result in generated),
        compared_by_operation(tally for result in generated for tally in result.census),
        other_reasons=summed(result.other_reasons for result in results),
    )


def described_for(plan: Plan, witnesses: Sequence[str] = ()) -> dict[str, Described]:
    """All subjects of a run, by name; raises `Unfit`.  This process does not import them."""
    apart = ((plan.reference, plan.candidate),)
    return describe((plan.reference, plan.candidate, *witnesses), apart, plan.timeout)


def _started(plan: Plan, subjects: Mapping[str, Described], witnesses: Sequence[str], shards: int) -> Started:
    limit = getattr(sys, "get_int_max_str_digits", None)
    return Started(
        plan=plan,
        reference=subjects[plan.reference].provenance,
        candidate=subjects[plan.candidate].provenance,
        witnesses={name: subjects[name].provenance for name in witnesses},
        planned=plan.planned,
        shards=shards,
        generator=GENERATOR_VERSION,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        int_max_str_digits=limit() if limit else 0,
    )


def _punts(results: Sequence[ShardResult]) -> dict[str, int] | None:
    told = [result.punts for result in results if result.punts is not None]
    return summed(told) if told else None
