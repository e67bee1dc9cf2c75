"""A folder is read whole or refused, by the name of the file that is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from driftgate.base.checkout import Commit
from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import DamagedResults, Format, ResultFile
from reports import markdown_page
from reports.checks import CheckVerdict, write_checks
from reports.cli import main
from reports.evidence import read_folder
from reports.policy import POLICY
from reports.reasons import Reason, Verdict
from reports.signoff import judged, sign_off

from . import samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return samples.no_go().write(tmp_path)


def test_a_complete_folder_is_read(folder: Path) -> None:
    evidence = read_folder(folder)
    assert evidence.parity.total.mismatches == 80
    assert [source.kind for source in evidence.sources] == ["bench", "checks", "parity", "bench"]
    assert len(evidence.wheels) == 2
    assert evidence.claims is not None
    assert evidence.recorded is not None


def _cut(folder: Path) -> None:
    path = folder / "parity.ndjson"
    path.write_bytes(path.read_bytes()[:-300])


def _without_footer(folder: Path) -> None:
    path = folder / "parity.ndjson"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def _one_byte(folder: Path) -> None:
    path = folder / "bench.ndjson"
    path.write_text(path.read_text().replace('"steal_ms": 12.0', '"steal_ms": 13.0', 1))


def _foreign(folder: Path) -> None:
    with ResultFile(folder / "other.ndjson", Format("somebody else's results", 1)) as out:
        out.write("started", {})
        out.write("finished", {})


def _twice(folder: Path) -> None:
    shutil.copyfile(folder / "parity.ndjson", folder / "again.ndjson")


def _two_runs(folder: Path) -> None:
    samples.ParityRun(candidate_sha256="99" * 32).write(folder / "second.ndjson")


def _no_run(folder: Path) -> None:
    (folder / "parity.ndjson").unlink()


def _left_over(folder: Path) -> None:
    (folder / "recorded.ndjson.part").write_text("{}")


def _shards_of_another(folder: Path) -> None:
    samples.ParityRun(changed_header={"shards": 3}).write(folder / "parity.ndjson")


def _counts_of_another(folder: Path) -> None:
    samples.ParityRun(changed_footer={"census": []}).write(folder / "parity.ndjson")


def _older_version(folder: Path) -> None:
    samples.ParityRun(format=Format("driftcore parity results", 1)).write(folder / "parity.ndjson")


def _no_wheel(folder: Path) -> None:
    (folder / "wheels" / "driftcore-0.1.0-py3-none-any.whl").write_bytes(b"PK, but no more")


def _check_twice(folder: Path) -> None:
    write_checks(samples.golden_check(seconds=9.0), folder / "check-1.ndjson")


@pytest.mark.parametrize(
    ("damage", "named", "because"),
    [
        (_cut, "parity.ndjson", "cut off"),
        (_without_footer, "parity.ndjson", "no footer"),
        (_one_byte, "bench.ndjson", "was changed after it was written"),
        (_foreign, "other.ndjson", "which is none of"),
        (_twice, "parity.ndjson", "is the same as"),
        (_two_runs, "second.ndjson", "a second file of parity results"),
        (_no_run, "no results of a parity run", "python -m parity run"),
        (_left_over, "recorded.ndjson.part", "cut off"),
        (_shards_of_another, "parity.ndjson", "3 shards were planned"),
        (_counts_of_another, "parity.ndjson", "cases were planned"),
        (_older_version, "parity.ndjson", "version 3"),
        (_no_wheel, "driftcore-0.1.0-py3-none-any.whl", "cannot be read as a wheel"),
        (_check_twice, "golden vectors", "twice"),
    ],
)
def test_what_is_wrong_is_refused_by_name_with_exit_4(
    folder: Path, damage: Callable[[Path], None], named: str, because: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(folder)
    with pytest.raises(DamagedResults) as refused:
        read_folder(folder)
    assert named in str(refused.value)
    assert because in str(refused.value)
    assert main(["signoff", str(folder)]) is ExitCode.UNFIT
    assert named in capsys.readouterr().err
    assert not (folder / "signoff.json").exists()


def test_a_seal_cannot_be_left_out(folder: Path) -> None:
    path = folder / "parity.ndjson"
    lines = path.read_text().splitlines()
    footer = json.loads(lines[-1])
    del footer["sha256"]
    path.write_text("\n".join([*lines[:-1], json.dumps(footer)]) + "\n")
    with pytest.raises(DamagedResults, match="no digest"):
        read_folder(folder)


def harden(folder: Path, commit: str | None, changed_files: int = 0, finding: str = "it broke") -> None:
    line = {
        "name": "asan",
        "topic": "sanitizers",
        "purpose": "no overread",
        "verdict": "fail",
        "seconds": 61.5,
        "figures": {"tests": 900},
        "findings": [finding],
    }
    with ResultFile(folder / "harden.ndjson", Format("driftcore-harden", 1)) as out:
        out.write("started", {"checks": ["asan"], "commit": commit, "changed_files": changed_files})
        out.write("check", line)
        out.write("finished", {"fail": 1})


def test_hardening_is_read_as_checks_and_belongs_to_a_commit(folder: Path) -> None:
    harden(folder, "0" * 40, 2, "heap-buffer-overflow in core/src/reader.c:88")
    evidence = read_folder(folder)
    [run] = [one for one in evidence.check_runs if one.command == "make harden"]
    assert run.commit == "0" * 40 + "+"
    assert run.checks[0].findings[0].text == "heap-buffer-overflow in core/src/reader.c:88"


HERE, ELSEWHERE = "0123456789abcdef0123456789abcdef01234567", "9" * 40
"""The commit of the benches of `samples`, and another one."""


def of_commits(folder: Path, level: str, checkout: Commit | None) -> list[Reason]:
    judgement = judged(read_folder(folder), level, POLICY, checkout, "now").judgement
    found = [one for one in judgement.reasons if "commit" in one.text]
    assert not any(one.voids for one in found) or judgement.verdict is Verdict.UNFIT
    return found


@pytest.mark.parametrize("level", ["gate", "signoff", "release"])
@pytest.mark.parametrize("checkout", [Commit(HERE, 0), Commit(ELSEWHERE, 0), None])
def test_evidence_of_two_commits_is_unfit(folder: Path, level: str, checkout: Commit | None) -> None:
    harden(folder, ELSEWHERE)
    first = of_commits(folder, level, checkout)[0]
    assert (first.verdict, first.voids) == (Verdict.UNFIT, True)
    assert first.text == (
        "the evidence is of several commits: the timing of claims, the timing of recorded inputs of "
        f"{HERE[:12]}; make harden of {ELSEWHERE[:12]}"
    )


def test_evidence_of_another_commit_is_unfit_where_the_level_asks_for_a_commit(folder: Path) -> None:
    harden(folder, HERE)
    texts = [one.text for one in of_commits(folder, "release", Commit(ELSEWHERE, 0)) if one.voids]
    assert [text.partition(" was run")[0] for text in texts] == [
        "the timing of claims",
        "the timing of recorded inputs",
        "make harden",
    ]
    assert texts[2].endswith(f"another commit ({HERE[:12]}) than that of the checkout ({ELSEWHERE[:12]})")
    [other] = of_commits(folder, "signoff", Commit(ELSEWHERE, 0))
    assert (other.verdict, other.text) == (
        Verdict.INCONCLUSIVE,
        f"make harden was run on another commit ({HERE[:12]})",
    )
    assert of_commits(folder, "release", Commit(HERE, 0)) == []


def test_evidence_of_a_changed_checkout_is_no_evidence_of_a_commit(folder: Path) -> None:
    harden(folder, HERE, changed_files=1)
    [first] = of_commits(folder, "release", Commit(HERE, 0))
    assert first.verdict is Verdict.INCONCLUSIVE
    assert first.text == "make harden was run on changed files, so not on the commit"
    assert of_commits(folder, "signoff", Commit(HERE, 3)) == []


def test_both_figures_of_coverage_stand_side_by_side_in_the_report(folder: Path) -> None:
    def line(name: str, share: float) -> dict[str, object]:
        figures = {"C branches": 2900, "% of C branches": share, "reference lines": 480}
        return {"name": name, "topic": "coverage", "purpose": "p", "verdict": "pass", "seconds": 1.0,
                "figures": figures, "findings": []}  # fmt: skip

    names = ["coverage-campaign", "coverage-all"]
    with ResultFile(folder / "harden.ndjson", Format("driftcore-harden", 1)) as out:
        out.write("started", {"checks": names, "commit": None, "changed_files": 0})
        for name, share in zip(names, (83.3, 98.25)):
            out.write("check", line(name, share))
        out.write("finished", {"pass": 2})
    page = markdown_page.page(sign_off(folder, "signoff"))
    assert "| C branches | 2,900 | 83.30 % | 98.25 % |" in page
    assert "| reference lines | 480 | – | – |" in page


def test_the_mutation_score_is_read_as_a_check_with_its_survivors(folder: Path) -> None:
    mutant = {
        "file": "core/src/keys.c",
        "line": 7,
        "function": "keys_sort",
        "kind": "operator",
        "before": "<",
    }
    fates = [
        {**mutant, "after": "<=", "end": "survived", "equivalent": None},
        {**mutant, "after": ">", "end": "differs", "equivalent": None},
        {**mutant, "after": "!=", "end": "survived", "equivalent": "the same for unequal keys"},
    ]
    with ResultFile(folder / "mutation.ndjson", Format("driftcore-mutation", 3)) as out:
        out.write("started", {"commit": None, "all_mutants": True})
        for fate in fates:
            out.write("mutant", fate)
        counts = {"mutants": 3, "caught": 1, "equivalent": 1, "survived": 1, "share": 0.5}
        counts["share_of_comparison"] = 0.5
        out.write("finished", {**counts, "seconds_to_catch_half": 0.1})
    [check] = [one for one in read_folder(folder).checks if one.group == "mutation"]
    assert check.verdict is CheckVerdict.FAIL
    assert [(one.file, one.line) for one in check.findings] == [("core/src/keys.c", 7)]
