"""What `make harden` found, read as checks of the group `hardening`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from driftgate.base.decode import decode
from driftgate.base.result_file import DamagedResults, Format, read_results

from .checks import Check, CheckRun, CheckVerdict, Finding, commit_in

HARDEN_FORMAT = Format("driftcore-harden", 1)

GROUP = "hardening"


@dataclass(frozen=True)
class Hardened:
    """One check as `core.harden` writes it; `verdict` is pass, fail or unfit."""

    name: str
    topic: str
    purpose: str
    verdict: str
    seconds: float
    figures: dict[str, float]
    findings: tuple[str, ...]


def read_harden(path: Path) -> CheckRun:
    """The checks of a complete file, by name `topic: name`; raises `DamagedResults`."""
    results = read_results(path, HARDEN_FORMAT)
    found = []
    try:
        for number, event in enumerate(results.events, start=2):
            if event.get("event") != "check":
                raise ValueError(f"line {number}: unknown event {event.get('event')!r}")
            fields = {name: value for name, value in event.items() if name != "event"}
            found.append(_check(decode(Hardened, fields, f"line {number}")))
        announced = decode(tuple[str, ...], results.started.get("checks"), "the header: checks")
        if len(announced) != len(found):
            raise ValueError(f"{len(announced)} checks are announced, {len(found)} are there")
        commit = commit_in(results.started)
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    return CheckRun("make harden", None, tuple(found), commit)


def _check(one: Hardened) -> Check:
    verdict = CheckVerdict(one.verdict.upper())
    summary = one.findings[0] if one.findings else one.purpose
    return Check(
        name=f"{one.topic}: {one.name}",
        group=GROUP,
        verdict=verdict,
        summary=summary,
        seconds=one.seconds,
        figures={name: int(value) if value.is_integer() else value for name, value in one.figures.items()},
        findings=tuple(map(Finding, one.findings)),
    )
