"""The core's own tests as checks, C programs by ctest and Python by pytest; one that ran nothing fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Optional

from .check import Outcome
from .workspace import Done, Workspace

Run = Callable[[Workspace], Outcome]
SKIPPED = "skipped"


def ctest(name: str, preset: str, only: str = ".", environment: Optional[Mapping[str, str]] = None) -> Run:
    """The C programs of a preset whose names match a pattern."""

    def run(workspace: Workspace) -> Outcome:
        workspace.build(preset)
        command = ["ctest", "--preset", preset, "--no-tests=error", "-R", only]
        return _outcome(
            workspace.run(name, command, environment), name, r"tests passed, \d+ tests failed out of (\d+)"
        )

    return run


def pytest(
    name: str, *files: str, environment: Callable[[Workspace], Mapping[str, str]] = lambda _: {}
) -> Run:
    """Some of the Python tests, on the installed wheel unless the environment says otherwise."""

    def run(workspace: Workspace) -> Outcome:
        command = [workspace.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
        return _outcome(workspace.run(name, command, environment(workspace)), name, r"(\d+) passed")

    return run


def _outcome(done: Done, what: str, passed: str) -> Outcome:
    count, skipped = _count(passed, done.output), _count(r"(\d+) skipped", done.output)
    idle = () if count or done.status != 0 else (f"{what}: no test ran (see {done.log})",)
    figures = {"tests": count, **({SKIPPED: skipped} if skipped else {})}
    return Outcome(figures, (*done.problems(what), *idle))


def _count(pattern: str, output: str) -> int:
    found = re.search(pattern, output)
    return int(found.group(1)) if found else 0
