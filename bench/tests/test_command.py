"""The command: its exit codes, its help, its result file.  Processes are scripted, so no time passes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bench import history
from bench.cli import main
from bench.events import Claim, Pair, Sample, SelfTest, Worker
from bench.pairs.payloads import shapes
from bench.pairs.planted import SLOWED
from bench.pairs.rounds import Execute
from bench.pairs.tasks import Task
from bench.pairs.worker import Answer, Request
from bench.results import read_file
from driftgate.base.exit_codes import ExitCode
from parity.operations import OPERATIONS

from . import made
from .doubles import CLOCK

QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"
REQUEST = "build_export_spans_request_bytes_pyobject"
CLAIMS = f"""\
format = 2

[[claim]]
id = "quick-mean"
sentence = "It is at least 3.2 times as fast."
metric = "time"
operation = "normalize_json"
subject = "{QUICK}"
reference = "{SLOW}"
payloads = ["empty", "rows-4k"]
statistic = "geometric mean"
floor = 3.2
machine = "any"
budget = "quick"
"""


def scripted(speeds: Mapping[str, float], blind: bool = False) -> Execute:
    """Processes in which a rival is so many times as slow; `blind` ones do not see planted slow-downs."""

    def execute(request: Request) -> Iterator[Answer]:
        for task in request.tasks:
            yield task, made.sample(task, ratio(task) * (1 + request.process / 10_000), request.process)
        yield (
            None,
            Worker(request.process, 1, 1, 1.0, 0.1, (1.0,), 0.0, 0, 6 * len(request.tasks), 0, None),
        )

    def ratio(task: Task) -> float:
        _, _, share = task.against.partition(SLOWED)
        if share:
            return 1.0 if blind else 1 + float(share.rstrip("%")) / 100
        return speeds.get(task.against, 1.0)

    return execute


def run(out: Path, *arguments: str, execute: Execute | None = None) -> ExitCode:
    claims = out.parent / "claims.toml"
    claims.write_text(CLAIMS)
    command = ["run", "--out", str(out), "--claims", str(claims), "--candidate", QUICK, *arguments]
    return main(command, CLOCK, execute or scripted({SLOW: 4.0}))


TWO = ("--against", SLOW, "--operation", "normalize_json", "--payloads", "empty,rows-4k")


def test_a_run_measures_judges_and_writes_it_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.ndjson"
    assert run(out, *TWO, "--seed", "3") is ExitCode.PASS
    results = read_file(out)
    assert (results.started.seed, results.started.looks) == (3, (6, 12))
    assert list(results.started.subjects) == [QUICK, SLOW]
    pairs = [event for event in results.events if isinstance(event, Pair)]
    assert [pair.input for pair in pairs] == ["empty", "rows-4k"]
    assert [pair.ratio.count for pair in pairs] == [6, 6], "settled at the first look"
    (claim,) = [event for event in results.events if isinstance(event, Claim)]
    assert (claim.id, claim.verdict) == ("quick-mean", "PASS")
    assert sum(isinstance(event, Sample) for event in results.events) == 6 * (2 + 8)
    shown = capsys.readouterr().out
    assert shown.startswith("PASS: all 1 claim hold;")
    assert "geometric mean of 2 payloads against" in shown and "4.00×" in shown


def interrupting(inner: Execute, at: int, done: int = 3) -> Execute:
    """In that process, with so many of its answers given, the run is interrupted as from a terminal."""

    def execute(request: Request) -> Iterator[Answer]:
        for number, answer in enumerate(inner(request)):
            if (request.process, number) == (at, done):
                os.kill(os.getpid(), signal.SIGINT)
            yield answer

    return execute


def test_an_interrupted_run_keeps_what_it_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bench.ndjson"
    cut = interrupting(scripted({SLOW: 4.0}), at=5)
    assert run(out, *TWO, execute=cut) is ExitCode.INCONCLUSIVE
    assert "the run was interrupted" in capsys.readouterr().out
    samples = [event for event in read_file(out).events if isinstance(event, Sample)]
    assert {sample.process for sample in samples} == {1, 2, 3, 4, 5}


def test_an_interrupt_hides_no_failure(tmp_path: Path) -> None:
    cut = interrupting(scripted({SLOW: 3.2 * 0.99965}), at=9)
    assert run(tmp_path / "open", *TWO, execute=cut) is ExitCode.INCONCLUSIVE
    cut = interrupting(scripted({SLOW: 2.0}), at=6, done=2 + 8)
    assert run(tmp_path / "failed", *TWO, execute=cut) is ExitCode.FAIL


def test_a_core_that_is_thirty_percent_slower_fails_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "a", *TWO, execute=scripted({SLOW: 4.0 / 1.3})) is ExitCode.FAIL
    shown = capsys.readouterr().out
    assert shown.startswith("FAIL: quick-mean does not hold; 0 of 1 claim hold.")
    assert "FAIL quick-mean: It misses the bound by " in shown


def test_a_claim_at_its_bound_uses_all_looks_and_is_inconclusive(tmp_path: Path) -> None:
    wavering = scripted({SLOW: 3.2 * 0.99965})
    assert run(tmp_path / "a", *TWO, execute=wavering) is ExitCode.INCONCLUSIVE
    pairs = [event for event in read_file(tmp_path / "a").events if isinstance(event, Pair)]
    assert pairs[0].ratio.count == 12


def test_a_harness_that_sees_no_planted_slow_down_is_unfit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "a", *TWO, execute=scripted({SLOW: 4.0}, blind=True)) is ExitCode.UNFIT
    assert capsys.readouterr().out.startswith("UNFIT: a planted slow-down of 20% went unseen.")
    events = read_file(tmp_path / "a").events
    assert {event.verdict for event in events if isinstance(event, (Claim, SelfTest))} == {"UNFIT"}


def test_without_a_claim_about_it_a_slower_subject_is_measured_and_passes(tmp_path: Path) -> None:
    options = ("--against", SLOW, "--operation", "deterministic_hash", "--payloads", "empty")
    assert run(tmp_path / "a", *options, execute=scripted({SLOW: 0.5})) is ExitCode.PASS


def test_a_slower_subject_fails_the_check_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--operation", REQUEST, "--payloads", "recorded")
    there = ["run", "--out", str(tmp_path / "a"), "--candidate", SLOW, "--against", QUICK, *options]
    assert main(there, CLOCK) is ExitCode.FAIL
    shown = capsys.readouterr().out
    assert f"{SLOW} is slower than {QUICK} on recorded:0:{REQUEST}" in shown
    assert f"python -m parity replay recorded:0:{REQUEST}" in shown
    back = ["run", "--out", str(tmp_path / "b"), "--candidate", QUICK, "--against", SLOW, *options]
    assert main(back, CLOCK) is ExitCode.PASS


def test_verdicts_are_found_again_from_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.ndjson"
    claims = tmp_path / "claims.toml"
    assert run(out, *TWO) is ExitCode.PASS
    assert main(["verify", str(out), "--claims", str(claims)]) is ExitCode.PASS
    claims.write_text(CLAIMS.replace("floor = 3.2", "floor = 5.0"))
    assert main(["verify", str(out), "--claims", str(claims)]) is ExitCode.FAIL
    assert "quick-mean: the file says PASS, its samples say FAIL" in capsys.readouterr().out


def test_an_unknown_claim_is_refused_before_anything_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(history, "FOLDER", tmp_path / "history")
    monkeypatch.setattr("bench.results.CANDIDATE", "bench.tests.doubles.quick")
    out = tmp_path / "bench.ndjson"
    assert run(out, *TWO) is ExitCode.PASS
    capsys.readouterr()
    assert main(["history", "--add", str(out), "--claim", "nope"]) is ExitCode.USAGE
    assert "no run has a claim 'nope'; there are quick-mean" in capsys.readouterr().err
    assert not (tmp_path / "history").exists()
    assert main(["history", "--add", str(out), "--claim", "quick-mean"]) is ExitCode.PASS
    assert capsys.readouterr().out.startswith("appended to ")


@pytest.mark.parametrize(
    "names", [("no-such", "HEAD"), ("HEAD", "no-such"), ("--", "--all", "HEAD"), ("x\n", "HEAD")]
)
def test_what_is_neither_a_file_nor_a_commit_is_refused(
    names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *names]) is ExitCode.USAGE
    assert "is neither a file nor a commit of this checkout" in capsys.readouterr().err


def test_a_file_is_compared_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.ndjson"
    assert run(out, *TWO) is ExitCode.PASS
    assert main(["compare", str(out), "HEAD"]) is ExitCode.USAGE
    assert "there is no file HEAD" in capsys.readouterr().err
    assert main(["compare", str(out), str(out)]) is ExitCode.PASS


def test_a_result_file_that_was_changed_is_unfit(tmp_path: Path) -> None:
    out = tmp_path / "bench.ndjson"
    assert run(out, *TWO) is ExitCode.PASS
    out.write_text(out.read_text().replace('"verdict": "PASS"', '"verdict": "FAIL"'))
    assert main(["verify", str(out)]) is ExitCode.UNFIT
    out.write_text("{}\n")
    assert main(["verify", str(out)]) is ExitCode.UNFIT


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
        ("compare", "one"),
        ("figures",),
        ("nonsense",),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == ExitCode.USAGE
    said = capsys.readouterr().err
    assert said.startswith("python -m bench") and said.count("\n") == 1


def test_damaged_claims_are_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "claims.toml").write_text(CLAIMS + "\nflor = 1\n")
    command = ["run", "--claims", str(tmp_path / "claims.toml"), "--candidate", QUICK, "--against", SLOW]
    assert main(command) is ExitCode.UNFIT
    assert "unknown field 'flor'" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--candidate", "--against"])
def test_a_subject_that_cannot_be_loaded_is_unfit(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--out", str(tmp_path / "a"), option, "no_such_module"]) is ExitCode.UNFIT
    assert "UNFIT: no_such_module: cannot import" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_a_build_against_itself_is_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [
        "run",
        "--out",
        str(tmp_path / "a"),
        "--candidate",
        "reference",
        "--against",
        "driftcore.reference",
    ]
    assert main(command) is ExitCode.UNFIT
    assert "are the same module" in capsys.readouterr().err


@pytest.mark.parametrize("command", [(), ("run",), ("gate",), ("compare",), ("history",), ("sign",)])
def test_help_teaches(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        main([*command, "--help"])
    assert exit.value.code == 0
    shown = capsys.readouterr().out
    assert "python -m bench run --payloads recorded" in shown
    assert "exit codes: 0" in shown
    for name in (*shapes(), *OPERATIONS) if command == ("run",) else ():
        assert name in shown.replace("\n", "").replace(" ", "")


def test_the_command_starts() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=root, capture_output=True, check=False
    )
    assert done.returncode == 0
