"""The result file of a run: its events as NDJSON, and back.

Header, one line a shard as it is done, one line a cluster, footer.  A run that was cut off
leaves its shards behind and can be gone on with; a reader refuses it until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Optional

from driftgate.base.decode import decode
from driftgate.base.result_file import (
    FINISHED,
    DamagedResults,
    Format,
    Json,
    ResultFile,
    read_results,
)

from .census import Tally
from .cluster_record import ClusterRecord
from .clusters import Group
from .events import Event, Finished, ShardDone, Started
from .operations import OPERATIONS
from .plan import Shard
from .shard import ShardResult

FORMAT = Format("driftcore parity results", 3)


class RunFile:
    """Writes a run as a context manager; with `resume` it goes on with one that was cut off."""

    def __init__(self, path: Path, resume: bool = False) -> None:
        self._path = path
        self._file = ResultFile(path, FORMAT, resumable=True, resume=resume)

    def __enter__(self) -> RunFile:
        self._file.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def done(self) -> dict[str, ShardResult]:
        """The shards, by id, that the resumed run has done; raises `DamagedResults`."""
        try:
            results = [_shard_from(line) for line in self._file.kept if line["event"] == "shard"]
        except (KeyError, TypeError, ValueError) as error:
            raise _foreign(f"{self._path}.part", error) from error
        return {result.shard.id: result for result in results}

    def write(self, event: Event) -> None:
        """Keep an event; raises `DamagedResults` if the run that is gone on with was another one."""
        if isinstance(event, Started):
            self._start(event)
        elif isinstance(event, ShardDone) and not event.resumed:
            self._file.write("shard", shard_fields(event.result))
        elif isinstance(event, Finished) and not event.interrupted:
            for cluster in event.clusters:
                self._file.write("cluster", cluster.to_json())
            self._file.write(FINISHED, _finished_fields(event))

    def _start(self, started: Started) -> None:
        changed = self._file.begin(asdict(started))
        if changed:
            raise DamagedResults(
                f"{self._path}.part: is of another run, its {', '.join(changed)} differ; "
                "ask for the same plan on the same builds, or start anew without --resume"
            )


def read_run(path: Path) -> tuple[Started, Finished]:
    """A complete run; raises `DamagedResults` for anything else."""
    results = read_results(path, FORMAT)
    try:
        started: Started = decode(Started, _known(Started, results.started), "the header")
        clusters = tuple(_cluster_from(event) for event in results.events if event["event"] == "cluster")
        footer = {**_known(Finished, results.finished), "clusters": [], "interrupted": False}
        finished: Finished = decode(Finished, footer, "the footer")
    except (KeyError, TypeError, ValueError) as error:
        raise _foreign(path, error) from error
    unknown = [name for name in _operations_of(started, finished, clusters) if name not in OPERATIONS]
    if unknown:
        raise DamagedResults(f"{path}: there is no operation {unknown[0]!r}")
    return started, replace(finished, clusters=clusters)


def _foreign(path: object, error: Exception) -> DamagedResults:
    return DamagedResults(f"{path}: is not what a run writes: {type(error).__name__}: {error}")


def _known(kind: type, line: Mapping[str, Json]) -> dict[str, Json]:
    """The members of a line that are fields of a dataclass."""
    return {one.name: line[one.name] for one in fields(kind) if one.name in line}


def _cluster_from(line: Mapping[str, Json]) -> ClusterRecord:
    given = {name: value for name, value in line.items() if name != "event"}
    cluster: ClusterRecord = decode(ClusterRecord, given, "a cluster")
    return cluster


def _operations_of(started: Started, finished: Finished, clusters: Sequence[ClusterRecord]) -> Iterator[str]:
    yield from started.plan.operations
    yield from (tally.operation for tally in finished.census)
    yield from (name for one in clusters for name in (one.operation, *one.operations))


def shard_fields(result: ShardResult) -> dict[str, object]:
    """A shard as a line of the file."""
    return {
        "shard": asdict(result.shard),
        "census": [_tally_fields(tally) for tally in result.census],
        "groups": [_group_fields(group) for group in result.groups],
        "punts": result.punts,
        "answers": result.answers,
        **{name: dict(getattr(result, name)) for name in (*_COUNTED, "other_reasons")},
        "said": result.said,
    }


_COUNTED = ("skipped", "no_verdict", "ledger", "inside", "spent")


def _group_fields(group: Group) -> dict[str, object]:
    return {
        "signature": group.signature.to_json(),
        "features": sorted(group.features),
        "count": group.count,
        "example": asdict(group.example),
    }


def _shard_from(line: Mapping[str, Json]) -> ShardResult:
    kinds: dict[str, Any] = {
        "shard": Shard,
        "census": tuple[Tally, ...],
        "groups": tuple[Group, ...],
        "punts": Optional[dict[str, int]],
        "answers": str,
        **dict.fromkeys(("skipped", "no_verdict", "ledger", "other_reasons"), dict[str, int]),
        **dict.fromkeys(("inside", "spent"), dict[str, float]),
        "said": str,
    }
    return ShardResult(**{name: decode(kind, line[name], name) for name, kind in kinds.items()})


def _tally_fields(tally: Tally) -> dict[str, object]:
    """Counts of nothing are left out."""
    return {name: value for name, value in asdict(tally).items() if value != 0}


def _finished_fields(finished: Finished) -> dict[str, object]:
    return {
        "steadiness": asdict(finished.steadiness),
        "census": [_tally_fields(tally) for tally in finished.census],
        "unexplained": finished.unexplained,
        "findings": [asdict(finding) for finding in finished.findings],
        "punts": finished.punts,
        **{name: dict(getattr(finished, name)) for name in _COUNTED},
        "said": list(finished.said),
        "seconds": finished.seconds,
        "workers": finished.workers,
    }
