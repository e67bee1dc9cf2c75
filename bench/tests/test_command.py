"""The command: its exit codes, its help, its result file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.events import FORMAT
from bench.pairs.payloads import shapes
from parity.operations import OPERATIONS
from reports.exit_codes import ExitCode
from reports.result_file import read_results

from .doubles import CLOCK

QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"
REQUEST = "build_export_spans_request_bytes_pyobject"


def run(out: Path, *arguments: str) -> ExitCode:
    return main(["run", "--out", str(out), *arguments], CLOCK)


def test_a_run_measures_and_writes_it_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.ndjson"
    options = (
        "--subjects",
        QUICK,
        "--against",
        SLOW,
        "--operation",
        "normalize_json",
        "--payloads",
        "empty,rows-4k",
    )
    assert run(out, *options, "--seed", "3") is ExitCode.PASS
    results = read_results(out, FORMAT)
    assert results.started["seed"] == 3
    assert list(results.started["subjects"]) == [QUICK, SLOW]  # type: ignore[arg-type]
    assert [(one["event"], one["kind"], one["input"]) for one in results.events] == [
        ("measurement", "pair", "empty"),
        ("measurement", "pair", "rows-4k"),
    ]
    first = results.events[0]
    assert first["ratio"]["median"] == pytest.approx(4)  # type: ignore[index,call-overload]
    assert (first["subject_call_ns"], first["against_call_ns"]) == (10_000, 40_000)
    assert results.finished["exit_code"] == 0
    shown = capsys.readouterr().out
    assert "4.00×" in shown
    assert shown.rstrip().endswith("in the median of 2 measurements, from 4.00 to 4.00 times.")


def test_a_slower_subject_fails_the_check_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--operation", REQUEST, "--payloads", "recorded")
    assert run(tmp_path / "a", "--subjects", SLOW, "--against", QUICK, *options) is ExitCode.FAIL
    shown = capsys.readouterr().out
    assert f"{SLOW} is slower than {QUICK} on recorded:0:{REQUEST}" in shown
    assert f"python -m parity replay recorded:0:{REQUEST}" in shown
    assert run(tmp_path / "b", "--subjects", QUICK, "--against", SLOW, *options) is ExitCode.PASS


def test_a_slower_subject_is_no_failure_outside_the_check(tmp_path: Path) -> None:
    options = ("--subjects", SLOW, "--against", QUICK, "--operation", "normalize_json", "--payloads", "empty")
    assert run(tmp_path / "a", *options) is ExitCode.PASS


def test_an_operation_nobody_could_be_timed_on_is_inconclusive(tmp_path: Path) -> None:
    options = ("--subjects", QUICK, "--against", SLOW, "--operation", "normalize_and_hash")
    assert run(tmp_path / "a", *options) is ExitCode.INCONCLUSIVE


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run", "--payloads", "nonsense"),
        ("run", "--payloads", "recorded,empty"),
        ("run", "--payloads", ""),
        ("run", "--operation", "nonsense"),
        ("run", "--seed", "x"),
        ("run", "--nonsense"),
        ("nonsense",),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == ExitCode.USAGE
    assert "usage: python -m bench" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--subjects", "no_such_module"), ("--against", "no_such_module")])
def test_a_subject_that_cannot_be_loaded_is_unfit(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = () if "--subjects" in options else ("--subjects", QUICK)
    assert run(tmp_path / "a", *known, *options) is ExitCode.UNFIT
    assert "UNFIT: no_such_module: cannot import" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_a_build_against_itself_is_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(tmp_path / "a", "--subjects", "reference", "--against", "driftcore.reference") is ExitCode.UNFIT
    )
    assert "are the same module" in capsys.readouterr().err


@pytest.mark.parametrize("command", [(), ("run",)])
def test_help_teaches(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main([*command, "--help"])
    assert exit.value.code == 0
    shown = capsys.readouterr().out
    assert "python -m bench run --payloads recorded" in shown
    assert "exit codes: 0" in shown
    for name in (*shapes(), *(OPERATIONS if command else ())):
        assert name in shown


def test_the_command_starts() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=root, capture_output=True, check=False
    )
    assert done.returncode == 0
