"""The command: usage, help, replaying, exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from parity import cases
from parity.cli import main
from parity.commands.options import memory_size

SORTED = "liar:sorted-keys"
CASE = "g2:hostile-text:0:2:normalize_json"


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parity", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_exit_code_reaches_the_shell_and_stderr_stays_empty(tmp_path: Path) -> None:
    options = ("--operation", "normalize_json", "--cases", "100", "--out", str(tmp_path / "run"))
    finished = shell("run", "--candidate", SORTED, *options)
    assert finished.returncode == ExitCode.FAIL
    assert finished.stdout.startswith("MISMATCH: liar:sorted-keys differs from reference in ")
    assert finished.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run", "--cases", "-1"],
        ["run", "--workers", "0"],
        *(["run", "--memory", size] for size in ("", "nan", "-1", "1", "15MiB", "2GB", "2.5GiB", "9" * 20)),
        ["run", "--operation", "nothing"],
        ["replay"],
        ["replay", "--calls", "0", "x"],
        ["ledger", "mend"],
        ["corpus"],
        ["selftest", "--liar", "nobody"],
        ["jump"],
    ],
)
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == ExitCode.USAGE
    said = capsys.readouterr().err
    assert said.startswith("python -m parity") and said.count("\n") == 1


def test_pipe_that_closes_early_leaves_no_trace() -> None:
    command = (
        f"{sys.executable} -m parity selftest --help | head -1; {sys.executable} -m parity --help | true"
    )
    finished = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in finished.stderr


def test_replay_shows_the_case_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    identity = next(
        case.id
        for number in range(100)
        for case in cases.from_id(f"g2:hostile-text:0:{number}:normalize_json")
        if main(["replay", "--candidate", SORTED, case.id]) == ExitCode.FAIL
    )
    capsys.readouterr()
    assert main(["replay", "--candidate", SORTED, "--witness", "native", identity]) == ExitCode.FAIL
    text = capsys.readouterr().out
    assert text.startswith("DIFFERENT: normalize_json parts at $ offset ")
    assert f"payload_json = {cases.from_id(identity)[0].arguments()[0]!r}" in text
    assert "native answers as the reference" in text
    again = f"Show again: python -m parity replay --candidate {SORTED} --witness native {identity}"
    assert text.rstrip().endswith(again)


@pytest.mark.parametrize("identity", ["g2:everyday:0:0:normalize_json", "recorded:0:normalize_json"])
def test_replay_of_an_equal_case_passes(identity: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", identity]) == ExitCode.PASS
    assert capsys.readouterr().out.startswith("EQUAL: native and reference agree on normalize_json.")


def test_replay_without_an_operation_puts_the_input_to_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "g2:everyday:0:0"]) == ExitCode.PASS
    assert capsys.readouterr().out.count("EQUAL: ") == 8


@pytest.mark.parametrize(
    ("identity", "explanation"),
    [
        ("17", "is no case id"),
        ("g0:everyday:0:0:normalize_json", "was made by generator g0"),
        ("g2:daily:0:0:normalize_json", "no profile 'daily'; there are everyday, "),
        ("g2:everyday:0:0:normalise", "no operation 'normalise'; there are normalize_json, "),
        ("g2:malformed:0:0:build_span_proto_bytes_pyobject", "profile malformed makes no cases for"),
        ("g2:everyday:0:x:normalize_json", "seed and index must be ints"),
        ("recorded:100000:normalize_json", "no such case in fixtures/recorded"),
        ("recorded:0:nothing", "no such case in fixtures/recorded"),
        ("regression:nothing", "no such case in fixtures/regressions"),
    ],
)
def test_replay_of_an_unknown_case_says_what_is_wrong(
    identity: str, explanation: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", identity]) == ExitCode.USAGE
    assert explanation in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "size"), [("2GiB", 2 << 30), ("16MiB", 16 << 20), ("16777216", 16 << 20), ("1024GiB", 1 << 40)]
)
def test_sizes_of_memory(text: str, size: int) -> None:
    assert memory_size(text) == size


def test_bounds_that_are_not_the_default_stand_in_the_command_that_shows_a_case_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bounds = ["--timeout", "2.5", "--memory", "64MiB"]
    assert main(["replay", *bounds, CASE]) == ExitCode.PASS
    assert f"python -m parity replay {' '.join(bounds)} {CASE}" in capsys.readouterr().out
    assert main(["replay", CASE]) == ExitCode.PASS
    assert f"python -m parity replay {CASE}" in capsys.readouterr().out
