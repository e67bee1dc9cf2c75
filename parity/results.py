"""The result file of a run: its events as NDJSON, and back.

Header, one line a shard as it is done, one line a cluster, footer.  A run that was cut off
leaves its shards behind and can be gone on with; a reader refuses it until then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from driftgate.base.result_file import (
    FINISHED,
    STARTED,
    DamagedResults,
    Format,
    Json,
    ResultFile,
    read_results,
)

from .census import COUNTS, Tally
from .cluster_record import ClusterRecord
from .clusters import Example, Group
from .events import Event, Finished, ShardDone, Started
from .ledger import Finding
from .plan import Plan, Shard
from .shard import ShardResult
from .signature import Signature
from .steady import Steadiness, Unsteady
from .subjects import Provenance

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
        """The shards, by id, that the run which is gone on with has done."""
        results = [_shard_from(line) for line in self._file.kept if line["event"] == "shard"]
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
        fields = asdict(started)
        if not self._file.kept:
            self._file.write(STARTED, fields)
            return
        before = self._file.kept[0]
        changed = [name for name, value in _json(fields).items() if before.get(name) != value]
        if changed:
            raise DamagedResults(
                f"{self._path}.part: is of another run, its {', '.join(changed)} differ; "
                "ask for the same plan on the same builds, or start anew without --resume"
            )


def read_run(path: Path) -> tuple[Started, Finished]:
    """A complete run; raises `DamagedResults` for anything else."""
    results = read_results(path, FORMAT)
    try:
        clusters = [ClusterRecord.from_json(line) for line in _fields(results.events, "cluster")]
        return _started_from(results.started), _finished_from(results.finished, clusters)
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedResults(f"{path}: is not what a run writes: {type(error).__name__}: {error}") from error


def _fields(events: list[dict[str, Json]], name: str) -> list[dict[str, Any]]:
    """The fields of all events of one name."""
    return [
        {key: value for key, value in event.items() if key != "event"}
        for event in events
        if event["event"] == name
    ]


def _json(fields: Mapping[str, object]) -> dict[str, Any]:
    """Fields as they come back from a file: tuples as lists."""
    value: dict[str, Any] = json.loads(json.dumps(fields))
    return value


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


def _group_from(line: Mapping[str, Any]) -> Group:
    signature = Signature.from_json(line["signature"])
    return Group(signature, frozenset(line["features"]), line["count"], Example(**line["example"]))


def _shard_from(line: Mapping[str, Any]) -> ShardResult:
    return ShardResult(
        shard=Shard(**line["shard"]),
        census=tuple(map(_tally_from, line["census"])),
        groups=tuple(map(_group_from, line["groups"])),
        **{name: line[name] for name in ("punts", "answers", "said", *_COUNTED, "other_reasons")},
    )


def _tally_fields(tally: Tally) -> dict[str, object]:
    """Counts of nothing are left out."""
    return {name: value for name, value in asdict(tally).items() if value != 0}


def _tally_from(fields: Mapping[str, Any]) -> Tally:
    unknown = set(fields) - {"operation", "profile", *COUNTS}
    if unknown:
        raise ValueError(f"a tally has no {', '.join(sorted(unknown))}")
    return Tally(**fields)


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


def _started_from(line: Mapping[str, Any]) -> Started:
    return Started(
        plan=Plan.from_fields(line["plan"]),
        reference=Provenance(**line["reference"]),
        candidate=Provenance(**line["candidate"]),
        witnesses={name: Provenance(**fields) for name, fields in line["witnesses"].items()},
        **{
            name: line[name]
            for name in ("planned", "shards", "generator", "python", "platform", "int_max_str_digits")
        },
    )


def _finished_from(line: Mapping[str, Any], clusters: list[ClusterRecord]) -> Finished:
    steadiness = line["steadiness"]
    return Finished(
        steadiness=Steadiness(steadiness["cases"], tuple(Unsteady(**one) for one in steadiness["unsteady"])),
        census=tuple(map(_tally_from, line["census"])),
        clusters=tuple(clusters),
        findings=tuple(Finding(**fields) for fields in line["findings"]),
        punts=line["punts"],
        said=tuple(line["said"]),
        interrupted=False,
        **{name: line[name] for name in (*_COUNTED, "unexplained", "seconds", "workers")},
    )
