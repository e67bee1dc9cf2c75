"""Verdicts on claims, from planted ratios, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

import pytest

from bench.claims import judge
from bench.claims.evidence import Measured, tasks
from bench.claims.judge import Verdict
from bench.claims.loader import Budget, Metric, Spec, Statistic
from bench.events import Counted, LeftOut
from bench.pairs.payloads import LADDER

from . import made

CLAIM = Spec(
    id="fast",
    sentence="It is fast.",
    metric=Metric.TIME,
    subject="native",
    reference="rust",
    at_least=True,
    bound=10.0,
    statistic=Statistic.GEOMETRIC_MEAN,
    operation="normalize_json",
    scenario=None,
    payloads=("empty", "rows-4k"),
    form=None,
    profile=None,
    seed=None,
    inputs=None,
    machine="any",
    budget=Budget.QUICK,
)
EVERY = replace(CLAIM, statistic=Statistic.EVERY)
CEILING = replace(EVERY, at_least=False, bound=2.5, reference="sha256", operation="deterministic_hash")
STEADY = (1.0, 1.0, 1.0, 1.0)
MEMORY = replace(
    CLAIM, metric=Metric.PEAK_MEMORY, reference="input", at_least=False, bound=4.0, payloads=("rows-4k",)
)


def measured(
    spec: Spec, *ratios: Sequence[float], blocks: Sequence[float] = STEADY, lost: Optional[int] = None
) -> Measured:
    """For each input of the claim the ratios of its processes; `lost` blocks of each are contaminated."""
    found = Measured()
    for task, series in zip(tasks(spec), ratios):
        for process, ratio in enumerate(series, start=1):
            sample = made.sample(task, ratio, process, blocks)
            found.pairs.add(task, replace(sample, contaminated=tuple(range(lost or 0))))
    return found


def verdict(spec: Spec, *ratios: Sequence[float]) -> str:
    return judge.judge(spec, measured(spec, *ratios)).verdict


def test_the_mean_is_geometric_and_taken_in_each_process() -> None:
    claim = judge.judge(CLAIM, measured(CLAIM, [2.0] * 6, [72.0] * 6))
    assert claim.verdict == Verdict.PASS
    assert claim.figure is not None and claim.figure.median == pytest.approx(12)
    assert claim.figure.count == 6


def test_verdicts_follow_from_the_processes() -> None:
    assert verdict(CLAIM, [11.0] * 6, [11.0] * 6) == Verdict.PASS
    assert verdict(CLAIM, [9.0] * 6, [9.0] * 6) == Verdict.FAIL
    assert verdict(CLAIM, [11.0] * 5 + [8.0], [11.0] * 5 + [8.0]) == Verdict.INCONCLUSIVE
    assert verdict(CLAIM, [11.0] * 5, [11.0] * 5) == Verdict.INCONCLUSIVE, "too few for a look"


def test_one_input_below_its_floor_fails_a_claim_about_every_one() -> None:
    claim = judge.judge(EVERY, measured(EVERY, [20.0] * 6, [9.0] * 6))
    assert claim.verdict == Verdict.FAIL
    assert claim.deciding == "rows-4k"
    assert "misses the bound by 10.0% on rows-4k" in claim.explanation


def test_one_open_input_keeps_such_a_claim_open() -> None:
    assert verdict(EVERY, [20.0] * 6, [10.5] * 5 + [9.9]) == Verdict.INCONCLUSIVE
    assert verdict(EVERY, [9.0] * 6, [10.5] * 5 + [9.9]) == Verdict.FAIL


def test_a_ceiling_is_on_the_cost() -> None:
    spec = replace(CEILING, payloads=("rows-4k",))
    claim = judge.judge(spec, measured(spec, [0.5] * 6))
    assert claim.verdict == Verdict.PASS and claim.figure is not None
    assert claim.figure.median == pytest.approx(2.0, rel=1e-5)
    assert judge.judge(spec, measured(spec, [0.3] * 6)).verdict == Verdict.FAIL


def test_a_claim_without_a_measurement_is_never_a_pass() -> None:
    claim = judge.judge(CLAIM, Measured())
    assert (claim.verdict, claim.figure) == (Verdict.INCONCLUSIVE, None)
    half = measured(CLAIM, [11.0] * 6)
    assert judge.judge(CLAIM, half).verdict == Verdict.INCONCLUSIVE


def test_why_there_is_no_measurement_is_told() -> None:
    found = measured(CLAIM, [], [11.0] * 6)
    found.pairs.add(tasks(CLAIM)[0], LeftOut("normalize_json(empty)", "rust raises ValueError"))
    claim = judge.judge(CLAIM, found)
    assert claim.verdict == Verdict.INCONCLUSIVE
    assert claim.explanation == "empty has no figure: rust raises ValueError."


def test_a_thirty_percent_slower_core_fails_by_name() -> None:
    """What passes with a little room passes no more when every call takes 1.3 times as long."""
    before = measured(EVERY, [10.8] * 6, [11.5] * 6)
    assert judge.judge(EVERY, before).verdict == Verdict.PASS
    after = judge.judge(EVERY, measured(EVERY, [10.8 / 1.3] * 6, [11.5 / 1.3] * 6))
    assert (after.id, after.verdict) == ("fast", Verdict.FAIL)


def test_the_dominant_variance_is_named() -> None:
    among = judge.judge(EVERY, measured(EVERY, [11.0] * 6, [8.0, 11.0, 12.0, 9.0, 11.0, 13.0]))
    assert "among processes" in among.explanation
    blocks = (0.5, 2.0, 0.6, 1.8, 1.0, 1.0)
    within = judge.judge(EVERY, measured(EVERY, [20.0] * 6, [10.1] * 5 + [9.9], blocks=blocks))
    assert "among the blocks within a process" in within.explanation
    busy = judge.judge(EVERY, measured(EVERY, [20.0] * 6, [10.1] * 5 + [9.9], lost=2))
    assert "busy machine (50% of the blocks lost their core)" in busy.explanation
    assert "run it again on an idle machine" in busy.explanation


def test_on_a_busy_machine_a_verdict_needs_more_room_on_either_side() -> None:
    def busy(ratio: float) -> str:
        found = measured(EVERY, [20.0] * 6, [ratio] * 6, lost=1)
        return judge.judge(EVERY, found).verdict

    assert [busy(ratio) for ratio in (10.5, 9.5)] == [Verdict.INCONCLUSIVE] * 2
    assert (busy(11.0), busy(9.0)) == (Verdict.PASS, Verdict.FAIL)
    assert busy(11.0 / 1.3) == Verdict.FAIL


def test_what_would_settle_it_is_named() -> None:
    far = judge.judge(EVERY, measured(EVERY, [20.0] * 6, [10.6, 9.9, 10.8, 10.7, 10.9, 10.6]))
    assert "processes would settle it (`--release` runs up to 24)" in far.explanation
    near = judge.judge(EVERY, measured(EVERY, [20.0] * 6, [10.01, 9.0, 11.0, 10.02, 9.9, 10.01]))
    assert "24 processes are too few to tell" in near.explanation


def test_exact_figures_decide_at_once() -> None:
    found = Measured(natives={"normalize_json/rows-4k": made.native("normalize_json/rows-4k", 9.0, 4_000)})
    assert judge.judge(MEMORY, found).verdict == Verdict.PASS
    claim = judge.judge(replace(MEMORY, bound=2.0), found)
    assert claim.verdict == Verdict.FAIL and "only other code settles it" in claim.explanation
    allocations = replace(MEMORY, metric=Metric.ALLOCATIONS, reference=None, bound=0.0)
    assert judge.judge(allocations, found).verdict == Verdict.PASS
    instructions = replace(MEMORY, metric=Metric.INSTRUCTIONS, bound=12.0)
    assert judge.judge(instructions, found).verdict == Verdict.INCONCLUSIVE
    found.counted["normalize_json/rows-4k"] = Counted("normalize_json/rows-4k", 40_000.0, (4, 24), (0, 1))
    assert judge.judge(instructions, found).verdict == Verdict.PASS


def test_whole_processes_are_judged_run_by_run() -> None:
    spec = replace(CLAIM, metric=Metric.PROCESS_TIME, scenario="replay", reference="python", bound=3.5)
    found = Measured(processes={"replay": made.process()})
    assert judge.judge(spec, found).verdict == Verdict.PASS
    assert judge.judge(replace(spec, bound=4.5), found).verdict == Verdict.FAIL


def ladder(exponent_gain: float) -> Measured:
    """The subject is faster throughout, by less and less when the gain is negative."""
    spec = growth_claim()
    found = Measured()
    for task, size in zip(tasks(spec), LADDER):
        for process in range(1, 7):
            ratio = 50.0 * (size / 32) ** exponent_gain
            sample = replace(made.sample(task, 1.0, process), size=size)
            times = tuple(round(1_000_000 * ratio) for _ in sample.subject_ns)
            found.pairs.add(task, replace(sample, against_ns=times))
    return found


def growth_claim() -> Spec:
    return replace(
        CLAIM,
        statistic=Statistic.GROWTH,
        reference="reference",
        payloads=("keys",),
        at_least=False,
        bound=0.2,
    )


def test_a_core_that_wins_at_every_size_but_loses_in_the_long_run_fails() -> None:
    assert judge.judge(growth_claim(), ladder(0.0)).verdict == Verdict.PASS
    losing = judge.judge(growth_claim(), ladder(-0.4))
    assert losing.verdict == Verdict.FAIL
    assert losing.figure is not None and losing.figure.median == pytest.approx(0.4, abs=0.01)
    assert "loses on large input" in losing.explanation


def test_claims_are_told_whether_they_hold_together() -> None:
    one, two = made.claim(id="one"), made.claim(id="two")
    failed = made.claim("FAIL", "three")
    found = judge.together([one, two, failed], [0.001, 0.04, 0.9])
    assert [claim.together for claim in found] == [True, True, None]
    assert [claim.together for claim in judge.together([one, two], [0.001, 0.06])] == [True, False]


def test_more_processes_are_wanted_only_while_they_can_settle_something() -> None:
    assert judge.is_open(EVERY, measured(EVERY, [20.0] * 6, [10.1] * 5 + [9.9]))
    assert not judge.is_open(EVERY, measured(EVERY, [9.0] * 6, [10.1] * 5 + [9.9])), "it has failed"
    assert not judge.is_open(EVERY, measured(EVERY, [11.0] * 6, [11.0] * 6))
    assert not judge.is_open(EVERY, Measured()), "nothing will come"
