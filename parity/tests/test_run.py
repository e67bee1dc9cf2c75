"""Whole runs through the command: crashes, hangs, interrupts, resuming, witnesses, what is written."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import DamagedResults, read_results
from parity.census import total
from parity.cli import main
from parity.events import Finished
from parity.results import FORMAT, read_run

NORMALIZE = ("--operation", "normalize_json")


def run(out: Path, *options: str) -> ExitCode:
    return main(["run", "--out", str(out), *options])


def test_equal_subjects_pass_and_the_census_is_complete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "run.ndjson"
    assert run(out, "--cases", "3000") == ExitCode.PASS
    text = capsys.readouterr().out
    assert text.startswith("PASS: native equals reference in all of ")
    assert text.rstrip().endswith("Run again: python -m parity run --seed 0 --cases 3000")
    started, finished = read_run(out)
    assert total(finished.census).generated == started.planned
    assert finished.clusters == () and finished.findings == ()
    assert list(out.parent.iterdir()) == [out]


def test_two_runs_of_a_plan_give_the_same_census_whatever_the_workers(tmp_path: Path) -> None:
    for name, workers in (("a", "1"), ("b", "2")):
        assert run(tmp_path / name, "--cases", "6000", "--workers", workers) == ExitCode.PASS
    (_, one), (_, other) = read_run(tmp_path / "a"), read_run(tmp_path / "b")
    assert one.census == other.census
    assert one.punts == other.punts
    assert answers(tmp_path / "a") == answers(tmp_path / "b")


def answers(run: Path) -> dict[str, str]:
    """What stands for the reference's answers, by shard."""
    shards = [event for event in read_results(run, FORMAT).events if event["event"] == "shard"]
    assert shards
    return {str(event["shard"]): str(event["answers"]) for event in shards}


def test_crash_costs_one_case_and_is_reported_with_its_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run.ndjson"
    options = ("--candidate", "liar:crashes-when-deep", *NORMALIZE, "--cases", "1500")
    assert run(out, *options) == ExitCode.FAIL
    started, finished = read_run(out)
    counts = total(finished.census)
    assert counts.generated == started.planned
    assert 0 < counts.lost == counts.mismatches < 200
    assert counts.both_value > 0.7 * started.planned
    [cluster] = finished.clusters
    assert cluster.cause.outcomes == ("value", "crash")
    assert cluster.input.count("[") + cluster.input.count("{") == 140
    text = capsys.readouterr().out
    assert "crashed with SIGSEGV" in text
    assert f"python -m parity replay --candidate liar:crashes-when-deep {cluster.case}" in text
    assert main(["replay", "--candidate", "liar:crashes-when-deep", cluster.case]) == ExitCode.FAIL
    assert "crashed with SIGSEGV" in capsys.readouterr().out


def test_hang_costs_its_timeout_and_is_reported_with_its_input(tmp_path: Path) -> None:
    out = tmp_path / "run.ndjson"
    options = ("--candidate", "liar:hangs", *NORMALIZE, "--cases", "200", "--timeout", "1")
    assert run(out, *options) == ExitCode.FAIL
    _, finished = read_run(out)
    assert total(finished.census).lost > 0
    assert any("\\u2028" in cluster.input or "\u2028" in cluster.input for cluster in finished.clusters)


def test_liar_that_differs_at_each_call_is_named_unsteady(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "run", "--candidate", "liar:alternates", *NORMALIZE) == ExitCode.FAIL
    assert "shows at call 2 in a fresh process" in capsys.readouterr().out


def test_witness_is_asked_about_each_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.ndjson"
    options = ("--candidate", "liar:sorted-keys", "--witness", "rust", "--witness", "native")
    assert run(out, *options, *NORMALIZE, "--cases", "500") == ExitCode.FAIL
    [cluster] = read_run(out)[1].clusters
    assert cluster.verdicts == {"rust": "as the candidate", "native": "as the reference"}
    assert "dissents from the reference" in capsys.readouterr().out


def test_too_little_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--candidate", "parity.tests.lacking", "--operation", "deterministic_hash")
    assert run(tmp_path / "run", *options, "--cases", "10") == ExitCode.INCONCLUSIVE
    text = capsys.readouterr().out
    assert text.startswith("NOT ENOUGH EVIDENCE: deterministic_hash never gave values on both sides; ")
    assert "Skipped: parity.tests.lacking has no deterministic_hash" in text


@pytest.mark.parametrize(
    ("candidate", "explanation"),
    [
        ("parity.tests.borrowing", "offers the normalize_json of reference as its own"),
        ("parity.tests.not_there", "cannot import"),
        ("driftcore.reference", "are the same module"),
    ],
)
def test_subject_that_proves_nothing_is_unfit(
    candidate: str, explanation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "run", "--candidate", candidate, "--cases", "10") == ExitCode.UNFIT
    assert explanation in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


# ---- cut off and gone on with ------------------------------------------------


CUT_OFF_CASES = "20000"
"""In seven shards, so that a signal sent after the second comes in time on any machine."""


def cut_off(out: Path, number: int) -> None:
    """A run that a signal reaches once a few shards are written."""
    command = [sys.executable, "-m", "parity", "run", "--cases", CUT_OFF_CASES, "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    part = out.with_name(out.name + ".part")
    while not (part.exists() and part.read_bytes().count(b'"event": "shard"') >= 2):
        assert process.poll() is None, "it ended before it could be cut off"
        time.sleep(0.02)
    process.send_signal(number)
    text, _ = process.communicate(timeout=120)
    if number == signal.SIGINT:
        assert process.returncode == ExitCode.INCONCLUSIVE
        assert "cases were put before it was stopped" in text
        assert f"--cases {CUT_OFF_CASES} --out {out} --resume" in text
    else:
        assert process.returncode == -number


@pytest.fixture(scope="module")
def uncut(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The end of the same run when nothing cuts it off."""
    out = tmp_path_factory.mktemp("uncut") / "run.ndjson"
    assert run(out, "--cases", CUT_OFF_CASES) == ExitCode.PASS
    return read_run(out)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_resumed_run_ends_with_the_census_of_an_uncut_one(
    number: int, tmp_path: Path, uncut: Finished
) -> None:
    out = tmp_path / "run.ndjson"
    cut_off(out, number)
    assert not out.exists()
    with pytest.raises(DamagedResults, match=r"run\.ndjson"):
        read_results(out, FORMAT)
    assert run(out, "--cases", CUT_OFF_CASES, "--resume") == ExitCode.PASS
    resumed = read_run(out)[1]
    assert sorted(map(repr, resumed.census)) == sorted(map(repr, uncut.census))
    assert resumed.punts == uncut.punts
    assert not out.with_name(out.name + ".part").exists()


def test_resuming_another_plan_is_refused_by_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run.ndjson"
    header = {"event": "started", "format": FORMAT.name, "version": FORMAT.version, "plan": {"seed": 99}}
    out.with_name("run.ndjson.part").write_text(json.dumps(header) + "\n")
    assert run(out, "--cases", "100", "--resume") == ExitCode.UNFIT
    assert "is of another run, its plan, " in capsys.readouterr().err


def test_resuming_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "run.ndjson", "--resume") == ExitCode.USAGE
    assert "there is no such run to resume; start one without" in capsys.readouterr().err


def test_half_a_line_at_the_end_is_done_again(tmp_path: Path) -> None:
    out = tmp_path / "run.ndjson"
    assert run(out, "--cases", "4000") == ExitCode.PASS
    lines = out.read_bytes().splitlines(keepends=True)
    shards = [at for at, line in enumerate(lines) if b'"shard"' in line]
    cut = b"".join(lines[: shards[2]]) + lines[shards[2]][:100]
    part = out.with_name("run.ndjson.part")
    out.rename(part)
    part.write_bytes(cut)
    before = json.loads(lines[-1])
    assert run(out, "--cases", "4000", "--resume") == ExitCode.PASS
    after = json.loads(out.read_bytes().splitlines()[-1])
    assert sorted(map(str, after["census"])) == sorted(map(str, before["census"]))


def test_show_prints_the_same_report_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.ndjson"
    run(out, "--candidate", "liar:sorted-keys", *NORMALIZE, "--cases", "500")
    told = capsys.readouterr().out
    assert main(["show", str(out)]) == ExitCode.FAIL
    assert capsys.readouterr().out == told


def damaged(out: Path, change: Any) -> None:
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    change(lines)
    out.write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.pop(),
        lambda lines: lines.pop(0),
        lambda lines: lines[-1].pop("census"),
        lambda lines: lines[-1]["census"][0].update(surplus=1),
        lambda lines: lines[0].update(version=1),
    ],
)
def test_damaged_run_is_refused(change: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.ndjson"
    run(out, *NORMALIZE, "--cases", "100")
    capsys.readouterr()
    damaged(out, change)
    assert main(["show", str(out)]) == ExitCode.UNFIT
    assert str(out) in capsys.readouterr().err
