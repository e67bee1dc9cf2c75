"""What a run tells: a few kinds of event.  Renderers and the result file listen, engines print nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional, Union

from .census import Tally
from .cluster_record import ClusterRecord
from .ledger import Finding
from .plan import Plan
from .shard import ShardResult
from .steady import Steadiness
from .subjects import Provenance


@dataclass(frozen=True)
class Started:
    """Who is compared and with what; `planned` cases follow in `shards` shards."""

    plan: Plan
    reference: Provenance
    candidate: Provenance
    witnesses: Mapping[str, Provenance]
    planned: int
    shards: int
    generator: int
    python: str
    platform: str
    int_max_str_digits: int
    """0 for no limit; the outcome of long ints hangs on it."""


@dataclass(frozen=True)
class Rehearsed:
    """The subjects were put against themselves; comparing begins."""


@dataclass(frozen=True)
class ShardDone:
    """One more shard; `resumed` ones come from the run that this one goes on with."""

    result: ShardResult
    resumed: bool = False


@dataclass(frozen=True)
class Clustering:
    """Mismatches are being made small, one of each of so many kinds; `done` are."""

    done: int
    kinds: int


@dataclass(frozen=True)
class Finished:
    """What came of the run, all shards together.

    `punts` counts by reason how often the candidate had another implementation answer,
    None if it does not say.  `unexplained` counts mismatches that no cause was looked for, as
    there were too many kinds.  `skipped` and `no_verdict` count cases by reason, `ledger`
    explained differences by entry.  `inside` and `spent` are seconds by profile, within
    the subjects' calls and in all; `seconds` is by the clock on the wall.
    """

    steadiness: Steadiness
    census: tuple[Tally, ...]
    clusters: tuple[ClusterRecord, ...]
    unexplained: int
    findings: tuple[Finding, ...]
    punts: Optional[Mapping[str, int]]
    skipped: Mapping[str, int]
    no_verdict: Mapping[str, int]
    ledger: Mapping[str, int]
    inside: Mapping[str, float]
    spent: Mapping[str, float]
    said: tuple[str, ...]
    seconds: float
    workers: int
    interrupted: bool


Event = Union[Started, Rehearsed, ShardDone, Clustering, Finished]
