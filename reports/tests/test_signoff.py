"""`reports signoff DIR`: reports of one verdict stand together; what goes wrong leaves the earlier ones."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bench import history
from bench.history import Point, Run
from bench.stats.order import Estimate
from driftgate.base.checkout import commit_of, git
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.files import alone_in
from driftgate.base.result_file import ResultFile
from parity.operations import OPERATIONS
from reports import bundle
from reports.bundle import WRITTEN
from reports.checks import CheckVerdict
from reports.cli import main
from reports.endtoend_results import ENDTOEND_FORMAT
from reports.evidence import Evidence, read_folder
from reports.signoff import sign_off
from reports.verify import verify

from . import samples

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = samples.brief().write(tmp_path_factory.mktemp("signed"))
    assert main(["signoff", str(folder)]) is ExitCode.FAIL
    return folder


@pytest.fixture
def folder(signed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed, tmp_path / "folder"))


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def code_of(*arguments: str) -> Any:
    try:
        return main(["signoff", *arguments])
    except SystemExit as refused:
        return refused.code


def agreeing(evidence: Evidence, shards: Sequence[dict[str, Any]], wheels: Path) -> list[str]:
    return []


@pytest.mark.parametrize(
    "wrong",
    [
        ["--level", "nope"],
        ["--policy", "/nowhere.toml"],
        ["--policy", str(ROOT)],
        ["--nonsense"],
        ["more"],
    ],
)
def test_what_is_mistyped_leaves_the_earlier_reports(
    folder: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(folder)
    assert code_of(str(folder), *wrong) == ExitCode.USAGE
    assert capsys.readouterr().err.count("\n") == 1
    assert state(folder) == before


def test_a_policy_that_is_none_leaves_the_earlier_reports_and_is_unfit(folder: Path) -> None:
    before = state(folder)
    assert code_of(str(folder), "--policy", str(ROOT / "tox.ini")) == ExitCode.UNFIT
    assert state(folder) == before


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("absent", "file"):
        assert code_of(str(tmp_path / name)) == ExitCode.USAGE
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_evidence_that_cannot_be_judged_leaves_the_earlier_reports_and_says_whose_they_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "harden.ndjson.part").write_text("")
    before = state(folder)
    assert code_of(str(folder)) == ExitCode.UNFIT
    said = capsys.readouterr().err
    assert "harden.ndjson.part: is left of a run" in said
    assert f"{folder} still holds the sign-off of " in said and said.endswith(": NO-GO\n")
    assert state(folder) == before


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/the/disk")


@pytest.mark.parametrize(
    "where", ["reports.bundle.html_page", "reports.bundle.statement", "pathlib.Path.write_bytes"]
)
def test_a_report_that_cannot_be_made_or_written_leaves_all_earlier_ones(
    folder: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(folder)
    with monkeypatch.context() as patched:
        patched.setattr(where, full)
        assert code_of(str(folder), "--level", "gate") == ExitCode.UNFIT
    assert state(folder) == before


def test_reports_are_replaced_together_and_verify(folder: Path) -> None:
    (folder / "history.jsonl").write_text(
        '{"commit": "c", "at": "t", "claims": {}}\n'
    )  # of an earlier judgement
    before = state(folder)
    assert code_of(str(folder), "--level", "gate") == ExitCode.FAIL
    after = state(folder)
    assert "history.jsonl" not in after
    for name in ("signoff.json", "signoff.md", "signoff.html", "manifest.json", "attestation.json"):
        assert after[name] != before[name]
    assert all(after[name] == before[name] for name in after if name not in WRITTEN)
    found = verify(folder, 0.0, 1, rerun=agreeing)
    assert found.code is ExitCode.PASS, found.sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [("junit.xml", "<testsuites/>"), ("signoff.md", "# mine\n"), ("policy.toml", "[tool]\n")],
)
def test_a_file_of_somebody_that_has_the_name_of_a_report_is_refused(
    folder: Path, name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text(text)
    before = state(folder)
    assert code_of(str(folder)) == ExitCode.USAGE
    assert f"{name} is no file of a sign-off" in capsys.readouterr().err
    assert state(folder) == before


def test_other_files_of_a_folder_are_left_and_covered(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    assert code_of(str(folder)) == ExitCode.FAIL
    assert (folder / "notes.txt").read_text() == "mine"
    assert verify(folder, 0.0, 1, rerun=agreeing).code is ExitCode.PASS


def test_of_two_at_once_the_second_is_refused(folder: Path) -> None:
    before = state(folder)
    with alone_in(folder):
        assert code_of(str(folder)) == ExitCode.USAGE
    assert state(folder) == before


def test_a_folder_among_the_sources_is_no_source(folder: Path, tmp_path: Path) -> None:
    """A sign-off into reports/night must not find itself changed."""
    root = tmp_path / "checkout"
    place = root / "reports" / "night"
    hidden = root / "reports" / ".night.abcdefgh.new"
    for path in (place / "signoff.md", hidden / "signoff.md", root / "reports" / "code.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    assert bundle.sources_of(root, (place,)) == ["reports/code.py"]
    bundle.write(sign_off(folder, "signoff"), folder, root=root, place=place)
    shutil.rmtree(place)
    shutil.copytree(folder, place)
    assert verify(place, 0.0, 1, root=root, rerun=agreeing).code is ExitCode.PASS


def endtoend(path: Path, *comparisons: tuple[str, int, int], counted: int | None = None) -> Path:
    with ResultFile(path, ENDTOEND_FORMAT) as out:
        out.write("started", {"apps": ["shop"], "against": "python", "paths": ["native", "rust"]})
        for which, spans, differing in comparisons:
            fields = {"app": "shop", "path": which, "spans": spans, "differing": differing}
            out.write("comparison", {**fields, "fields": {}, "first": "GET /: name" * bool(differing)})
        out.write("finished", {"comparisons": len(comparisons) if counted is None else counted})
    return path


@pytest.mark.parametrize(
    ("comparisons", "verdict"),
    [
        ([("native", 40, 0), ("rust", 40, 9)], CheckVerdict.PASS),
        ([("native", 40, 1)], CheckVerdict.FAIL),
        ([("rust", 40, 0)], CheckVerdict.INCONCLUSIVE),
    ],
)
def test_what_end_to_end_found_is_a_check(
    folder: Path, comparisons: list[tuple[str, int, int]], verdict: CheckVerdict
) -> None:
    endtoend(folder / "endtoend.ndjson", *comparisons)
    [check] = [one for one in read_folder(folder).checks if one.group == "end to end"]
    assert check.verdict is verdict
    assert code_of(str(folder)) == ExitCode.FAIL


def test_damaged_end_to_end_results_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endtoend(folder / "endtoend.ndjson", ("native", 40, 0), counted=2)
    assert code_of(str(folder)) == ExitCode.UNFIT
    assert "2 comparisons are counted, 1 are there" in capsys.readouterr().err


def _own(folder: samples.Folder) -> None:
    pass


def _foreign_candidate(folder: samples.Folder) -> None:
    folder.parity.changed_header = {"plan": plan(candidate="theirs")}


def _foreign_reference(folder: samples.Folder) -> None:
    folder.parity.changed_header = {"plan": plan(reference="theirs")}


def _foreign_timing(folder: samples.Folder) -> None:
    folder.claims = samples.BenchRun(events=[], candidate="theirs")


def plan(**changed: str) -> dict[str, object]:
    fields = {
        "reference": "reference",
        "candidate": "native",
        "seed": 7,
        "cases": 100_000,
        "timeout": 5.0,
        "memory": 2 << 30,
    }
    return {**fields, "operations": list(OPERATIONS), **changed}


@pytest.mark.parametrize(
    ("change", "kept"), [(_own, 1), (_foreign_candidate, 0), (_foreign_reference, 0), (_foreign_timing, 0)]
)
def test_the_history_shown_is_that_of_the_pair_that_is_judged(
    tmp_path: Path, change: Callable[[samples.Folder], None], kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(
        "c" * 40,
        "2026-11-24",
        "make",
        True,
        "ab" * 32,
        {"x": Point("PASS", "ratio", Estimate(2.0, 1.9, 2.1, 6))},
    )
    monkeypatch.setattr(history, "read", lambda kind: [run])
    folder = samples.brief()
    change(folder)
    document = sign_off(folder.write(tmp_path), "signoff")
    assert len(document.evidence.history) == kept


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (
            "python -m bench run --out /x/.out.abcdefgh.new/bench.ndjson",
            "python -m bench run --out DIR/bench.ndjson",
        ),
        ("python -m bench run --out '/a b/bench.ndjson' -v", "python -m bench run --out DIR/bench.ndjson -v"),
        (
            "python -m pytest --junitxml=/tmp/work/tests.xml core",
            "python -m pytest --junitxml=tests.xml core",
        ),
        ("make harden", "make harden"),
        ("it's not closed", "it's not closed"),
    ],
)
def test_commands_to_reproduce_name_no_folder_that_is_gone(tmp_path: Path, command: str, shown: str) -> None:
    folder = samples.brief()
    folder.checks = (replace(samples.golden_check(), command=command),)
    assert shown in sign_off(folder.write(tmp_path), "signoff").commands


def test_the_commit_is_the_checkouts_own_in_a_hook_of_another_repository(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = commit_of(ROOT)
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert code_of(str(folder)) == ExitCode.FAIL
    found = json.loads((folder / "signoff.json").read_text())["commit"]
    assert found == (None if right is None else asdict(right))


def test_why_no_commit_is_known_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def silent(*_: object) -> str:
        raise Unfit("git rev-parse: fatal: detected dubious ownership in repository at '/x'")

    monkeypatch.setattr("driftgate.base.checkout.git", silent)
    assert code_of(str(folder)) == ExitCode.FAIL
    assert json.loads((folder / "signoff.json").read_text())["commit"] is None
    said = capsys.readouterr().err
    assert said.startswith("note: ") and ("dubious ownership" in said or "not the top of a checkout" in said)
