"""Checks: whatever passes or fails as a whole - a test-suite, a sanitizer run, a count against its baseline.

A check file is a result file like any other.  Suites and hardening write one; for a command
that only has an exit code, `python -m reports check NAME -- COMMAND` runs it and writes one.
"""

from __future__ import annotations

import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Optional

from driftgate.base.decode import decode
from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import DamagedResults, Format, Json, ResultFile, read_results

CHECKS_FORMAT = Format("driftcore check results", 1)

LINES_KEPT = 40
"""Of what a failed command printed, so many last lines are kept."""


class CheckVerdict(str, Enum):
    PASS = "PASS"
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    UNFIT = "UNFIT"


_BY_EXIT_CODE = {
    ExitCode.PASS: CheckVerdict.PASS,
    ExitCode.FAIL: CheckVerdict.FAIL,
    ExitCode.INCONCLUSIVE: CheckVerdict.INCONCLUSIVE,
}


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

    `sha256` is of the extension that was checked, `commit` that of the sources; None where
    the file does not say.
    """

    command: str
    sha256: Optional[str]
    checks: tuple[Check, ...]
    commit: Optional[str] = None


def write_checks(run: CheckRun, path: Path) -> None:
    with ResultFile(path, CHECKS_FORMAT) as out:
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


def run_check(
    name: str,
    group: str,
    command: Sequence[str],
    sha256: Optional[str],
    junit: Sequence[Path] = (),
    clock: Callable[[], float] = time.monotonic,
) -> tuple[CheckRun, str]:
    """Run a command as a check: (what came of it, what it printed).

    Its exit code decides, by the project's table; a code of no meaning there is a failure.
    `junit` are reports the command writes; their counts become figures, their failures findings.
    """
    for report in junit:
        report.unlink(missing_ok=True)
    begun = clock()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        code, said = done.returncode, done.stdout.decode("utf-8", "replace")
    except OSError as error:
        code, said = int(ExitCode.UNFIT), f"{command[0]} cannot be run: {error}"
    verdict = CheckVerdict.UNFIT if code == ExitCode.UNFIT else _verdict(code)
    figures: dict[str, Json] = {}
    findings: list[Finding] = []
    for report in junit:
        counted, failed = read_junit(report)
        for figure, number in counted.items():
            figures[figure] = int(str(figures.get(figure, 0))) + number
        findings += failed
    if junit and not figures.get("passed") and verdict is CheckVerdict.PASS:
        verdict = CheckVerdict.INCONCLUSIVE
    lines = [line for line in said.splitlines() if line.strip()]
    if verdict is not CheckVerdict.PASS and not findings:
        findings = [Finding("\n".join(lines[-LINES_KEPT:]) or f"exit code {code}, nothing printed")]
    summary = _counted(figures) if figures else _told(lines) or f"exit code {code}"
    check = Check(name, group, verdict, summary, clock() - begun, figures, tuple(findings))
    return CheckRun(" ".join(command), sha256, (check,)), said


def _verdict(code: int) -> CheckVerdict:
    try:
        return _BY_EXIT_CODE.get(ExitCode(code), CheckVerdict.FAIL)
    except ValueError:
        return CheckVerdict.FAIL


def _told(lines: Sequence[str]) -> str:
    """The sentence a command ends with: its last line that begins with a verdict, else its last line."""
    words = tuple(f"{verdict.value}: " for verdict in CheckVerdict)
    verdicts = [line.partition(": ")[2] for line in lines if line.startswith(words)]
    return (verdicts or list(lines) or [""])[-1].strip()


def _counted(figures: dict[str, Json]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in figures.items() if isinstance(number, int))


def read_junit(path: Path) -> tuple[dict[str, int], list[Finding]]:
    """(counts of a JUnit report, its failures); raises `DamagedResults` for anything else."""
    try:
        cases = list(ET.parse(path).getroot().iter("testcase"))
    except (OSError, ET.ParseError) as error:
        raise DamagedResults(f"{path}: is no JUnit report: {error}") from error
    failed, skipped = [], 0
    for case in cases:
        wrong = [child for child in case if child.tag in ("failure", "error")]
        if wrong:
            name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
            failed.append(Finding(f"{name}: {wrong[0].get('message') or wrong[0].tag}"))
        elif any(child.tag == "skipped" for child in case):
            skipped += 1
    passed = len(cases) - len(failed) - skipped
    return {"passed": passed, "failed": len(failed), "skipped": skipped}, failed
