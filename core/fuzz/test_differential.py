"""The target `differential` without Atheris: its corpus agrees, a liar does not, findings can be replayed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from parity.judge import Pair
from parity.lookup import cases_named
from parity.operations import OPERATIONS
from parity.subjects import load

from . import corpora, differential, targets

INPUTS = [one for file in corpora.files_of(differential.NAME) for one in corpora.load(file)]


def test_native_and_reference_agree_on_every_input_of_the_corpus() -> None:
    subjects = differential.pair()
    found = [differential.disagreement(differential.case_of(data), subjects) for data in INPUTS]
    assert [one for one in found if one] == []


def test_the_corpus_has_inputs_for_every_operation() -> None:
    counted = Counter(differential.case_of(data).operation.name for data in INPUTS)
    assert set(counted) == set(OPERATIONS)
    assert min(counted.values()) >= 10


def test_the_corpus_is_small() -> None:
    assert sum(file.stat().st_size for file in corpora.files_of(differential.NAME) if file.exists()) < 300_000


def test_a_candidate_that_lies_is_found_by_the_corpus() -> None:
    subjects = Pair(load("reference"), load("liar:sorted-keys"))
    cases = [differential.case_of(data) for data in INPUTS]
    assert any(differential.disagreement(case, subjects) for case in cases if not subjects.lacking(case))


def test_bytes_name_their_case() -> None:
    data = differential.seed(3)
    first, second = differential.case_of(data), differential.case_of(data)
    assert first.id == second.id
    assert first.arguments() == second.arguments()


def test_a_finding_becomes_a_case_that_can_be_replayed(tmp_path: Path) -> None:
    data = next(one for one in INPUTS if differential.case_of(one).operation.name == "normalize_json")
    found = tmp_path / "crash-of-a-test"
    found.write_bytes(data)
    kept = differential.keep(found)
    (case,) = cases_named(str(kept))
    assert case.operation.name == "normalize_json"
    assert case.arguments() == differential.case_of(data).arguments()
    assert str(kept) in targets.again(differential.NAME, kept)
