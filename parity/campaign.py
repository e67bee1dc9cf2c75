"""A whole run: each subject against itself, all shards on all workers, the causes of what differs.

Shards and minimisations are functions of the plan and handed to workers; this module
only hands them out and adds up what comes back.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from .census import merged
from .clusters import Cluster, Group, clusters, merge_groups
from .events import Clustering, Event, Finished, Rehearsed, ShardDone, Started
from .generate import GENERATOR_VERSION
from .ledger import check, read_ledger
from .minimising import Request, smallest
from .plan import Plan
from .shard import ShardResult, run_shard, subjects_of
from .steady import rehearse
from .subjects import load
from .workers import Executor

Number = TypeVar("Number", int, float)


def run(
    plan: Plan,
    executor: Executor,
    witnesses: Sequence[str] = (),
    done: Mapping[str, ShardResult] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Events of a whole run: `Started`, `Rehearsed`, a `ShardDone` each, `Clustering`, then `Finished`.

    `done` are the shards, by id, of an earlier run of the same plan that was cut off.
    Once `stopped` says so no more is compared; what was done is made small and finished with.
    """
    begun = time.monotonic()
    shards = plan.shards()
    yield _started(plan, witnesses, len(shards))
    steadiness = rehearse(plan)
    yield Rehearsed()
    results = dict(done or {})
    for result in results.values():
        yield ShardDone(result, resumed=True)
    missing = [shard for shard in shards if shard.id not in results]
    for result in executor.each(run_shard, plan, missing, stopped):
        results[result.shard.id] = result
        yield ShardDone(result)
    in_order = [results[shard.id] for shard in shards if shard.id in results]
    groups = merge_groups(group for result in in_order for group in result.groups)
    found: list[Cluster] = []
    for cluster in causes(plan, executor, groups, witnesses):
        found.append(cluster)
        yield Clustering(len(found))
    complete = len(in_order) == len(shards)
    hits = _sum(result.ledger for result in in_order)
    census = merged(tally for result in in_order for tally in result.census)
    yield Finished(
        steadiness=steadiness,
        census=census,
        clusters=tuple(found),
        findings=tuple(check(read_ledger().of(plan.candidate), hits, census, complete)),
        punts=_punts(in_order),
        skipped=_sum(result.skipped for result in in_order),
        no_verdict=_sum(result.no_verdict for result in in_order),
        ledger=hits,
        inside=_sum(result.inside for result in in_order),
        spent=_sum(result.spent for result in in_order),
        said=tuple(result.said for result in in_order if result.said),
        seconds=time.monotonic() - begun,
        workers=executor.count,
        interrupted=not complete,
    )


def causes(
    plan: Plan, executor: Executor, groups: Sequence[Group], witnesses: Sequence[str]
) -> Iterator[Cluster]:
    """The causes of some mismatches, each with its smallest input."""
    return clusters(groups, lambda one: executor.one(smallest, plan, Request(one, tuple(witnesses))))


def _started(plan: Plan, witnesses: Sequence[str], shards: int) -> Started:
    reference, candidate = subjects_of(plan)
    limit = getattr(sys, "get_int_max_str_digits", None)
    return Started(
        plan=plan,
        reference=reference.provenance,
        candidate=candidate.provenance,
        witnesses={name: load(name).provenance for name in witnesses},
        planned=plan.planned,
        shards=shards,
        generator=GENERATOR_VERSION,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        int_max_str_digits=limit() if limit else 0,
    )


def _punts(results: Sequence[ShardResult]) -> dict[str, int] | None:
    told = [result.punts for result in results if result.punts is not None]
    return _sum(told) if told else None


def _sum(counts: Iterable[Mapping[str, Number]]) -> dict[str, Number]:
    """Sums by name, the names in order of first appearance."""
    sums: dict[str, Number] = {}
    for one in counts:
        for name, number in one.items():
            sums[name] = sums[name] + number if name in sums else number
    return sums
