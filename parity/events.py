"""What a run tells: a few kinds of event, and the result file that keeps them.

A result file is NDJSON.  Its first line is the `Started` event, with the file's format
and version; then one line for each `Mismatch`; its last line is the `Finished` event.
It is written beside its place and moved there at the end, and a reader refuses a file
without header or footer: a run that was cut off must not look clean.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Union

from .subjects import Provenance

FORMAT = "driftcore parity results"
VERSION = 1

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]


@dataclass(frozen=True)
class Started:
    """Who is compared and with what; `planned` cases follow, recorded ones first."""

    reference: str
    reference_provenance: Provenance
    candidate: str
    candidate_provenance: Provenance
    operations: tuple[str, ...]
    planned: int
    generator: int
    seed: int
    python: str
    int_max_str_digits: int
    """0 for no limit; the outcome of long ints hangs on it."""


@dataclass(frozen=True)
class Progress:
    """Sent now and then, never written to a file."""

    done: int
    mismatches: int


@dataclass(frozen=True)
class Mismatch:
    """One case whose outcomes differ; values and input are as `show` writes them."""

    case: str
    operation: str
    profile: str
    path: str
    reason: str
    expected: str
    actual: str
    input: str


@dataclass(frozen=True)
class Tally:
    """Counts of cases of one operation and profile.

    `compared` is `both_value` + `both_error` + `one_error`; `generated` is `compared` +
    `skipped`, the cases that were not put to both subjects.  `explained` counts
    differences that a declared divergence accounts for; they are not in `mismatches`.
    """

    operation: str
    profile: str
    generated: int
    compared: int
    both_value: int
    both_error: int
    one_error: int
    skipped: int
    explained: int
    mismatches: int


@dataclass(frozen=True)
class Finished:
    """What came of the run.

    `punts` counts by reason how often the candidate passed work on to another
    implementation, None if it does not say.  `skipped` and `divergences` count by reason
    and by id.
    """

    census: tuple[Tally, ...]
    punts: Mapping[str, int] | None
    skipped: Mapping[str, int]
    divergences: Mapping[str, int]
    seconds: float


Event = Union[Started, Progress, Mismatch, Finished]


class ResultFile:
    """Writes events; the file has its name only once `Finished` was written and the file closed.

    Use it as a context manager.  A run that dies leaves `NAME.part` behind.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._out: IO[str] | None = None
        self._complete = False

    def __enter__(self) -> ResultFile:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._out = self._part.open("w", encoding="utf-8")
        return self

    def write(self, event: Event) -> None:
        assert self._out is not None, "use ResultFile as a context manager"
        if isinstance(event, Progress):
            return
        line: dict[str, object] = {"event": type(event).__name__.lower()}
        if isinstance(event, Started):
            line.update(format=FORMAT, version=VERSION)
        line.update(asdict(event))
        self._out.write(json.dumps(line, allow_nan=False) + "\n")
        self._complete = isinstance(event, Finished)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._out is not None
        self._out.close()
        if self._complete:
            os.replace(self._part, self._path)


class DamagedResults(ValueError):
    """A result file that may not be read as one; the message names the file and what is missing."""


@dataclass(frozen=True)
class Results:
    """A complete result file: the header, the mismatches and the footer, as JSON objects."""

    started: dict[str, Json]
    mismatches: list[dict[str, Json]]
    finished: dict[str, Json]


def read_results(path: Path) -> Results:
    """A complete result file; raises `DamagedResults` for one that is not."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[-1] != "":
        raise DamagedResults(f"{path}: cut off inside line {len(lines)}")
    events = [_line(path, number, line) for number, line in enumerate(lines[:-1], start=1)]
    if not events or events[0].get("event") != "started":
        raise DamagedResults(f"{path}: has no header: its first line is not a `started` event")
    if (events[0].get("format"), events[0].get("version")) != (FORMAT, VERSION):
        raise DamagedResults(f"{path}: is not {FORMAT!r} version {VERSION}")
    if len(events) < 2 or events[-1].get("event") != "finished":
        raise DamagedResults(f"{path}: has no footer: the run was cut off before its `finished` event")
    for number, event in enumerate(events[1:-1], start=2):
        if event.get("event") != "mismatch":
            raise DamagedResults(f"{path}:{number}: unexpected event {event.get('event')!r}")
    return Results(events[0], events[1:-1], events[-1])


def _line(path: Path, number: int, line: str) -> dict[str, Json]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DamagedResults(f"{path}:{number}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise DamagedResults(f"{path}:{number}: not a JSON object")
    return value
