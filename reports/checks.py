"""Checks: whatever passes or fails as a whole - a test-suite, a sanitizer run, a count against its baseline.

A check file is a result file like any other.  Suites and hardening write one; for a command
that only has an exit code, `python -m reports check NAME -- COMMAND` runs it (`checking`) and writes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Optional

from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults, Format, Json, ResultFile, read_results

CHECKS_FORMAT = Format("driftcore check results", 1)


class CheckVerdict(str, Enum):
    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNFIT = "UNFIT"


@dataclass(frozen=True)
class Finding:
    """One thing a check found: what, and where in the sources if that is known."""

    text: str
    file: Optional[str] = None
    line: Optional[int] = None


@dataclass(frozen=True)
class Check:
    """One check: `summary` is a sentence, `figures` are what it measured, by name."""

    name: str
    group: str
    verdict: CheckVerdict
    summary: str
    seconds: float
    figures: dict[str, Json] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class CheckRun:
    """A complete file of checks.

    `sha256` is of the extension that was checked, `commit` that of the sources, with `+` behind it if
    files differed from it; None where the file does not say.
    """

    command: str
    sha256: Optional[str]
    checks: tuple[Check, ...]
    commit: Optional[str] = None


def check_file(path: Path) -> ResultFile:
    """The file of a run of checks, to be held while they run."""
    return ResultFile(path, CHECKS_FORMAT)


def write_checks(run: CheckRun, path: Path) -> None:
    with check_file(path) as out:
        write_run(run, out)


def write_run(run: CheckRun, out: ResultFile) -> None:
    out.write("started", {"command": run.command, "sha256": run.sha256})
    for check in run.checks:
        out.write("check", asdict(check))
    out.write("finished", {"checks": len(run.checks)})


def read_checks(path: Path) -> CheckRun:
    """A complete file of checks; raises `DamagedResults`."""
    results = read_results(path, CHECKS_FORMAT)
    checks = []
    try:
        for number, event in enumerate(results.events, start=2):
            if event.get("event") != "check":
                raise ValueError(f"line {number}: unknown event {event.get('event')!r}")
            fields = {name: value for name, value in event.items() if name != "event"}
            checks.append(decode(Check, fields, f"line {number}"))
        if results.finished.get("checks") != len(checks):
            raise ValueError(f"{results.finished.get('checks')} checks are counted, {len(checks)} are there")
        command = decode(str, results.started.get("command"), "the header: command")
        sha256 = decode(Optional[str], results.started.get("sha256"), "the header: sha256")
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    return CheckRun(command, sha256, tuple(checks))


def commit_in(started: Mapping[str, Json]) -> Optional[str]:
    """The commit of a header, with `+` behind it if it counts changed files; raises ValueError."""
    commit: Optional[str] = decode(Optional[str], started.get("commit"), "the header: commit")
    changed = decode(Optional[int], started.get("changed_files"), "the header: changed_files")
    return commit and commit + "+" * bool(changed)
