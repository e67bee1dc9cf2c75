"""Point 2: each fuzz target for some seconds, from the committed corpus."""

from __future__ import annotations

from collections.abc import Callable

from core.fuzz import targets

from .check import Outcome
from .workspace import Workspace


def fuzz(target: str) -> Callable[[Workspace], Outcome]:
    def run(workspace: Workspace) -> Outcome:
        targets.build([target])
        done = targets.fuzz(target, workspace.fuzz_seconds)
        findings = [
            f"fails for {failure}; again: {targets.again(target, failure)}" for failure in done.failures
        ]
        return Outcome({"inputs": done.executions, "branches": done.coverage}, tuple(findings))

    return run
