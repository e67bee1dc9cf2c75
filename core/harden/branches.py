"""Which branches of the C core ran, and the list of those that no test takes, each with its reason.

`uncovered.txt` holds one line a source line: `file ¦ function ¦ source line ¦ branches ¦ reason`.
Nothing in it is a line number, so that code may move; `branches` counts how many of the
branches on that line, or on all lines of the function with that text, are not taken.
A branch that is neither taken nor listed is a finding, and so is a listed one that is
taken or no longer there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import Unfit

LEAST_BRANCHES = 0.98
EXPLAINED = Path(__file__).with_name("uncovered.txt")
BETWEEN = " ¦ "

Place = tuple[str, str, str]
"""File, function, and the source line with its blanks made one."""


class DamagedList(Unfit, ValueError):
    """A line of `uncovered.txt` is not of its form; the message shows it."""


@dataclass(frozen=True)
class Explained:
    """How many branches of a place no test takes, and why."""

    branches: int
    reason: str


@dataclass(frozen=True)
class Covered:
    """Counts of lines and branches, and of the branches not taken by place."""

    lines: int
    lines_run: int
    branches: int
    branches_taken: int
    missed: Mapping[Place, int]

    @property
    def branch_share(self) -> float:
        return self.branches_taken / self.branches if self.branches else 0.0


def covered_of(report: Mapping[str, list[dict[str, object]]], root: Path) -> Covered:
    """What gcovr's JSON says of the sources under `root`."""
    lines = run = branches = taken = 0
    missed: Counter[Place] = Counter()
    for file in report["files"]:
        name = str(file["file"])
        source = (root / name).read_text(encoding="utf-8").splitlines()
        entries = file["lines"]
        assert isinstance(entries, list)
        for line in entries:
            lines += 1
            run += line["count"] > 0
            counts = [branch["count"] for branch in line["branches"] if not branch.get("gcovr/excluded")]
            branches += len(counts)
            taken += sum(count > 0 for count in counts)
            if 0 in counts:
                text = " ".join(source[line["line_number"] - 1].split())
                missed[name, _function(line), text] += counts.count(0)
    return Covered(lines, run, branches, taken, missed)


def _function(line: dict[str, object]) -> str:
    """Its name, or a dash where gcov knows none, as of one that is inlined wherever it is called."""
    name = str(line.get("function_name", ""))
    return "-" if not name or name.startswith("<") else name


def explanations(text: str) -> dict[Place, Explained]:
    """What a list says; raises `DamagedList`."""
    found: dict[Place, Explained] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(BETWEEN)]
        if len(parts) != 5 or not all(parts) or not parts[3].isdecimal():
            raise DamagedList(f"{EXPLAINED.name}: is not file, function, source, branches, reason: {line}")
        place = (parts[0], parts[1], parts[2])
        if place in found:
            raise DamagedList(f"{EXPLAINED.name}: is there twice: {BETWEEN.join(place)}")
        found[place] = Explained(int(parts[3]), parts[4])
    return found


def findings(covered: Covered, explained: Mapping[Place, Explained]) -> list[str]:
    """Too few branches, unexplained ones, explanations that nothing needs."""
    out = []
    if covered.branch_share < LEAST_BRANCHES:
        out.append(f"{covered.branch_share:.2%} of the branches are taken, {LEAST_BRANCHES:.0%} are wanted")
    for place in sorted({*covered.missed, *explained}):
        missed = covered.missed.get(place, 0)
        listed = explained[place].branches if place in explained else 0
        if missed > listed:
            out.append(
                f"{BETWEEN.join(place)}: {missed} branches not taken, {listed} listed; take them by a test, "
                f"or say why not in {EXPLAINED.name}"
            )
        elif missed < listed:
            out.append(
                f"{EXPLAINED.name}: {BETWEEN.join(place)}: {listed} branches listed, of which "
                f"{listed - missed} are taken now or gone; correct the list"
            )
    return out


def listed(covered: Covered, explained: Mapping[Place, Explained]) -> str:
    """The list as it would have to read now, with a question mark for each reason it lacks."""
    known = {place: one.reason for place, one in explained.items()}
    return "".join(
        f"{BETWEEN.join((*place, str(count), known.get(place, '?')))}\n"
        for place, count in sorted(covered.missed.items())
    )
