"""`parity corpus`: what is kept replaces nothing, and a choice that is cut off leaves the corpus alone."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from parity import corpus as corpora
from parity.cases import Case
from parity.cli import main
from parity.commands import corpus
from parity.generate import GENERATOR_VERSION
from parity.lookup import cases_named
from parity.operations import OPERATIONS
from parity.saved_case import load_regressions
from reports.tests import samples

INPUT = f"g{GENERATOR_VERSION}:everyday:0:0"
CASE = f"{INPUT}:normalize_json"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(corpus, "REGRESSIONS", tmp_path / "kept")
    return tmp_path / "kept"


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.rglob("*"))


def test_a_case_is_kept_under_its_name(kept: Path) -> None:
    assert main(["corpus", "add", CASE, "sign-of-zero", "--note", "why"]) is ExitCode.PASS
    (case,) = load_regressions(kept)
    assert (case.id, case.arguments()) == ("regression:sign-of-zero", cases_named(CASE)[0].arguments())


@pytest.mark.parametrize("name", ["taken", "linked"])
def test_a_name_that_is_taken_is_refused(name: str, kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept.mkdir()
    (kept / "taken.json").write_text("mine")
    (kept / "linked.json").symlink_to("elsewhere.json")
    assert main(["corpus", "add", CASE, name]) is ExitCode.USAGE
    assert f"{name}.json is there already" in capsys.readouterr().err
    assert names(kept) == ["linked.json", "taken.json"]
    assert (kept / "taken.json").read_text() == "mine"


def test_of_several_cases_all_are_kept_or_none(kept: Path) -> None:
    kept.mkdir()
    (kept / "all-deterministic_hash.json").write_text("mine")
    assert main(["corpus", "add", INPUT, "all"]) is ExitCode.USAGE
    assert names(kept) == ["all-deterministic_hash.json"]
    (kept / "all-deterministic_hash.json").unlink()
    assert main(["corpus", "add", INPUT, "all"]) is ExitCode.PASS
    assert len(names(kept)) == len(cases_named(INPUT)) > 5


@pytest.mark.parametrize("number", ["0", "4", "999999999"])
def test_a_cause_that_a_run_has_not_is_refused(
    number: str, kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = samples.no_go().write(tmp_path / "folder") / "parity.ndjson"
    assert main(["corpus", "add", number, "new", "--run", str(run)]) is ExitCode.USAGE
    assert f"has 3 causes, no number {number}" in capsys.readouterr().err
    assert not kept.exists()


def test_a_cause_whose_input_was_not_saved_is_refused(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = samples.no_go().write(tmp_path / "folder") / "parity.ndjson"
    assert main(["corpus", "add", "1", "new", "--run", str(run)]) is ExitCode.USAGE
    assert "holds an object that cannot be saved" in capsys.readouterr().err
    assert not kept.exists()


def test_an_object_that_cannot_be_saved_is_told(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = Case("odd", "own", OPERATIONS["normalize_json"], lambda: (asdict,))
    monkeypatch.setattr(corpus, "cases_named", lambda name: [odd])
    assert main(["corpus", "add", "odd", "new"]) is ExitCode.UNFIT
    assert "no kind for function" in capsys.readouterr().err
    assert not kept.exists()


def test_a_choice_that_is_cut_off_leaves_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "corpus.gz"
    path.write_bytes(b"as it was")
    monkeypatch.setattr(corpus, "save_corpus", partial(corpora.save_corpus, path=path))

    def cut_off(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(corpora, "features", cut_off)
        assert main(["corpus", "distill", "--cases", "10"]) is ExitCode.INCONCLUSIVE
    assert (path.read_bytes(), names(tmp_path)) == (b"as it was", ["corpus.gz"])
    assert main(["corpus", "distill", "--cases", "10"]) is ExitCode.PASS
    assert (len(corpora.load_corpus(path)) >= 8, names(tmp_path)) == (True, ["corpus.gz"])
