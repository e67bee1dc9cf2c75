"""The verdict follows from evidence and policy, and each reason says where its evidence stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.claims.loader import load
from bench.events import Void
from driftgate.base.checkout import Commit
from driftgate.base.exit_codes import ExitCode
from parity.operations import OPERATIONS
from reports.checks import CheckVerdict
from reports.document import SignOff
from reports.policy import POLICY, BadPolicy, read_policy
from reports.reasons import Place, Verdict
from reports.signoff import judged, sign_off

from . import samples
from .samples import BenchRun, Folder, ParityRun, claim, golden_check, lane, self_test

CLEAN = Commit("0123456789abcdef0123456789abcdef01234567", 0)


def document(folder: Folder, path: Path, level: str = "signoff") -> SignOff:
    return sign_off(folder.write(path), level)


def test_a_complete_clean_folder_is_go(tmp_path: Path) -> None:
    judgement = document(Folder(), tmp_path).judgement
    assert judgement.verdict is Verdict.GO
    assert judgement.verdict.exit_code is ExitCode.PASS
    assert judgement.sentence.startswith("GO: this build may be a release candidate; native equals reference")
    assert {reason.place for reason in judgement.reasons} >= {Place.CENSUS, Place.CLAIMS, Place.PROVENANCE}


def _claims(**verdicts: str) -> Folder:
    return Folder(claims=BenchRun(verdicts={name.replace("_", "-"): one for name, one in verdicts.items()}))


def _failed_self_test() -> Folder:
    specs = [spec for spec in load() if spec.budget.value == "quick"]
    return Folder(claims=BenchRun(events=[self_test("UNFIT"), *map(claim, specs)]))


def _unsteady(subject: str) -> Folder:
    shaky = {"cases": 1500, "unsteady": [{"subject": subject, "case": "g2:x", "operation": "normalize_json"}]}
    return Folder(ParityRun(changed_footer={"steadiness": shaky}))


def _finding() -> Folder:
    finding = {"kind": "never fired", "entry": "rust-order", "text": "rust-order never fired"}
    return Folder(ParityRun(changed_footer={"findings": [finding]}))


@pytest.mark.parametrize(
    ("folder", "verdict", "place", "says"),
    [
        (samples.no_go, Verdict.NO_GO, Place.CLUSTERS, "differs from reference in 80 of"),
        (samples.inconclusive, Verdict.INCONCLUSIVE, Place.CENSUS, "100,000 are needed"),
        (_finding, Verdict.NO_GO, Place.LEDGER, "rust-order never fired"),
        (lambda: _unsteady("native"), Verdict.NO_GO, Place.TRUST, "native contradicts itself"),
        (lambda: _unsteady("reference"), Verdict.UNFIT, Place.TRUST, "reference contradicts itself"),
        (lambda: _claims(hash_rust_mean="FAIL"), Verdict.NO_GO, Place.CLAIMS, "not kept: hash-rust-mean"),
        (
            lambda: _claims(hash_rust_mean="INCONCLUSIVE"),
            Verdict.INCONCLUSIVE,
            Place.CLAIMS,
            "open: hash-rust",
        ),
        (_failed_self_test, Verdict.UNFIT, Place.TRUST, "failed its test of itself"),
        (lambda: Folder(claims=None), Verdict.INCONCLUSIVE, Place.CLAIMS, "no claim"),
        (lambda: Folder(claims=BenchRun(events=[])), Verdict.INCONCLUSIVE, Place.CLAIMS, "were not measured"),
        (lambda: Folder(recorded=None), Verdict.INCONCLUSIVE, Place.RECORDED, "recorded inputs"),
        (lambda: Folder(checks=()), Verdict.INCONCLUSIVE, Place.CHECKS, "not checked: golden vectors"),
        (
            lambda: Folder(checks=(golden_check(verdict=CheckVerdict.FAIL, summary="1 failed"),)),
            Verdict.NO_GO,
            Place.CHECKS,
            "golden vectors: 1 failed",
        ),
        (lambda: Folder(checks=(golden_check("99" * 32),)), Verdict.UNFIT, Place.PROVENANCE, "another build"),
        (lambda: Folder(claims=BenchRun(sha256="99" * 32)), Verdict.UNFIT, Place.PROVENANCE, "another build"),
        (lambda: Folder(ParityRun(candidate_sha256="99" * 32)), Verdict.UNFIT, Place.PROVENANCE, "no wheel"),
    ],
)
def test_what_is_wrong_decides_and_is_named(
    tmp_path: Path, folder: Callable[[], Folder], verdict: Verdict, place: Place, says: str
) -> None:
    judgement = document(folder(), tmp_path).judgement
    assert judgement.verdict is verdict
    matching = [one for one in judgement.reasons if one.place is place and one.verdict is verdict]
    assert any(says in reason.text for reason in matching), [one.text for one in judgement.reasons]


def test_slower_on_recorded_inputs_is_no_go(tmp_path: Path) -> None:
    slow = samples.pair("normalize_json", "rust", 0.5, "recorded:1")
    judgement = document(Folder(recorded=BenchRun(check=True, events=[slow])), tmp_path).judgement
    assert judgement.verdict is Verdict.NO_GO
    assert "slower than rust on 1 of 1 recorded input" in judgement.sentence


def test_every_operation_but_an_optional_one_needs_a_recorded_input(tmp_path: Path) -> None:
    """An optional operation is this project's own: there is nobody to be timed against."""
    events = [
        samples.pair(name, "rust", 9.0, "recorded:1")
        for name, operation in OPERATIONS.items()
        if not operation.optional
    ]
    for kept, lacking in ((events, ""), (events[1:], "no recorded input was timed for normalize_json")):
        judgement = document(Folder(recorded=BenchRun(check=True, events=kept)), tmp_path).judgement
        texts = [one.text for one in judgement.reasons if one.place is Place.RECORDED]
        assert [text for text in texts if "no recorded" in text] == [lacking] * bool(lacking)


def test_a_void_comparison_is_no_go(tmp_path: Path) -> None:
    void = Void("normalize_json rows-4k", "outputs differ at $")
    judgement = document(Folder(claims=BenchRun(events=[void])), tmp_path).judgement
    assert judgement.verdict is Verdict.NO_GO


def test_few_values_of_its_own_are_no_evidence(tmp_path: Path) -> None:
    census = [lane(name, values=20_000) for name in OPERATIONS]
    census[3] = lane(tuple(OPERATIONS)[3], values=20_000, punted_value=19_900)
    judgement = document(Folder(ParityRun(census=census)), tmp_path).judgement
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert any("only 100 comparisons rest on values of native's own" in one.text for one in judgement.reasons)


def test_a_release_needs_more_than_a_sign_off(tmp_path: Path) -> None:
    reopened = document(Folder(), tmp_path)
    dirty = judged(reopened.evidence, "release", POLICY, Commit(CLEAN.id, 3), "now").judgement
    texts = " ".join(reason.text for reason in dirty.reasons)
    assert dirty.verdict is Verdict.INCONCLUSIVE
    for lacking in (
        "1,000,000 are needed",
        "not checked: all tests, hardening, mutation score",
        "3 changed",
        "other versions",
    ):
        assert lacking in texts
    clean = judged(reopened.evidence, "release", POLICY, CLEAN, "now").judgement
    assert not any("changed" in reason.text for reason in clean.reasons)


def test_the_same_evidence_gives_the_same_document(tmp_path: Path) -> None:
    evidence = document(samples.no_go(), tmp_path).evidence
    once, twice = (judged(evidence, "signoff", POLICY, CLEAN, "now") for _ in range(2))
    assert once == twice


def test_the_policy_is_read_strictly(tmp_path: Path) -> None:
    text = POLICY.read_text(encoding="utf-8")
    for broken in (
        text.replace("own_values = 200", "own_value = 200"),
        text.replace("format = 1", "format = 2"),
    ):
        path = tmp_path / "policy.toml"
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(BadPolicy, match=r"policy\.toml"):
            read_policy(path)


def test_a_level_of_less_is_met_by_more() -> None:
    levels = read_policy()
    assert levels["gate"].cases <= levels["signoff"].cases <= levels["release"].cases
    assert replace(levels["gate"], operations="all").required_operations(("a", "b")) == ("a", "b")


def test_a_broken_harness_does_not_hide_what_another_found(tmp_path: Path) -> None:
    folder = samples.no_go()
    folder.checks = (golden_check(verdict=CheckVerdict.UNFIT, summary="not built"),)
    judgement = document(folder, tmp_path).judgement
    assert judgement.verdict is Verdict.NO_GO
    assert any(reason.verdict is Verdict.UNFIT for reason in judgement.reasons)
