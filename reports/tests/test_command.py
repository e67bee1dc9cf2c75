"""`python -m reports` as a user runs it: exit codes, what is printed, what is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import LeftOut
from parity.operations import OPERATIONS
from reports.exit_codes import ExitCode
from reports.provenance import ROOT
from reports.signoff import JSON_NAME, PAGE_NAME
from reports.terminal import emphasised
from reports.verdict import Judgement, Verdict

from . import samples
from .samples import BenchRun, ParityRun

FIRST = next(iter(OPERATIONS))


def run(*arguments: object, environment: Sequence[tuple[str, str]] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **dict(environment)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def sign_off(folder: Path, parity: ParityRun, bench: BenchRun) -> subprocess.CompletedProcess[str]:
    files = parity.write(folder / "parity.ndjson"), bench.write(folder / "bench.ndjson")
    return run("signoff", "--parity", files[0], "--bench", files[1], "--out", folder / "out")


ONE_MISMATCH = ParityRun(
    census=[samples.tally(FIRST, mismatches=1), *map(samples.tally, list(OPERATIONS)[1:])],
    mismatches=[samples.mismatch(FIRST)],
)
BROKEN = LeftOut("the C library alone", "it crashed", unfit=True)


@pytest.mark.parametrize(
    ("parity", "bench", "verdict", "code"),
    [
        (ParityRun(), BenchRun(), "GO", 0),
        (ONE_MISMATCH, BenchRun(), "NO-GO", 1),
        (ParityRun(), BenchRun(samples.MEASURED[:5]), "INCONCLUSIVE", 3),
        (ParityRun(), BenchRun([*samples.MEASURED, BROKEN]), "UNFIT", 4),
    ],
    ids=["go", "no-go", "inconclusive", "unfit"],
)
def test_exit_code_and_files_tell_the_verdict(
    tmp_path: Path, parity: ParityRun, bench: BenchRun, verdict: str, code: int
) -> None:
    done = sign_off(tmp_path, parity, bench)
    assert done.returncode == code, done.stderr
    document = json.loads((tmp_path / "out" / JSON_NAME).read_text(encoding="utf-8"))
    page = (tmp_path / "out" / PAGE_NAME).read_text(encoding="utf-8")
    assert (document["verdict"], document["exit_code"]) == (verdict, code)
    assert page.startswith(f"# driftcore sign-off: {verdict}\n")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [JSON_NAME, PAGE_NAME]
    lines = done.stdout.splitlines()
    assert lines == [
        document["sentence"],
        f"  {tmp_path / 'out' / JSON_NAME}",
        f"  {tmp_path / 'out' / PAGE_NAME}",
    ]
    assert done.stderr == ""


def test_several_benches_are_judged_together(tmp_path: Path) -> None:
    check = samples.check_run(samples.pair(FIRST, "rust", 0.5)).write(tmp_path / "check.ndjson")
    files = ParityRun().write(tmp_path / "p.ndjson"), BenchRun().write(tmp_path / "b.ndjson")
    done = run("signoff", "--parity", files[0], "--bench", files[1], "--bench", check, "--out", tmp_path)
    assert done.returncode == ExitCode.FAIL
    assert "slower than rust on 1 recorded input" in done.stdout


def change(edit: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    """Damage a file line by line."""

    def damage(path: Path) -> None:
        path.write_text("".join(edit(path.read_text().splitlines(keepends=True))))

    return damage


def rewrite(line: int, **fields: object) -> Callable[[list[str]], list[str]]:
    def edit(lines: list[str]) -> list[str]:
        lines[line] = json.dumps({**json.loads(lines[line]), **fields}) + "\n"
        return lines

    return edit


def other_census(**fields: int) -> Callable[[list[str]], list[str]]:
    def edit(lines: list[str]) -> list[str]:
        census = json.loads(lines[-1])["census"]
        census[0].update(fields)
        return rewrite(-1, census=census)(lines)

    return edit


DAMAGES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "no header": (lambda lines: lines[1:], "has no header"),
    "no footer": (lambda lines: lines[:-1], "has no footer"),
    "cut inside a line": (lambda lines: [*lines[:-1], lines[-1][:40]], "cut off inside line"),
    "foreign format": (rewrite(0, format="driftcore span results"), "is not 'driftcore"),
    "later version": (rewrite(0, version=3), "is not 'driftcore"),
    "second header": (lambda lines: [lines[0], *lines], "a second `started`"),
    "no JSON": (lambda lines: [lines[0], "{\n", *lines[1:]], ":2: not JSON"),
    "unknown event": (
        lambda lines: [lines[0], '{"event": "crash"}\n', *lines[1:]],
        ":2: unknown event 'crash'",
    ),
    "no such field": (lambda lines: [lines[0].replace('"seed"', '"sede"'), *lines[1:]], "has no 'seed'"),
    "field of another kind": (rewrite(-1, seconds="2"), "'seconds' is not a finite number"),
}


@pytest.mark.parametrize("which", ["parity", "bench"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_unfit_by_name_and_leaves_no_report(tmp_path: Path, which: str, damage: str) -> None:
    files = {
        "parity": ONE_MISMATCH.write(tmp_path / "parity.ndjson"),
        "bench": BenchRun().write(tmp_path / "bench.ndjson"),
    }
    edit, complaint = DAMAGES[damage]
    change(edit)(files[which])
    for name in (JSON_NAME, PAGE_NAME):
        (tmp_path / name).write_text("of an earlier run")
    done = run("signoff", "--parity", files["parity"], "--bench", files["bench"], "--out", tmp_path)
    assert done.returncode == ExitCode.UNFIT
    assert done.stderr.startswith(f"UNFIT: {files[which]}") and complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "Make that file anew" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / JSON_NAME).exists() and not (tmp_path / PAGE_NAME).exists()


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (other_census(generated=1001), "the counts of normalize_json do not add up"),
        (other_census(both_value=901), "the counts of normalize_json do not add up"),
        (other_census(punted_value=901), "the counts of normalize_json do not add up"),
        (other_census(mismatches=1001), "the counts of normalize_json do not add up"),
        (other_census(mismatches=0), "the mismatches it lists are not those it counts"),
        (other_census(mismatches=2), "the mismatches it lists are not those it counts"),
        (rewrite(1, operation="deterministic_hash"), "the mismatches it lists are not those it counts"),
        (rewrite(1, operation="other"), "the mismatches it lists are not those it counts"),
        (rewrite(0, planned=9001), "9001 cases were planned, 9000 are counted"),
        (
            rewrite(0, operations=list(OPERATIONS)[1:]),
            "counts normalize_json, which its header does not announce",
        ),
        (rewrite(0, candidate="*native*"), "'candidate' is not a plain name"),
    ],
)
def test_parity_file_that_contradicts_itself_is_unfit(
    tmp_path: Path, edit: Callable[[list[str]], list[str]], complaint: str
) -> None:
    files = ONE_MISMATCH.write(tmp_path / "parity.ndjson"), BenchRun().write(tmp_path / "bench.ndjson")
    change(edit)(files[0])
    done = run("signoff", "--parity", files[0], "--bench", files[1], "--out", tmp_path)
    assert done.returncode == ExitCode.UNFIT
    assert complaint in done.stderr


def test_missing_file_is_unfit(tmp_path: Path) -> None:
    bench = BenchRun().write(tmp_path / "bench.ndjson")
    done = run("signoff", "--parity", tmp_path / "absent.ndjson", "--bench", bench, "--out", tmp_path)
    assert done.returncode == ExitCode.UNFIT
    assert "absent.ndjson: cannot be read" in done.stderr


def test_report_that_cannot_be_written_is_unfit_and_not_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    done = sign_off(tmp_path, ParityRun(), BenchRun())
    assert done.returncode == ExitCode.UNFIT
    assert "no report could be made" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["signoff"], ["signoff", "--parity", "p"], ["nothing"]])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert run(*arguments).returncode == ExitCode.USAGE


@pytest.mark.parametrize("arguments", [["--help"], ["signoff", "--help"]])
def test_help_teaches_with_an_example_and_the_exit_codes(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 0
    for words in ("python -m reports signoff --parity", "0 GO", "1 NO-GO", "3 INCONCLUSIVE", "4 UNFIT"):
        assert words in done.stdout


def test_report_does_not_hang_on_the_locale(tmp_path: Path) -> None:
    hostile = replace(samples.mismatch(FIRST), expected="str 'é'", input="payload_json='日本'")
    parity = replace(ONE_MISMATCH, mismatches=[hostile]).write(tmp_path / "p.ndjson")
    bench = BenchRun().write(tmp_path / "b.ndjson")
    plain = (("LC_ALL", "C"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONUTF8", "0"))
    done = run("signoff", "--parity", parity, "--bench", bench, "--out", tmp_path, environment=plain)
    assert done.returncode == ExitCode.FAIL, done.stderr
    assert "日本" in (tmp_path / PAGE_NAME).read_text(encoding="utf-8")


class Terminal:
    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def test_colour_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    judgement = Judgement(Verdict.NO_GO, "NO-GO: it differs.", ())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert emphasised(judgement, Terminal(False)) == "NO-GO: it differs."
    assert emphasised(judgement, Terminal(True)) == "\x1b[1;31mNO-GO\x1b[0m: it differs."
    monkeypatch.setenv("NO_COLOR", "1")
    assert emphasised(judgement, Terminal(True)) == "NO-GO: it differs."
