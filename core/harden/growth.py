"""Points 5 and 6: hostile input, its growth, and what threads, forks and signals may do."""

from __future__ import annotations

import re
from collections.abc import Callable

from .check import Outcome
from .workspace import Workspace


def c_growth(workspace: Workspace) -> Outcome:
    """Work and memory of hostile shapes at two sizes, counted step by step."""
    workspace.build("tests")
    done = workspace.run("growth", ["ctest", "--preset", "tests", "-R", "^growth$"])
    return Outcome({}, done.problems("growth"))


def pytest_of(name: str, *files: str) -> Callable[[Workspace], Outcome]:
    """Some of the Python tests, on the installed wheel."""

    def run(workspace: Workspace) -> Outcome:
        done = workspace.run(name, [workspace.python, "-m", "pytest", "-q", *files])
        passed = re.search(r"(\d+) passed", done.output)
        return Outcome({"tests": int(passed.group(1)) if passed else 0}, done.problems(name))

    return run
