"""The matrix says of each Python what its campaign and tests said, and never more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import DamagedResults
from parity.census import Tally, tally
from parity.events import Finished, Started
from parity.generate import GENERATOR_VERSION
from parity.matrix import (
    CAMPAIGN,
    EXPECTED,
    OUT,
    TESTS,
    CellVerdict,
    Suite,
    collect,
    environments_in,
    main,
    read_matrix,
    table_text,
    write_matrix,
)
from parity.operations import OPERATIONS
from parity.plan import Plan
from parity.results import RunFile
from parity.steady import Steadiness
from parity.subjects import Provenance

FIRST, *OTHERS = OPERATIONS
PROVENANCE = Provenance("m", "/m.so", "0.1.0", True, "ab" * 32)


def census(first: Tally) -> list[Tally]:
    return [first, *(a_tally(name) for name in OTHERS)]


def a_tally(operation: str, values: int = 5000, punted: int = 2, mismatches: int = 0) -> Tally:
    counts = {"both_value": values, "both_error": 9, "punted_value": punted, "mismatches": mismatches}
    return tally(operation, "everyday", counts)


EQUAL = census(a_tally(FIRST))
DIFFERS = census(a_tally(FIRST, mismatches=1))
UNPROVEN = census(a_tally(FIRST, values=2))


def write_campaign(path: Path, tallies: Sequence[Tally]) -> None:
    plan = Plan("reference", "native")
    started = Started(
        plan=plan,
        reference=PROVENANCE,
        candidate=PROVENANCE,
        witnesses={},
        planned=plan.planned,
        shards=1,
        generator=GENERATOR_VERSION,
        python="CPython 3.11.7",
        platform="Linux",
        int_max_str_digits=4300,
    )
    finished = Finished(
        steadiness=Steadiness(10, ()),
        census=tuple(tallies),
        clusters=(),
        unexplained=0,
        findings=(),
        punts={},
        skipped={},
        no_verdict={},
        ledger={},
        inside={},
        spent={},
        said=(),
        seconds=1.0,
        workers=1,
        interrupted=False,
    )
    with RunFile(path) as out:
        out.write(started)
        out.write(finished)


def leave(
    folder: Path,
    environment: str,
    campaign: Sequence[Tally] | None = None,
    failures: int = 0,
    errors: int = 0,
) -> None:
    """What tox leaves of one environment."""
    place = folder / environment
    place.mkdir(parents=True)
    if campaign is not None:
        write_campaign(place / CAMPAIGN, campaign)
    counts = f'tests="10" failures="{failures}" errors="{errors}" skipped="2"'
    (place / TESTS).write_text(f"<testsuites><testsuite {counts}/></testsuites>")


def test_every_supported_python_is_expected_and_every_patch_that_ran_is_there(tmp_path: Path) -> None:
    for name in ("py310", "py313", "py313-newest", "py314-newest", "other"):
        (tmp_path / name).mkdir()
    assert environments_in(tmp_path) == [
        *("py39", "py310", "py311", "py312", "py313", "py313-newest", "py314-newest", "py315"),
    ]
    assert environments_in(tmp_path / "nothing") == list(EXPECTED)


def test_a_python_is_named_in_full_where_it_ran(tmp_path: Path) -> None:
    leave(tmp_path, "py311", EQUAL)
    head = table_text(collect(tmp_path, ["py311", "py39"])).splitlines()[2]
    assert head.split() == ["3.11.7", "py39"]


def test_a_row_says_where_its_extension_was_compared(tmp_path: Path) -> None:
    leave(tmp_path, "py311", EQUAL)
    write_matrix(collect(tmp_path, ["py311", "py39"]), tmp_path / "matrix.ndjson")
    rows = read_matrix(tmp_path / "matrix.ndjson").rows
    assert [(row.python, row.platform) for row in rows] == [("CPython 3.11.7", "Linux"), (None, None)]


def test_every_operation_equal_and_tested_passes(tmp_path: Path) -> None:
    leave(tmp_path, "py39", EQUAL)
    leave(tmp_path, "py313", EQUAL)
    matrix = collect(tmp_path, ["py39", "py313"])
    assert matrix.code is ExitCode.PASS
    assert {cell.verdict for row in matrix.rows for cell in row.cells} == {CellVerdict.EQUAL}
    assert [row.tests for row in matrix.rows] == [Suite(8, 0, 2)] * 2
    assert "2 of 2 Pythons" in table_text(matrix)


def test_one_mismatch_under_one_python_fails_its_cell(tmp_path: Path) -> None:
    leave(tmp_path, "py39", EQUAL)
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
    leave(tmp_path, "py39", EQUAL, **trouble)
    matrix = collect(tmp_path, ["py39"])
    assert matrix.code is ExitCode.FAIL
    assert "1 failed" in table_text(matrix)


def test_a_python_that_did_not_run_is_no_pass(tmp_path: Path) -> None:
    leave(tmp_path, "py39", EQUAL)
    matrix = collect(tmp_path, ["py39", "py310"])
    assert matrix.code is ExitCode.INCONCLUSIVE
    assert "not run: py310" in table_text(matrix)


def test_a_campaign_without_tests_is_no_pass(tmp_path: Path) -> None:
    leave(tmp_path, "py39", EQUAL)
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
    leave(tmp_path, "py39", EQUAL)
    (tmp_path / "py39" / TESTS).write_text(text)
    with pytest.raises(DamagedResults, match="JUnit"):
        collect(tmp_path, ["py39"])


def test_command_prints_the_table_and_keeps_the_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(tmp_path, "py39", DIFFERS)
    out = tmp_path / OUT.name
    assert main(["--results", str(tmp_path), "--out", str(out), "py39"]) is ExitCode.FAIL
    assert "1 differ" in capsys.readouterr().out
    assert read_matrix(out).rows[0].cells[0].operation == FIRST


def test_a_damaged_campaign_is_unfit(tmp_path: Path) -> None:
    leave(tmp_path, "py39", EQUAL)
    (tmp_path / "py39" / CAMPAIGN).write_text("cut")
    out = tmp_path / OUT.name
    assert main(["--results", str(tmp_path), "--out", str(out), "py39"]) is ExitCode.UNFIT
    assert not out.exists()
