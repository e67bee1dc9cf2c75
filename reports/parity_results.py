"""What a parity run found, read from its result file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults, Format, Json, Results, read_results
from parity.census import Tally, merged, total
from parity.explain import Layer
from parity.signature import Signature
from parity.subjects import Provenance

PARITY_FORMAT = Format("driftcore parity results", 3)

RECORDED = "recorded"
"""The profile of cases that are not generated, but recorded from a real application."""

REPEATABLE = (
    "shard", "census", "groups", "punts", "answers", "skipped", "no_verdict", "ledger", "other_reasons"
)  # fmt: skip
"""The fields of a shard that depend on plan and build alone, so that doing it again gives them again."""


@dataclass(frozen=True)
class Plan:
    """What was to be compared, by names; `timeout` in seconds for one call, `memory` in bytes beside it."""

    reference: str
    candidate: str
    operations: tuple[str, ...]
    seed: int
    cases: int
    timeout: float
    memory: int


@dataclass(frozen=True)
class Cause:
    """What makes two clusters the same; see `parity.clusters`."""

    outcomes: tuple[str, str]
    errors: tuple[str, str]
    features: tuple[str, ...]
    place: str
    classes: tuple[str, str]
    steady: bool


@dataclass(frozen=True)
class Cluster:
    """All mismatches of one cause, and the smallest input that shows it; see `parity.cluster_record`."""

    title: str
    cause: Cause
    signatures: tuple[Signature, ...]
    operations: tuple[str, ...]
    count: int
    compared: int
    case: str
    operation: str
    input: str
    path: str
    reason: str
    expected: str
    actual: str
    explanation: tuple[Layer, ...]
    saved: str
    calls: int
    probes: int
    seconds: float
    finished: bool
    verdicts: dict[str, str]


@dataclass(frozen=True)
class Unsteady:
    """A case that a subject answered differently the second time."""

    subject: str
    case: str
    operation: str


@dataclass(frozen=True)
class LedgerFinding:
    """One way in which the run and the declared differences do not fit."""

    kind: str
    entry: str
    text: str


@dataclass(frozen=True)
class ParityResults:
    """A complete parity run.  `punts` is None if the candidate does not say whether it punts.

    `shards` are the lines of the file as they are, for whoever does one again.
    """

    plan: Plan
    reference: Provenance
    candidate: Provenance
    witnesses: dict[str, Provenance]
    planned: int
    generator: int
    python: str
    platform: str
    int_max_str_digits: int
    seconds: float
    workers: int
    tallies: tuple[Tally, ...]
    clusters: tuple[Cluster, ...]
    repeated: int
    """How many cases each subject answered twice, to see whether it contradicts itself."""
    unsteady: tuple[Unsteady, ...]
    unexplained: int
    """Mismatches whose cause was not looked for, as there were too many kinds."""
    findings: tuple[LedgerFinding, ...]
    punts: Optional[dict[str, int]]
    skipped: dict[str, int]
    no_verdict: dict[str, int]
    ledger: dict[str, int]
    said: tuple[str, ...]
    shards: tuple[dict[str, Any], ...]

    @property
    def total(self) -> Tally:
        return total(self.tallies)

    def by_operation(self) -> list[Tally]:
        """A sum for each operation of the plan, also for one of which nothing was compared."""
        return [
            total((one for one in self.tallies if one.operation == name), name)
            for name in self.plan.operations
        ]

    def by_profile(self) -> list[Tally]:
        names = dict.fromkeys(one.profile for one in self.tallies)
        return [total((one for one in self.tallies if one.profile == name), "", name) for name in names]


def read_parity(path: Path) -> ParityResults:
    """A complete and coherent parity result file; raises `DamagedResults` for anything else."""
    results = read_results(path, PARITY_FORMAT)
    try:
        parity = _decoded(results)
        for problem in _incoherences(parity, results):
            raise ValueError(problem)
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    return parity


def _decoded(results: Results) -> ParityResults:
    started, finished = results.started, results.finished
    shards, clusters = [], []
    for number, event in enumerate(results.events, start=2):
        if event.get("event") == "shard":
            shards.append(event)
        elif event.get("event") == "cluster":
            clusters.append(decode(Cluster, _fields(event), f"line {number}"))
        else:
            raise ValueError(f"line {number}: unknown event {event.get('event')!r}")
    steadiness = _inner(finished, "steadiness")
    return ParityResults(
        **_read(started, "the header", _HEADER),
        **_read(finished, "the footer", _FOOTER),
        tallies=_get(finished, "census", tuple[Tally, ...], "the footer"),
        clusters=tuple(clusters),
        repeated=_get(steadiness, "cases", int, "steadiness"),
        unsteady=_get(steadiness, "unsteady", tuple[Unsteady, ...], "steadiness"),
        shards=tuple(shards),
    )


_HEADER: Mapping[str, Any] = {
    "plan": Plan,
    "reference": Provenance,
    "candidate": Provenance,
    "witnesses": dict[str, Provenance],
    "planned": int,
    "generator": int,
    "python": str,
    "platform": str,
    "int_max_str_digits": int,
}
_FOOTER: Mapping[str, Any] = {
    "seconds": float,
    "workers": int,
    "unexplained": int,
    "findings": tuple[LedgerFinding, ...],
    "punts": Optional[dict[str, int]],
    "skipped": dict[str, int],
    "no_verdict": dict[str, int],
    "ledger": dict[str, int],
    "said": tuple[str, ...],
}


def _read(fields: Mapping[str, Json], where: str, kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _get(fields, name, kind, where) for name, kind in kinds.items()}


def _get(fields: Mapping[str, Json], name: str, kind: Any, where: str) -> Any:
    if name not in fields:
        raise ValueError(f"{where} has no {name!r}")
    return decode(kind, fields[name], f"{where}: {name}")


def _inner(fields: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise ValueError(f"the footer's {name!r} is no object")
    return value


def _fields(event: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in event.items() if name != "event"}


def _incoherences(parity: ParityResults, results: Results) -> Iterator[str]:
    """Header, shards, clusters and footer tell one story, or the file was put together from several."""
    for one in parity.tallies:
        if one.operation not in parity.plan.operations:
            yield f"counts {one.operation}, which its header does not announce"
        if (
            one.generated != one.compared + one.no_verdict + one.skipped
            or one.compared != one.both_value + one.both_error + one.one_error + one.lost
            or one.both_value < one.punted_value
            or one.both_error < one.punted_error
            or min(getattr(one, name) for name in _COUNTS) < 0
        ):
            yield f"the counts of {one.operation} from {one.profile} do not add up"
    if parity.total.generated != parity.planned:
        yield f"{parity.planned:,} cases were planned, {parity.total.generated:,} are counted"
    announced = results.started.get("shards")
    if announced != len(parity.shards):
        yield f"{announced} shards were planned, {len(parity.shards)} are there"
    names = Counter(str(shard.get("shard")) for shard in parity.shards)
    if names and max(names.values()) > 1:
        yield f"the shard {names.most_common(1)[0][0]} is there twice"
    if _counted(_shard_tallies(parity.shards)) != _counted(parity.tallies):
        yield "its shards do not add up to the counts in its footer"
    explained = sum(cluster.count for cluster in parity.clusters)
    if explained > parity.total.mismatches:
        yield f"its clusters hold {explained:,} mismatches, {parity.total.mismatches:,} are counted"
    if parity.total.mismatches and not parity.clusters:
        yield f"it counts {parity.total.mismatches:,} mismatches and shows none"


_COUNTS = tuple(name for name in Tally.__dataclass_fields__ if name not in ("operation", "profile"))


def _shard_tallies(shards: Sequence[Mapping[str, Any]]) -> list[Tally]:
    return [
        one for shard in shards for one in decode(tuple[Tally, ...], shard.get("census"), "a shard: census")
    ]


def _counted(tallies: Sequence[Tally]) -> set[Tally]:
    return set(merged(tallies))
