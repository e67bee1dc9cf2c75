"""Which contests a run consists of."""

from __future__ import annotations

import pytest

from bench import plan
from bench.pairs.inputs import Input
from bench.pairs.payloads import shapes
from bench.plan import Request, contests, make
from parity.operations import OPERATIONS
from parity.subjects import Subject, Unfit

from . import doubles
from .scripted import ScriptedClock, subject

QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"
NATIVE, RUST, SDK = (subject(name, ScriptedClock(), lambda: 1) for name in ("native", "rust", "sdk"))


def given(operation: str, size: int) -> Input:
    return Input("tiny", OPERATIONS[operation], size, lambda: ("{}",), True)


def against_of(inputs: list[Input], sdk_largest: int | None) -> list[tuple[str, str]]:
    opponents = [(NATIVE, RUST), (NATIVE, SDK)]
    return [(one.against.name, one.given.operation.name) for one in contests(inputs, opponents, sdk_largest)]


def test_the_sdk_is_timed_on_its_own_work_only() -> None:
    inputs = [given(name, 2) for name in OPERATIONS]
    found = against_of(inputs, None)
    assert {name for against, name in found if against == "sdk"} == plan.SDK_OPERATIONS
    assert {name for against, name in found if against == "rust"} == set(OPERATIONS)


def test_the_sdk_is_spared_large_inputs_unless_asked_for() -> None:
    inputs = [given("deterministic_hash", 10), given("deterministic_hash", 11)]
    assert [against for against, _ in against_of(inputs, 10)] == ["rust", "sdk", "rust"]
    assert [against for against, _ in against_of(inputs, None)] == ["rust", "sdk", "rust", "sdk"]


def test_shapes_by_default_and_everything_else_too() -> None:
    found = make(Request("", subjects=[QUICK], against=[SLOW]))
    assert not found.check and not found.whole
    assert {one.given.name for one in found.contests} == set(shapes())
    assert len(found.contests) == 9 * len(OPERATIONS) + 2


def test_recorded_inputs_make_a_check() -> None:
    operations = ["build_span_proto_bytes_pyobject"]
    found = make(Request("", [QUICK], [SLOW], operations, payloads=["recorded"]))
    assert found.check and not found.whole
    assert len(found.contests) == 420


def test_nobody_is_measured_against_himself() -> None:
    found = make(Request("", [QUICK, SLOW], [SLOW, QUICK], ["normalize_json"], ["empty"]))
    rivals = [(one.subject.name, one.against.name) for one in found.contests]
    assert rivals == [(QUICK, SLOW), (SLOW, QUICK)]


def loading(monkeypatch: pytest.MonkeyPatch, missing: set[str]) -> None:
    """Make `load` give doubles, except for what is missing."""

    def load(name: str) -> Subject:
        if name in missing:
            raise Unfit(f"{name}: cannot import")
        return subject(name, doubles.CLOCK, lambda: 1)

    monkeypatch.setattr(plan, "load", load)


def test_witnesses_by_default_may_be_missing_and_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    loading(monkeypatch, {"rust", "sdk"})
    found = make(Request(""))
    assert found.whole
    assert list(found.subjects) == ["native", "reference"]
    assert [one.what for one in found.left_out] == ["rust", "sdk"]


@pytest.mark.parametrize(
    ("request_", "missing"),
    [
        (Request(""), "native"),
        (Request(""), "reference"),
        (Request("", against=["rust"]), "rust"),
        (Request("", payloads=["recorded"]), "rust"),
    ],
)
def test_whoever_is_needed_or_asked_for_must_not_be_missing(
    request_: Request, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading(monkeypatch, {missing})
    with pytest.raises(Unfit, match=f"{missing}: cannot import"):
        make(request_)
