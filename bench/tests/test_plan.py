"""Which claims a run judges, and what it measures for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

import pytest

from bench.claims.loader import Metric
from bench.pairs import limits
from bench.pairs.tasks import GENERATED, LADDER, PAIR
from bench.plan import Plan, Request, make
from driftgate.base.exit_codes import Unfit
from parity.operations import OPERATIONS
from parity.subjects import Subject, described

from . import doubles
from .scripted import subject

QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubles in place of the installed subjects; `rust` may be taken away."""

    def load(name: str) -> Subject:
        if name == "missing":
            raise Unfit(f"{name}: cannot import")
        return subject(name, doubles.CLOCK, lambda: 1)

    monkeypatch.setattr(described, "load", load)
    monkeypatch.setattr(limits, "load", lambda name: None)


def made(
    against: Optional[Sequence[str]] = None,
    operations: Optional[Sequence[str]] = None,
    payloads: Optional[Sequence[str]] = None,
    candidate: str = "native",
    release: bool = False,
) -> Plan:
    return make(Request("", candidate, against, operations, payloads, release=release))


def ids(found: Plan) -> set[str]:
    return {spec.id for spec in found.specs}


def test_a_whole_run_judges_every_claim_of_its_budget() -> None:
    found = made()
    assert found.whole and found.looks == (6, 12)
    assert {spec.budget.value for spec in found.skipped} <= {"release"}
    release = made(release=True)
    assert release.looks == (6, 12, 24) and not release.skipped
    assert len(release.specs) == len(found.specs) + len(found.skipped)


def test_every_task_a_claim_needs_is_measured() -> None:
    found = made()
    from bench.claims import evidence

    assert {task for spec in found.specs for task in evidence.tasks(spec)} <= set(found.tasks)


def test_against_one_rival_the_claims_about_it_and_the_limits_are_judged() -> None:
    found = made(against=["rust"])
    assert not found.whole
    assert {spec.reference for spec in found.specs} == {"rust", *limits.NAMES}
    assert {"normalize-rust-mean", "normalize-rust-least", "normalize-orjson", "hash-sha256"} <= ids(found)
    assert all(spec.metric is Metric.TIME for spec in found.specs)


def test_on_some_payloads_only_claims_that_need_no_other_are_judged() -> None:
    found = made(payloads=["rows-92k"])
    assert ids(found) == {"export-object-copy"}
    assert {task.input.partition("+")[0] for task in found.tasks} == {"rows-92k"}
    assert {task.role for task in found.tasks} == {PAIR}


def test_on_one_operation_only_its_claims_are_judged() -> None:
    found = made(operations=["normalize_json"])
    assert {spec.operation for spec in found.specs} == {"normalize_json"}
    assert {task.operation for task in found.tasks} == {"normalize_json"}
    assert {task.role for task in found.tasks} == {PAIR, LADDER, GENERATED}


def test_another_candidate_takes_the_place_of_native() -> None:
    found = made(candidate="mine", against=["rust"])
    assert {spec.subject for spec in found.specs} == {"mine"}
    assert {task.subject for task in found.tasks} == {"mine"}
    assert all(spec.metric is Metric.TIME for spec in made(candidate="mine").specs)


def test_every_operation_meets_every_shape_that_suits_it() -> None:
    found = made(against=["rust"])
    met = {(task.operation, task.input) for task in found.tasks if task.role == PAIR}
    assert {operation for operation, _ in met} == set(OPERATIONS)
    rivals = {task.operation for task in found.tasks if task.against == "rust"}
    assert "export_span" not in rivals, "it is optional, and this rival has it not"
    assert ("process_export_payload", "merges-8k") in met and ("normalize_json", "merges-8k") not in met
    assert ("build_span_proto_bytes_pyobject", "rows-4k+struct_bytes") in met


def test_recorded_inputs_make_a_check_without_claims() -> None:
    found = made(against=[SLOW], candidate=QUICK, payloads=["recorded"], operations=[BUILD])
    assert found.check and not found.specs and not found.looks
    assert len(found.recorded) == 420


def test_a_check_against_a_rival_asks_for_no_operation_it_does_not_have() -> None:
    met = {given.operation.name for given in made(against=["rust"], payloads=["recorded"]).recorded}
    assert met == set(OPERATIONS) - {"export_span"}


BUILD = "build_span_proto_bytes_pyobject"


def test_a_subject_that_cannot_be_loaded_is_unfit() -> None:
    with pytest.raises(Unfit, match="missing: cannot import"):
        made(against=["missing"])


def test_limits_that_are_not_built_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> None:
        raise Unfit("the limits in C are not built")

    monkeypatch.setattr(limits, "load", load)
    (left_out,) = made(against=["rust"]).left_out
    assert left_out.unfit and left_out.reason == "the limits in C are not built"
