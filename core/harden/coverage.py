"""Which lines and branches of the C core and of the reference ran, by the campaign alone and by all tests.

Both are counted in the same run: the C core by a build of its own, the reference by
coverage.py, in every Python process that finds `probes/counting` on its path.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from . import branches
from .branches import Covered
from .check import Outcome
from .workspace import BuildFailed, Workspace

CAMPAIGN_CASES = 40_000
TWINS = ("core/tests", "core/fuzz")
SITE = Path(__file__).parent / "probes" / "counting" / "sitecustomize.py"
CPYTHON_MACROS = r".*\bPy_(X?DECREF|X?INCREF|CLEAR|VISIT)\("
"""Their branches are CPython's: whether a reference was the last one."""

REFERENCE = """\
[run]
branch = true
parallel = true
source = driftcore.reference
data_file = {data}
patch =
    fork
    _exit
"""


def campaign(workspace: Workspace) -> Outcome:
    """By the parity campaign alone."""
    _, figures = _measured(workspace, [_campaign(workspace)])
    return Outcome(figures, ())


def everything(workspace: Workspace) -> Outcome:
    """By all tests of the core: C tests, corpora, twin tests and a campaign.

    The harness's tests of itself add nothing to these.  Every branch of C left has its reason.
    """
    explained = branches.explanations(branches.EXPLAINED.read_text(encoding="utf-8"))
    covered, figures = _measured(
        workspace,
        [
            ["ctest", "--preset", "coverage"],
            [workspace.python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TWINS],
            _campaign(workspace),
        ],
    )  # fmt: skip
    (workspace.logs / "uncovered-now.txt").write_text(branches.listed(covered, explained), encoding="utf-8")
    return Outcome(
        {**figures, "C branches explained": sum(one.branches for one in explained.values())},
        tuple(branches.findings(covered, explained)),
    )


def _campaign(workspace: Workspace) -> list[str]:
    return [workspace.python, "-m", "parity", "run", "--cases", str(CAMPAIGN_CASES), "--seed", "8"]


def _measured(workspace: Workspace, commands: Sequence[Sequence[str]]) -> tuple[Covered, dict[str, float]]:
    """Counts from nothing, over some commands, of the C core and as figures of both."""
    site = workspace.site("coverage", workspace.python)
    shutil.copy(SITE, site)
    for counts in (workspace.root / "build" / "coverage").rglob("*.gcda"):
        counts.unlink()
    folder = workspace.logs / "reference-coverage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = folder / "settings"
    settings.write_text(REFERENCE.format(data=folder / "counts"), encoding="utf-8")
    for command in commands:
        name = "coverage-" + ("ctest" if command[0] == "ctest" else command[2])
        done = workspace.run(
            name, command, {"PYTHONPATH": str(site), "COVERAGE_PROCESS_START": str(settings)}
        )
        if done.status != 0:
            raise BuildFailed(f"coverage cannot be told of tests that fail: {done.tail()} (see {done.log})")
    covered = _of_c(workspace)
    return covered, {
        "C lines": covered.lines,
        "% of C lines": _percent(covered.lines_run, covered.lines),
        "C branches": covered.branches,
        "% of C branches": _percent(covered.branches_taken, covered.branches),
        **_of_reference(workspace, folder),
    }


def _of_c(workspace: Workspace) -> Covered:
    core = workspace.root / "build" / "coverage" / "core"
    report = workspace.logs / "coverage.json"
    _tell(
        workspace,
        "gcovr",
        [
            *["--root", str(workspace.root), "--gcov-ignore-parse-errors=all"],
            *["--filter", "core/src/", "--filter", "core/native/", "--merge-lines"],
            *["--merge-mode-functions=merge-use-line-min", "--exclude-branches-by-pattern", CPYTHON_MACROS],
            # Headers are compiled into tests too; the copy of the library that counts steps is another build.
            *["--gcov-exclude-directories", ".*/driftcore_counted.dir", "--json", str(report)],
            *map(str, (core / "CMakeFiles", core / "native", core / "tests" / "CMakeFiles")),
        ],
    )
    return branches.covered_of(json.loads(report.read_text()), workspace.root)


def _of_reference(workspace: Workspace, folder: Path) -> dict[str, float]:
    data = f"--data-file={folder / 'counts'}"
    report = folder / "report.json"
    _tell(workspace, "coverage", ["combine", "-q", data, str(folder)])
    _tell(workspace, "coverage", ["json", "-q", data, "-o", str(report)])
    totals = json.loads(report.read_text())["totals"]
    return {
        "reference lines": totals["num_statements"],
        "% of reference lines": _percent(totals["covered_lines"], totals["num_statements"]),
        "reference branches": totals["num_branches"],
        "% of reference branches": _percent(totals["covered_branches"], totals["num_branches"]),
    }


def _tell(workspace: Workspace, tool: str, arguments: Sequence[str]) -> None:
    done = workspace.run(f"{tool}-report", [workspace.python, "-m", tool, *arguments])
    if done.status != 0:
        raise BuildFailed(f"{tool} ended with {done.status}: {done.tail()} (see {done.log})")


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
