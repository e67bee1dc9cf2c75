"""Two sign-offs compared: what is new, gone, moved, and whether anything got worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from reports import bundle
from reports.checks import CheckVerdict
from reports.cli import main
from reports.diff import Diff, compare
from reports.signoff import sign_off

from . import samples
from .samples import BenchRun, Folder, cluster, golden_check


def diff(old: Folder, new: Folder, path: Path) -> Diff:
    return compare(
        *(sign_off(one.write(path / name), "signoff") for name, one in (("old", old), ("new", new)))
    )


def with_causes(*numbers: int) -> Folder:
    folder = samples.brief()
    folder.parity.clusters = [cluster(number, count=20) for number in numbers]
    return folder


def test_the_same_twice_is_nothing_worse(tmp_path: Path) -> None:
    found = diff(samples.brief(), samples.brief(), tmp_path)
    assert found.code is ExitCode.PASS
    assert not found.moved
    assert found.sentence == "NO-GO → NO-GO: nothing got worse."


def test_causes_that_are_new_and_gone_are_told_apart(tmp_path: Path) -> None:
    found = diff(with_causes(1, 2), with_causes(2, 3), tmp_path)
    assert [one.title for one in found.new_causes] == [cluster(3).title]
    assert [one.title for one in found.gone_causes] == [cluster(1).title]
    assert found.code is ExitCode.FAIL


def test_a_claim_that_fell_is_worse_and_one_that_rose_is_not(tmp_path: Path) -> None:
    broken = Folder(claims=BenchRun(verdicts={"hash-rust-mean": "FAIL"}))
    fell = diff(Folder(), broken, tmp_path / "fell")
    assert [(one.new.id, one.better) for one in fell.moved] == [("hash-rust-mean", False)]
    assert "the verdict was GO" in fell.sentence
    rose = diff(broken, Folder(), tmp_path / "rose")
    assert [(one.new.id, one.better) for one in rose.moved] == [("hash-rust-mean", True)]
    assert rose.code is ExitCode.PASS


def test_times_of_other_machines_are_not_compared(tmp_path: Path) -> None:
    found = diff(Folder(), Folder(claims=BenchRun(cpu="Processor 9000")), tmp_path)
    assert not found.comparable
    assert not found.moved


def test_a_check_that_no_longer_passes_is_worse(tmp_path: Path) -> None:
    red = samples.brief()
    red.checks = (golden_check(verdict=CheckVerdict.FAIL),)
    assert "1 check no longer pass, first golden vectors" in diff(samples.brief(), red, tmp_path).sentence


def test_the_command_writes_both_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, folder in (("old", with_causes(1)), ("new", with_causes(2))):
        bundle.write(sign_off(folder.write(tmp_path / name), "signoff"), tmp_path / name)
    arguments = ["diff", str(tmp_path / "old"), str(tmp_path / "new")]
    assert main([*arguments, "--out", str(tmp_path / "out")]) is ExitCode.FAIL
    assert '<h1><span class="mark">Something got worse' in (tmp_path / "out" / "diff.html").read_text()
    capsys.readouterr()
    assert main(arguments) is ExitCode.FAIL
    assert capsys.readouterr().out == (tmp_path / "out" / "diff.md").read_text()
