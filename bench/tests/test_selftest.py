"""The harness's test of itself: what makes a run unfit, and what does not."""

from __future__ import annotations

import random

from bench.claims import selftest
from bench.claims.judge import Verdict
from bench.events import LeftOut, SelfTest
from bench.pairs.rounds import Evidence
from parity.subjects.described import described

from . import made
from .scripted import ScriptedClock, subject

CLOCK = ScriptedClock()
NATIVE, REFERENCE = (described(subject(name, CLOCK, lambda: 1)) for name in ("native", "reference"))
TASKS = selftest.tasks(NATIVE, REFERENCE)


def found(again: float = 1.0, seen: float = 1.0, processes: int = 6, noise: float = 0.005) -> SelfTest:
    """A/A at the given ratio; plants of which the share `seen` shows."""
    source = random.Random(1)
    evidence = Evidence()
    for task in TASKS:
        share = float(task.against.partition(" slowed by ")[2].rstrip("%") or 0) / 100
        for process in range(1, processes + 1):
            ratio = (again if share == 0 else 1 + share * seen) * (1 + source.gauss(0, noise))
            evidence.add(task, made.sample(task, ratio, process))
    result = selftest.examine(TASKS, evidence)
    assert result is not None
    return result


def test_both_sides_are_held_against_themselves_and_four_slow_downs_planted() -> None:
    assert [task.against for task in TASKS if task.subject == "reference"] == ["reference again"] * 2
    assert [task.against for task in TASKS if "slowed" in task.against] == [
        f"native slowed by {share}%" for share in (2, 5, 10, 20)
    ]


def test_a_sound_harness_passes_and_shows_its_power() -> None:
    result = found()
    assert (result.verdict, result.explanation) == (Verdict.PASS, "")
    caught = {one.share: one.caught for one in result.planted}
    assert caught[0.05] and caught[0.10] and caught[0.20]
    curve = [one.power for one in result.planted if one.share > 0]
    assert curve == sorted(curve)  # type: ignore[type-var]
    assert result.noise_floor < 0.02 and 0 < result.smallest_seen < 0.02


def test_a_missed_plant_of_twenty_percent_is_unfit() -> None:
    result = found(seen=0.0)
    assert result.verdict == Verdict.UNFIT
    assert result.explanation == "a planted slow-down of 20% went unseen."


def test_noise_that_hides_small_plants_only_is_no_fault() -> None:
    result = found(noise=0.04)
    assert result.verdict == Verdict.PASS
    assert result.smallest_seen > 0.03


def test_a_difference_from_itself_is_unfit() -> None:
    result = found(again=1.05)
    assert result.verdict == Verdict.UNFIT
    assert "shows a difference that is not there, 1.0" in result.explanation
    assert found(again=0.95).verdict == Verdict.UNFIT
    assert found(again=1.01).verdict == Verdict.PASS, "within what A/A tolerates"


def test_a_test_that_did_not_run_is_unfit() -> None:
    evidence = Evidence()
    evidence.add(TASKS[0], LeftOut("normalize_json(rows-4k)", "native raises ValueError"))
    result = selftest.examine(TASKS, evidence)
    assert result is not None and result.verdict == Verdict.UNFIT
    assert "native raises ValueError" in result.explanation
    assert found(processes=5).verdict == Verdict.UNFIT


def test_subjects_without_a_common_operation_have_no_test() -> None:
    other = described(subject("other", CLOCK, lambda: 1, operation="deterministic_hash"))
    assert selftest.tasks(NATIVE, other) == []
    assert selftest.examine([], Evidence()) is None
