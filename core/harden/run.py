"""Runs checks one after another and tells of each as an event.  It prints nothing."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from driftgate.base.checkout import commit_of
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.result_file import Format

from .check import Check, Verdict
from .workspace import Workspace

FORMAT = Format("driftcore-harden", 1)


@dataclass(frozen=True)
class Checked:
    """One check's verdict, its figures, what it found, and how long it took."""

    check: Check
    verdict: Verdict
    seconds: float
    figures: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()

    def fields(self) -> dict[str, object]:
        """As a result file holds it."""
        return {
            "name": self.check.name,
            "topic": self.check.topic,
            "purpose": self.check.purpose,
            "verdict": self.verdict.value,
            "seconds": round(self.seconds, 2),
            "figures": dict(self.figures),
            "findings": list(self.findings),
        }


def run(
    checks: Sequence[Check], workspace: Workspace, clock: Callable[[], float] = time.perf_counter
) -> Iterator[Checked]:
    """Each check in turn; one that fails does not stop the others."""
    for check in checks:
        begun = clock()
        try:
            outcome = check.run(workspace)
        except Unfit as error:
            why = "\n".join(filter(None, (str(error), error.details)))
            yield Checked(check, Verdict.UNFIT, clock() - begun, findings=(why,))
        else:
            yield Checked(check, outcome.verdict, clock() - begun, outcome.figures, outcome.findings)


def started(checks: Sequence[Check], workspace: Workspace) -> dict[str, object]:
    """The header of a result file: what is to be run, on which sources and Python."""
    commit = commit_of(workspace.root)
    return {
        "checks": [check.name for check in checks],
        "commit": commit.id if commit else None,
        "changed_files": commit.changed_files if commit else None,
        "python": platform.python_version(),
        "machine": platform.platform(),
    }


def finished(done: Sequence[Checked]) -> dict[str, object]:
    """The footer of a result file: how many of each verdict."""
    counts = {verdict.value: sum(one.verdict is verdict for one in done) for verdict in Verdict}
    return {**counts, "seconds": round(sum(one.seconds for one in done), 1)}


def exit_code(done: Sequence[Checked]) -> ExitCode:
    """A failed check fails; one that could not be made leaves the harness unfit."""
    verdicts = {one.verdict for one in done}
    if Verdict.FAIL in verdicts:
        return ExitCode.FAIL
    return ExitCode.UNFIT if Verdict.UNFIT in verdicts else ExitCode.PASS
