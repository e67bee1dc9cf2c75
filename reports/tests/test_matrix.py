"""The matrix says of each Python what its campaign and tests said, and never more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parity.operations import OPERATIONS
from reports.exit_codes import ExitCode
from reports.matrix import CAMPAIGN, TESTS, CellVerdict, Suite, collect, read_matrix, table_text, write_matrix
from reports.provenance import ROOT
from reports.result_file import DamagedResults

from . import samples
from .samples import ParityRun

FIRST = next(iter(OPERATIONS))
OTHERS = list(OPERATIONS)[1:]
DIFFERS = ParityRun(
    census=[samples.tally(FIRST, mismatches=1), *map(samples.tally, OTHERS)],
    mismatches=[samples.mismatch(FIRST)],
)
UNPROVEN = ParityRun(census=[samples.tally(FIRST, values=20), *map(samples.tally, OTHERS)])


def leave(
    folder: Path, environment: str, campaign: ParityRun | None = None, failures: int = 0, errors: int = 0
) -> None:
    """What tox leaves of one environment."""
    place = folder / environment
    place.mkdir(parents=True)
    if campaign is not None:
        campaign.write(place / CAMPAIGN)
    counts = f'tests="10" failures="{failures}" errors="{errors}" skipped="2"'
    (place / TESTS).write_text(f"<testsuites><testsuite {counts}/></testsuites>")


def test_every_operation_equal_and_tested_passes(tmp_path: Path) -> None:
    leave(tmp_path, "py39", ParityRun())
    leave(tmp_path, "py313", ParityRun())
    matrix = collect(tmp_path, ["py39", "py313"])
    assert matrix.code is ExitCode.PASS
    assert {cell.verdict for row in matrix.rows for cell in row.cells} == {CellVerdict.EQUAL}
    assert [row.tests for row in matrix.rows] == [Suite(8, 0, 2)] * 2
    assert "2 of 2 Pythons" in table_text(matrix)


def test_one_mismatch_under_one_python_fails_its_cell(tmp_path: Path) -> None:
    leave(tmp_path, "py39", ParityRun())
    leave(tmp_path, "py313", DIFFERS)
    matrix = collect(tmp_path, ["py39", "py313"])
    assert matrix.code is ExitCode.FAIL
    found = {row.environment: row.cells[0].verdict for row in matrix.rows}
    assert found == {"py39": CellVerdict.EQUAL, "py313": CellVerdict.DIFFERS}
    assert "1 cell differs" in table_text(matrix)


@pytest.mark.parametrize("trouble", [{"failures": 1}, {"errors": 1}])
def test_a_failed_test_fails_the_python_whose_campaign_passed(
    tmp_path: Path, trouble: dict[str, int]
) -> None:
    leave(tmp_path, "py39", ParityRun(), **trouble)
    matrix = collect(tmp_path, ["py39"])
    assert matrix.code is ExitCode.FAIL
    assert "1 failed" in table_text(matrix)


def test_a_python_that_did_not_run_is_no_pass(tmp_path: Path) -> None:
    leave(tmp_path, "py39", ParityRun())
    matrix = collect(tmp_path, ["py39", "py310"])
    assert matrix.code is ExitCode.INCONCLUSIVE
    assert "not run: py310" in table_text(matrix)


def test_a_campaign_without_tests_is_no_pass(tmp_path: Path) -> None:
    leave(tmp_path, "py39", ParityRun())
    (tmp_path / "py39" / TESTS).unlink()
    assert collect(tmp_path, ["py39"]).code is ExitCode.INCONCLUSIVE


def test_an_operation_answered_only_by_punts_is_unproven(tmp_path: Path) -> None:
    leave(tmp_path, "py39", UNPROVEN)
    matrix = collect(tmp_path, ["py39"])
    assert matrix.rows[0].cells[0].verdict is CellVerdict.UNPROVEN
    assert matrix.code is ExitCode.INCONCLUSIVE


def test_a_written_matrix_is_read_back_as_it_was(tmp_path: Path) -> None:
    leave(tmp_path, "py39", DIFFERS)
    matrix = collect(tmp_path, ["py39", "py310"])
    write_matrix(matrix, tmp_path / "matrix.ndjson")
    assert read_matrix(tmp_path / "matrix.ndjson") == matrix


@pytest.mark.parametrize("text", ["", "<testsuites", '<testsuite tests="x"/>'])
def test_a_damaged_junit_report_is_refused(tmp_path: Path, text: str) -> None:
    leave(tmp_path, "py39", ParityRun())
    (tmp_path / "py39" / TESTS).write_text(text)
    with pytest.raises(DamagedResults, match="JUnit"):
        collect(tmp_path, ["py39"])


def test_command_prints_the_table_and_keeps_the_code(tmp_path: Path) -> None:
    leave(tmp_path, "py39", DIFFERS)
    out = tmp_path / "matrix.ndjson"
    run = subprocess.run(
        [sys.executable, "-m", "reports", "matrix", "--results", str(tmp_path), "--out", str(out), "py39"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == ExitCode.FAIL, run.stderr
    assert "1 differ" in run.stdout
    assert read_matrix(out).rows[0].cells[0].operation == FIRST
