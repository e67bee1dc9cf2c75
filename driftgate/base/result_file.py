"""Result files: NDJSON with a header and a footer, written whole or not at all.

The first line is the `started` event and carries the file's format and version; the
last is the `finished` event; what lies between is up to the kind of run.  A writer
works beside the final place and moves the file there when it is complete, and a
reader refuses one without header or footer: a run that was cut off must not look clean.

The footer's last field, `sha256`, is the digest of the whole file up to that field, so a
byte that changed later is noticed.  It guards against damage, not against an author: who
can write the file can write its digest, and `python -m reports verify` is there for that.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Optional

from .exit_codes import Unfit, UsageError
from .files import named, open_alone, require_own
from .strict_json import Json as Json
from .strict_json import parse

STARTED, FINISHED = "started", "finished"
_BEGINNING = b'{"event": "started", "format": '
_SEAL = re.compile(r', "sha256": "([0-9a-f]{64})"\}\Z')


class DamagedResults(Unfit, ValueError):
    """A result file that must not be read as one; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Format:
    """What kind of results a file holds, and the version of their fields."""

    name: str
    version: int


@dataclass(frozen=True)
class Results:
    """A complete result file: its header, the events between, its footer."""

    started: dict[str, Json]
    events: list[dict[str, Json]]
    finished: dict[str, Json]


class ResultFile:
    """Writes events as a context manager, alone: a second run into the same file is refused.

    The file has its name only once `finished` was written and the context left without
    an exception.  A `resumable` run that ends before leaves `NAME.part` behind, if there is anything in
    it; with `resume` it is continued, and `kept` are the events that the part holds whole.
    """

    def __init__(self, path: Path, format: Format, resumable: bool = False, resume: bool = False) -> None:
        self._path, self._format = path, format
        self._resumable, self._resume = resumable, resume
        self._out: Optional[IO[bytes]] = None
        self._complete = False
        self._digest = hashlib.sha256()
        self.kept: list[dict[str, Json]] = []

    def __enter__(self) -> ResultFile:
        self._path = require_replaceable(self._path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._part = _part_of(self._path)
        if self._resume and not self._part.exists():
            raise UsageError(f"{self._part}: there is no such run to resume; start one without --resume")
        self._out = open_alone(self._part)
        length = 0
        if self._resume:
            data = self._part.read_bytes()
            self.kept, length = _read_part(self._part, data, self._format)
            self._digest.update(data[:length])
        self._out.truncate(length)
        self._out.seek(length)
        return self

    def begin(self, header: Mapping[str, object]) -> list[str]:
        """Write the header, or hold it against that of a resumed run: the names of the fields that differ."""
        if not self.kept:
            self.write(STARTED, header)
            return []
        fields = json.loads(json.dumps(header))  # tuples come back as lists
        return [name for name, value in fields.items() if self.kept[0].get(name) != value]

    def write(self, event: str, fields: Mapping[str, object]) -> None:
        """Append one event; `fields` are JSON values under names other than `event`."""
        assert self._out is not None, "use ResultFile as a context manager"
        line: dict[str, object] = {"event": event}
        if event == STARTED:
            line.update(format=self._format.name, version=self._format.version)
        line.update(fields)
        text = json.dumps(line, allow_nan=False)
        self._digest.update(text.encode())
        if event == FINISHED:
            text = f'{text[:-1]}, "sha256": "{self._digest.hexdigest()}"}}'
        self._digest.update(b"\n")
        with named(self._path):
            self._out.write(text.encode() + b"\n")
            self._out.flush()
        self._complete = event == FINISHED

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        assert self._out is not None
        if self._complete and kind is None:
            self._part.replace(self._path)
        elif not self._resumable or not os.fstat(self._out.fileno()).st_size:
            self._part.unlink(missing_ok=True)
        try:
            with named(self._path):
                self._out.close()  # and with it the hold on the file
        except OSError:
            if error is None:
                raise


def read_results(path: Path, format: Format) -> Results:
    """A complete result file of one format; raises `DamagedResults` for anything else.

    One with a part beside it is refused too: a later run was cut off, and its results would be missed.
    """
    if _part_of(path).exists():
        raise DamagedResults(f"{path}: a later run into it is not complete, {_part_of(path)} is left of it")
    try:
        text = path.read_bytes().decode("utf-8")  # as they are: no newline is made of another
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedResults(f"{path}: cannot be read: {error}") from error
    lines = text.split("\n")
    if lines[-1] != "":
        raise DamagedResults(f"{path}: cut off inside line {len(lines)}")
    events = [_parse_line(path, number, line) for number, line in enumerate(lines[:-1], start=1)]
    _require_header(path, events[0] if events else {}, format)
    if len(events) < 2 or events[-1].get("event") != FINISHED:
        raise DamagedResults(f"{path}: has no footer: the run was cut off before its `{FINISHED}` event")
    for number, event in enumerate(events[1:-1], start=2):
        if event.get("event") in (STARTED, FINISHED):
            raise DamagedResults(f"{path}:{number}: a second `{event.get('event')}` event")
    _require_seal(path, text[: -1 - len(lines[-2])], lines[-2])
    del events[-1]["sha256"]
    return Results(events[0], events[1:-1], events[-1])


def format_of(path: Path) -> Format:
    """Which kind of results a file says it holds; raises `DamagedResults` if it does not say."""
    try:
        with path.open(encoding="utf-8") as file:
            header = _parse_line(path, 1, file.readline())
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedResults(f"{path}: cannot be read: {error}") from error
    name, version = header.get("format"), header.get("version")
    if header.get("event") != STARTED or not isinstance(name, str) or not isinstance(version, int):
        raise DamagedResults(f"{path}: has no header: its first line is not a `{STARTED}` event")
    return Format(name, version)


def _require_seal(path: Path, before: str, footer: str) -> None:
    """The digest in the footer is that of everything before it."""
    seal = _SEAL.search(footer)
    if seal is None:
        raise DamagedResults(f"{path}: its footer has no digest of the lines before it")
    sealed = before + footer[: seal.start()] + "}"
    if hashlib.sha256(sealed.encode()).hexdigest() != seal[1]:
        raise DamagedResults(f"{path}: was changed after it was written: its digest is not the one it states")


def beginning(name: str) -> bytes:
    """What every result file of a format begins with."""
    return _BEGINNING + json.dumps(name).encode()


def require_replaceable(path: Path) -> Path:
    """Where `path` leads, if results can be written there; raises `UsageError`, also for a file of others."""
    target = require_own(path, "results", _BEGINNING)
    part = _part_of(target)
    if part.is_symlink():
        raise UsageError(f"{part} is a link, where the part of a run would be")
    require_own(part, "results", _BEGINNING)
    return target


def _read_part(part: Path, data: bytes, format: Format) -> tuple[list[dict[str, Json]], int]:
    """(the whole events of a run that was cut off, how many bytes they take)"""
    whole = data[: data.rfind(b"\n") + 1]
    try:
        lines = whole.decode("utf-8").split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise DamagedResults(f"{part}: cannot be read: {error}") from error
    events = [_parse_line(part, number, line) for number, line in enumerate(lines, start=1)]
    if events:
        _require_header(part, events[0], format)
    return events, len(whole)


def _require_header(path: Path, event: Mapping[str, Json], format: Format) -> None:
    if event.get("event") != STARTED:
        raise DamagedResults(f"{path}: has no header: its first line is not a `{STARTED}` event")
    if (event.get("format"), event.get("version")) != (format.name, format.version):
        raise DamagedResults(f"{path}: is not {format.name!r} version {format.version}")


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _parse_line(path: Path, number: int, line: str) -> dict[str, Json]:
    try:
        value = parse(line)
    except ValueError as error:
        raise DamagedResults(f"{path}:{number}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise DamagedResults(f"{path}:{number}: not a JSON object")
    return value
