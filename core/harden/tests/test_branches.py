"""Which branches were taken: counting them, and the list of those that need a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..branches import EXPLAINED, Covered, DamagedList, covered_of, explanations, findings, listed
from ..workspace import ROOT

PLACE = ("core/src/keys.c", "keys_settle", "if (keys == NULL)")
REASON = "the scratch has room since it was sorted before"


def line_of(count: int = 1, reason: str = REASON) -> str:
    return " ¦ ".join((*PLACE, str(count), reason))


def with_missed(count: int, branches: int = 1000) -> Covered:
    return Covered(500, 499, branches, branches - count, {PLACE: count} if count else {})


def test_a_listed_branch_is_no_finding() -> None:
    assert findings(with_missed(1), explanations(line_of())) == []


def test_a_branch_that_is_not_listed_is_a_finding_with_its_place() -> None:
    (found,) = findings(with_missed(1), {})
    assert " ¦ ".join(PLACE) in found
    assert "1 branches not taken, 0 listed" in found


def test_another_branch_of_a_listed_line_is_a_finding() -> None:
    (found,) = findings(with_missed(2), explanations(line_of()))
    assert "2 branches not taken, 1 listed" in found


@pytest.mark.parametrize("missed", [0, 1])
def test_a_listed_branch_that_is_taken_or_gone_is_a_finding(missed: int) -> None:
    (found,) = findings(with_missed(missed), explanations(line_of(2)))
    assert "correct the list" in found


def test_too_few_branches_are_a_finding_whatever_is_listed() -> None:
    (found,) = findings(with_missed(21), explanations(line_of(21)))
    assert found == "97.90% of the branches are taken, 98% are wanted"


@pytest.mark.parametrize(
    "text", ["a ¦ b ¦ c ¦ 1", line_of(reason=""), "a ¦ b ¦ c ¦ one ¦ why", f"{line_of()}\n{line_of()}"]
)
def test_a_line_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(DamagedList):
        explanations(text)


def test_what_is_missed_is_told_in_the_form_of_the_list() -> None:
    now = listed(with_missed(3), explanations(line_of()))
    assert explanations(now)[PLACE].branches == 3
    assert explanations(now)[PLACE].reason == REASON
    assert listed(with_missed(3), {}).endswith(" ¦ 3 ¦ ?\n")


def test_counting(tmp_path: Path) -> None:
    def line(number: int, count: int, *branches: tuple[int, bool]) -> dict[str, Any]:
        return {
            "line_number": number,
            "function_name": "f",
            "count": count,
            "branches": [{"count": taken, "gcovr/excluded": out} for taken, out in branches],
        }

    (tmp_path / "a.c").write_text("int f(int x)\n{\n    if (x)\n        Py_CLEAR(x);\n    if  (x)\n}\n")
    lines = [
        line(3, 5, (5, False), (0, False)),
        line(4, 5, (5, True), (0, True)),
        line(5, 0, (0, False), (0, False)),
    ]
    covered = covered_of({"files": [{"file": "a.c", "lines": lines}]}, tmp_path)
    assert (covered.lines, covered.lines_run) == (3, 2)
    assert (covered.branches, covered.branches_taken) == (4, 1)
    assert covered.missed == {("a.c", "f", "if (x)"): 3}  # two lines that read alike are one place


def test_the_committed_list_names_lines_that_are_there() -> None:
    for file, function, source in explanations(EXPLAINED.read_text(encoding="utf-8")):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert source in " ".join(text.split()), f"{file} has no line {source!r}"
        assert function == "-" or f"{function}(" in text, f"{file} has no function {function}"
