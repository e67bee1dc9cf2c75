"""The command: exit codes, the shape of its text, replaying, result files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity import cases, engine
from parity.__main__ import main
from parity.events import FORMAT, Event, Mismatch
from parity.operations import OPERATIONS
from parity.render import DETAILS_PER_OPERATION
from parity.subjects import load
from reports.exit_codes import ExitCode
from reports.result_file import DamagedResults, read_results

HONEST = "parity.tests.liars.honest"
SWALLOWS = "parity.tests.liars.swallows_errors"


def one_mismatch() -> str:
    """An id of a case in which the candidate that swallows errors differs."""
    operation = OPERATIONS["normalize_json"]
    reference, candidate = load("reference"), load(SWALLOWS)
    plan = engine.Plan([operation], cases.Campaign([operation], 0, 200), 200, 0)
    return next(one.case for one in engine.run(plan, reference, candidate) if isinstance(one, Mismatch))


def test_exit_code_reaches_the_shell() -> None:
    options = ["--candidate", SWALLOWS, "--operation", "normalize_json", "--cases", "100"]
    command = [sys.executable, "-m", "parity", "run", *options]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == ExitCode.FAIL
    assert finished.stdout.startswith("MISMATCH: ")
    assert finished.stderr == ""


@pytest.mark.parametrize(
    "arguments", [[], ["run", "--cases", "-1"], ["run", "--operation", "nothing"], ["replay"], ["jump"]]
)
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == ExitCode.USAGE
    assert "usage: python -m parity" in capsys.readouterr().err


def test_help_teaches_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert "python -m parity replay g2:numbers:0:17:normalize_json" in text
    assert "exit codes: 0 pass" in text


def test_summary_comes_first_and_the_command_last(capsys: pytest.CaptureFixture[str]) -> None:
    options = f"--candidate {SWALLOWS} --operation normalize_json --seed 3 --cases 500"
    main(["run", *options.split()])
    lines = capsys.readouterr().out.rstrip().split("\n")
    assert lines[0].startswith("MISMATCH: ")
    assert lines[-1] == f"Run again: python -m parity run {options}"
    assert sum(line.startswith("   replay ") for line in lines) == DETAILS_PER_OPERATION
    assert any("more mismatches not shown" in line for line in lines)


def test_replay_shows_the_case_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    identity = one_mismatch()
    assert main(["replay", "--candidate", SWALLOWS, identity]) == ExitCode.FAIL
    text = capsys.readouterr().out
    assert text.startswith("DIFFERENT: normalize_json parts at $: outcome.")
    assert f"payload_json = {cases.from_id(identity)[0].arguments()[0]!r}" in text
    assert text.rstrip().endswith(f"Show again: python -m parity replay --candidate {SWALLOWS} {identity}")


@pytest.mark.parametrize("identity", ["g2:everyday:0:0:normalize_json", "recorded:0:normalize_json"])
def test_replay_of_an_equal_case_passes(identity: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--candidate", HONEST, identity]) == ExitCode.PASS
    assert capsys.readouterr().out.startswith(f"EQUAL: {HONEST} and reference agree on normalize_json.")


@pytest.mark.parametrize(
    ("identity", "explanation"),
    [
        ("17", "is no case id"),
        ("g0:everyday:0:0:normalize_json", "was made by generator g0"),
        ("g2:daily:0:0:normalize_json", "no profile 'daily'; there are everyday, "),
        ("g2:everyday:0:0:normalise", "no operation 'normalise'; there are normalize_json, "),
        ("g2:malformed:0:0:build_span_proto_bytes_pyobject", "profile malformed makes no cases for"),
        ("g2:everyday:0:x:normalize_json", "seed and index must be ints"),
        ("recorded:100000:normalize_json", "no such recorded case"),
        ("recorded:0:nothing", "no operation 'nothing'"),
    ],
)
def test_replay_of_an_unknown_case_says_what_is_wrong(
    identity: str, explanation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "--candidate", HONEST, identity]) == ExitCode.USAGE
    assert explanation in capsys.readouterr().err


def test_same_seed_same_results(tmp_path: Path) -> None:
    def mismatches(name: str, seed: str) -> list[object]:
        options = [
            "--operation",
            "normalize_json",
            "--seed",
            seed,
            "--cases",
            "300",
            "--out",
            str(tmp_path / name),
        ]
        main(["run", "--candidate", SWALLOWS, *options])
        return [event["case"] for event in read_results(tmp_path / name, FORMAT).events]

    assert mismatches("a", "5") == mismatches("b", "5") != mismatches("c", "6")


def test_result_file_counts_what_was_compared(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results.ndjson"
    options = ["--operation", "deterministic_hash", "--cases", "50", "--out", str(out)]
    assert main(["run", "--candidate", HONEST, *options]) == ExitCode.PASS
    results = read_results(out, FORMAT)
    census = results.finished["census"]
    assert isinstance(census, list)
    assert sum(tally["generated"] for tally in census) == results.started["planned"]  # type: ignore[index,misc,call-overload]
    assert results.events == []
    assert list(out.parent.iterdir()) == [out]


def test_run_that_dies_leaves_no_result_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine.run

    def dies(*arguments: object) -> Iterator[Event]:
        yield next(real(*arguments))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "run", dies)
    out = tmp_path / "results.ndjson"
    with pytest.raises(KeyboardInterrupt):
        main(["run", "--candidate", HONEST, "--out", str(out)])
    assert not out.exists()
    with pytest.raises(DamagedResults, match="has no footer: the run was cut off"):
        read_results(tmp_path / "results.ndjson.part", FORMAT)
