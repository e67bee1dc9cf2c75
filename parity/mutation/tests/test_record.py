"""Hours of mutants are kept: a run that was cut off is resumed, and only by one that would do the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from driftgate.base.exit_codes import UsageError
from driftgate.base.result_file import DamagedResults
from parity.mutation.mutants import Mutant
from parity.mutation.record import Record
from parity.mutation.score import Fate, Score
from parity.plan import Plan
from reports.mutation_results import read_mutation

PLAN = Plan("reference", "native", seed=0, cases=10)
FIRST = Mutant(1, "core/src/keys.c", 7, "keys_sort", "operator", "<", "<=", "a < b", "a <= b")
SECOND = replace(FIRST, number=2, after=">", new_lines="a > b")
CAUGHT, SURVIVED = Fate(FIRST, "C tests", "keys", 0, 1.25), Fate(SECOND, "survived", "", 0, 9.5)


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """Where a run ended behind its first mutant."""
    path = tmp_path / "mutation.ndjson"
    with pytest.raises(KeyboardInterrupt), Record(path, {}) as record:
        record.begin(PLAN, 12, (FIRST, SECOND), True)
        record.add(CAUGHT)
        raise KeyboardInterrupt
    return path


def test_a_run_that_was_cut_off_goes_on_behind_what_it_knew(cut_off: Path) -> None:
    with Record(cut_off, {}, resume=True) as record:
        record.begin(PLAN, 12, (FIRST, SECOND), True)
        assert record.kept == [CAUGHT]
        record.add(SURVIVED)
        record.finish(Score((*record.kept, SURVIVED), {}))
    [check] = read_mutation(cut_off).checks
    assert check.figures["mutants"] == 2
    assert [finding.line for finding in check.findings] == [7]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ((replace(PLAN, cases=11), 12, (FIRST, SECOND), True), "plan"),
        ((PLAN, 13, (FIRST, SECOND), True), "cases"),
        ((PLAN, 12, (FIRST,), True), "chosen"),
        ((PLAN, 12, (FIRST, SECOND), False), "all_mutants"),
    ],
)
def test_another_run_is_not_taken_for_the_rest_of_it(
    cut_off: Path, other: tuple[Plan, int, tuple[Mutant, ...], bool], told: str
) -> None:
    with pytest.raises(UsageError, match=f"had other {told}$"), Record(cut_off, {}, resume=True) as record:
        record.begin(*other)
    assert cut_off.with_name("mutation.ndjson.part").exists()


def test_a_mutant_that_there_is_not_is_damage(cut_off: Path) -> None:
    part = cut_off.with_name("mutation.ndjson.part")
    part.write_text(part.read_text().replace('"number": 1', '"number": 3'))
    with pytest.raises(DamagedResults, match="no such mutant"), Record(cut_off, {}, resume=True) as record:
        record.begin(PLAN, 12, (FIRST, SECOND), True)
