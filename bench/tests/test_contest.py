"""One measurement: what is called in which order, what comes out, and when there is nothing to time."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bench.events import LeftOut, Sample, Void
from bench.pairs import schedule
from bench.pairs.contest import (
    Contest,
    Settings,
    against_call_ns,
    log_ratios,
    measure,
    ratio,
    subject_call_ns,
)
from parity.subjects import Subject

from .scripted import ScriptedClock, contest, given, subject

BRIEF = Settings(blocks=10, batch_ns=100_000)


def sample(found: object) -> Sample:
    assert isinstance(found, Sample)
    return found


def test_ratio_is_that_of_the_costs() -> None:
    clock = ScriptedClock()
    found = sample(measure(contest(clock, 1_000, 5_000), "0", clock, BRIEF))
    assert ratio(found) == pytest.approx(5)
    assert (subject_call_ns(found), against_call_ns(found)) == (1_000, 5_000)
    assert (found.subject, found.against, len(log_ratios(found))) == ("native", "reference", 10)


def test_both_sides_get_equal_time_not_equal_calls() -> None:
    clock = ScriptedClock()
    found = sample(measure(contest(clock, 1_000, 5_000), "0", clock, BRIEF))
    assert (found.subject_calls, found.against_calls) == (100, 20)
    assert set(found.subject_ns) == set(found.against_ns) == {100_000}


def test_blocks_run_adjacent_in_the_order_of_the_schedule() -> None:
    clock = ScriptedClock()
    found = sample(measure(contest(clock, 50_000, 100_000), "7", clock, BRIEF))
    expected = schedule.subject_first(10, "7/normalize_json(tiny)/native against reference")
    assert found.subject_first == tuple(expected)
    batches = {True: ["native"] * 2 + ["reference"], False: ["reference"] + ["native"] * 2}
    timed = list(itertools.chain.from_iterable(batches[first] for first in expected))
    after = ["reference", "native"]
    assert clock.calls[-len(timed) - 2 :] == timed + after


def test_same_seed_gives_the_same_measurement() -> None:
    def once(seed: int) -> Sample:
        clock = ScriptedClock()
        # Whether this test's own process lost its core is no part of the measurement.
        return replace(sample(measure(contest(clock), str(seed), clock, BRIEF)), contaminated=())

    assert once(3) == once(3)
    assert once(3).subject_first != once(4).subject_first


def test_a_machine_that_slows_down_leaves_the_ratio_as_it_is() -> None:
    clock = ScriptedClock()

    def slowing(ns: float) -> float:
        return ns * (1 + clock.now / 2e6)

    drifting = Contest(
        subject("native", clock, lambda: slowing(1_000)),
        subject("reference", clock, lambda: slowing(5_000)),
        given(),
    )
    found = sample(measure(drifting, "0", clock, Settings(blocks=40, batch_ns=20_000)))
    assert max(found.subject_ns) > 1.5 * min(found.subject_ns)
    assert ratio(found) == pytest.approx(5, rel=0.03)


def test_slow_calls_get_fewer_blocks_but_never_fewer_than_asked_for() -> None:
    clock = ScriptedClock()
    settings = Settings(blocks=40, fewest=6, budget_ns=100_000_000)

    def blocks(against_ns: float) -> int:
        return len(sample(measure(contest(clock, 1e6, against_ns), "0", clock, settings)).subject_first)

    assert (blocks(5e6), blocks(50e6)) == (10, 6)


def test_calls_beyond_the_limit_are_left_out() -> None:
    clock = ScriptedClock()
    found = measure(contest(clock, 1e6, 200e6), "0", clock, BRIEF)
    assert found == LeftOut(
        "normalize_json(tiny)", "native against reference, a call takes too long to repeat it"
    )


def answering(clock: ScriptedClock, names: tuple[str, str], answers: tuple[object, object]) -> Contest:
    one, other = (
        subject(name, clock, lambda: 1_000, lambda text, answer=answer: answer)
        for name, answer in zip(names, answers)
    )
    return Contest(one, other, given())


@pytest.mark.parametrize("names", [("native", "reference"), ("reference", "native")])
def test_unequal_outputs_are_void_where_they_have_to_be_equal(names: tuple[str, str]) -> None:
    clock = ScriptedClock()
    found = measure(answering(clock, names, ("[1]", "[2]")), "0", clock, BRIEF)
    assert isinstance(found, Void)
    assert found.what == f"normalize_json(tiny), {names[0]} against {names[1]}"
    assert found.difference == "outputs differ at $ offset 1: value"
    assert len(clock.calls) == 2, "nothing is timed"


@pytest.mark.parametrize("answers", [(1, 1.0), (0.0, -0.0), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_outputs_that_only_compare_equal_are_void(answers: tuple[object, object]) -> None:
    clock = ScriptedClock()
    found = measure(answering(clock, ("native", "reference"), answers), "0", clock, BRIEF)
    assert isinstance(found, Void)


def test_outputs_that_part_during_timing_are_void() -> None:
    clock = ScriptedClock()
    calls = itertools.count()
    turning = Contest(
        subject("native", clock, lambda: 1_000, lambda text: "early" if next(calls) < 50 else "late"),
        subject("reference", clock, lambda: 1_000, lambda text: "early"),
        given(),
    )
    found = measure(turning, "0", clock, BRIEF)
    assert isinstance(found, Void)
    assert found.difference.startswith("after timing, outputs differ")


def test_a_subject_that_changes_its_arguments_is_found_out_after_timing() -> None:
    clock = ScriptedClock()

    def careless(payload: object) -> object:
        assert isinstance(payload, list)
        payload.append(1)
        return len(payload) > 5

    changing = Contest(
        subject("native", clock, lambda: 1_000, careless),
        subject("reference", clock, lambda: 1_000, lambda payload: False),
        given(lambda: ([],)),
    )
    assert isinstance(measure(changing, "0", clock, BRIEF), Void)


def test_unequal_outputs_of_others_are_labelled_and_timed() -> None:
    clock = ScriptedClock()
    found = sample(measure(answering(clock, ("native", "rust"), ("[1]", "[2]")), "0", clock, BRIEF))
    assert found.difference == "outputs differ at $ offset 1: value"
    assert sample(measure(contest(clock, names=("native", "rust")), "0", clock, BRIEF)).difference is None


def refusing(text: str) -> object:
    raise ValueError("no")


def raising(clock: ScriptedClock, names: tuple[str, str], both: bool) -> Contest:
    one = subject(names[0], clock, lambda: 1_000, refusing if both else lambda text: text)
    return Contest(one, subject(names[1], clock, lambda: 1_000, refusing), given())


def test_an_error_of_one_side_is_void_where_both_have_to_be_equal() -> None:
    clock = ScriptedClock()
    assert isinstance(measure(raising(clock, ("native", "reference"), False), "0", clock, BRIEF), Void)


def test_errors_are_left_out() -> None:
    clock = ScriptedClock()
    one = measure(raising(clock, ("native", "rust"), False), "0", clock, BRIEF)
    assert one == LeftOut("normalize_json(tiny)", "native against rust, rust raises ValueError")
    two = measure(raising(clock, ("native", "reference"), True), "0", clock, BRIEF)
    assert isinstance(two, LeftOut)
    assert two.reason.endswith("native raises ValueError and reference raises ValueError")


def test_an_operation_that_a_side_lacks_is_left_out() -> None:
    clock = ScriptedClock()
    lacking = Subject("mine", {}, contest(clock).subject.provenance)
    found = measure(Contest(lacking, contest(clock).against, given()), "0", clock, BRIEF)
    assert found == LeftOut("normalize_json(tiny)", "mine has no normalize_json")


def test_a_limit_gets_arguments_of_its_own_and_its_output_is_not_compared() -> None:
    clock = ScriptedClock()
    seen: list[object] = []
    limit = subject("limit", clock, lambda: 500, lambda data: seen.append(data))
    held = Contest(
        subject("native", clock, lambda: 1_000), limit, given(), for_against=given(lambda: (b"{}",))
    )
    found = sample(measure(held, "0", clock, BRIEF))
    assert set(seen) == {b"{}"}
    assert found.difference is None and ratio(found) == pytest.approx(0.5)


def test_a_call_that_was_slow_only_once_is_timed() -> None:
    clock = ScriptedClock()
    costs = itertools.chain([500e6], itertools.repeat(1_000))
    disturbed = Contest(
        subject("native", clock, lambda: next(costs)), subject("reference", clock, lambda: 1_000), given()
    )
    assert ratio(sample(measure(disturbed, "0", clock, BRIEF))) == pytest.approx(1)
