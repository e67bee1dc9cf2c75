"""Point 8: which lines and branches of the C core ran, by the parity campaign alone and by all tests.

A branch that no test takes stands in `uncovered.txt` with the reason; a branch that is in
neither, and a line there that nothing needs any more, are both findings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .check import Outcome
from .workspace import BuildFailed, Workspace

LEAST_BRANCHES = 0.98
EXPLAINED = Path(__file__).with_name("uncovered.txt")
CAMPAIGN_CASES = 40_000
CPYTHON_MACROS = r".*\bPy_(X?DECREF|X?INCREF|CLEAR|VISIT)\("
"""Their branches are CPython's: whether a reference was the last one."""


@dataclass(frozen=True)
class Covered:
    """Counts of lines and branches, and the branches not taken as (file, function, source line)."""

    lines: int
    lines_run: int
    branches: int
    branches_taken: int
    missed: tuple[tuple[str, str, str], ...]

    @property
    def branch_share(self) -> float:
        return self.branches_taken / self.branches if self.branches else 0.0


def c_campaign(workspace: Workspace) -> Outcome:
    """Of the C core, by the parity campaign alone."""
    covered = _measured(workspace, [_campaign(workspace)])
    return Outcome(_figures(covered), ())


def c_all(workspace: Workspace) -> Outcome:
    """Of the C core, by all tests: C tests, corpora, Python tests and a campaign."""
    covered = _measured(
        workspace,
        [
            ["ctest", "--preset", "coverage"],
            [
                workspace.python,
                "-m",
                "pytest",
                "-q",
                "-x",
                "-p",
                "no:cacheprovider",
                "core/tests",
                "parity/tests",
            ],
            _campaign(workspace),
        ],
    )
    text = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    explained = explanations(text)
    (workspace.logs / "uncovered-now.txt").write_text(
        "".join(f"{' ¦ '.join(key)} ¦ {explained.get(key, '?')}\n" for key in sorted(set(covered.missed))),
        encoding="utf-8",
    )
    return Outcome(_figures(covered), tuple(findings(covered, explained)))


def explanations(text: str) -> dict[tuple[str, str, str], str]:
    """{(file, function, source line): reason} of lines `file ¦ function ¦ source line ¦ reason`."""
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            file, function, source, reason = (part.strip() for part in line.split(" ¦ "))
            found[file, function, source] = reason
    return found


def findings(covered: Covered, explained: dict[tuple[str, str, str], str]) -> list[str]:
    """Too few branches, unexplained ones, explanations that nothing needs."""
    out = []
    if covered.branch_share < LEAST_BRANCHES:
        out.append(f"{covered.branch_share:.2%} of the branches are taken, {LEAST_BRANCHES:.0%} are wanted")
    missed = Counter(covered.missed)
    for key, count in missed.items():
        if not explained.get(key):
            out.append(f"{count} of {' ¦ '.join(key)}: take it by a test, or say why not in {EXPLAINED.name}")
    out += [
        f"{EXPLAINED.name}: {' ¦ '.join(key)} is taken now; remove it"
        for key in explained.keys() - missed.keys()
    ]
    return out


def reference(workspace: Workspace) -> Outcome:
    """Lines and branches of the Python reference, by the parity campaign alone."""
    data = workspace.logs / "reference.coverage"
    report = workspace.logs / "reference.json"
    package = "driftcore.reference"
    run = workspace.run(
        "coverage-reference",
        [workspace.python, "-m", "coverage", "run", "--branch", f"--source={package}", f"--data-file={data}",
         "-m", "parity", "run", "--workers", "1", "--cases", str(CAMPAIGN_CASES // 4), "--seed", "8"],
    )  # fmt: skip
    told = workspace.run(
        "coverage-reference-report",
        [workspace.python, "-m", "coverage", "json", f"--data-file={data}", "-o", str(report)],
    )
    if run.status != 0 or told.status != 0:
        return Outcome({}, (*run.problems("campaign"), *told.problems("coverage")))
    totals = json.loads(report.read_text())["totals"]
    share = totals["covered_branches"] / max(1, totals["num_branches"])
    return Outcome(
        {
            "lines": totals["num_statements"],
            "% of lines": round(100 * totals["covered_lines"] / totals["num_statements"], 2),
            "branches": totals["num_branches"],
            "% of branches": round(100 * share, 2),
        }
    )


def _campaign(workspace: Workspace) -> list[str]:
    return [workspace.python, "-m", "parity", "run", "--cases", str(CAMPAIGN_CASES), "--seed", "8"]


def _measured(workspace: Workspace, commands: Sequence[Sequence[str]]) -> Covered:
    """Counts from nothing, over some commands with the counting extension in place."""
    site = workspace.site("coverage", workspace.python)
    build = workspace.root / "build" / "coverage"
    for counts in build.rglob("*.gcda"):
        counts.unlink()
    for command in commands:
        name = "coverage-" + ("ctest" if command[0] == "ctest" else command[2])
        done = workspace.run(name, command, {"PYTHONPATH": str(site)})
        if done.status != 0:
            raise BuildFailed(f"coverage cannot be told of tests that fail: {done.tail()} (see {done.log})")
    report = workspace.logs / "coverage.json"
    told = workspace.run(
        "gcovr",
        [
            *[
                workspace.python,
                "-m",
                "gcovr",
                "--root",
                str(workspace.root),
                "--gcov-ignore-parse-errors=all",
            ],
            *["--filter", "core/src/", "--filter", "core/native/", "--merge-lines"],
            *["--merge-mode-functions=merge-use-line-min", "--exclude-branches-by-pattern", CPYTHON_MACROS],
            *["--json", str(report), str(build / "core" / "CMakeFiles"), str(build / "core" / "native")],
        ],
    )
    if told.status != 0:
        raise BuildFailed(f"gcovr ended with {told.status}: {told.tail()} (see {told.log})")
    return covered_of(json.loads(report.read_text()), workspace.root)


def covered_of(report: dict[str, list[dict[str, object]]], root: Path) -> Covered:
    """What gcovr's JSON says."""
    lines = run = branches = taken = 0
    missed = []
    for file in report["files"]:
        name = str(file["file"])
        source = (root / name).read_text(encoding="utf-8").splitlines()
        entries = file["lines"]
        assert isinstance(entries, list)
        for line in entries:
            lines += 1
            run += line["count"] > 0
            for branch in line["branches"]:
                branches += 1
                if branch["count"] > 0:
                    taken += 1
                else:
                    text = " ".join(source[line["line_number"] - 1].split())
                    missed.append((name, line.get("function_name", ""), text))
    return Covered(lines, run, branches, taken, tuple(missed))


def _figures(covered: Covered) -> dict[str, float]:
    return {
        "lines": covered.lines,
        "% of lines": round(100 * covered.lines_run / max(1, covered.lines), 2),
        "branches": covered.branches,
        "% of branches": round(100 * covered.branch_share, 2),
    }
