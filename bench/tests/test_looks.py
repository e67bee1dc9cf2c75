"""The verdict rule: known answers, and what it does in the long run on drawn data."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from bench.stats.looks import RANKS, Side, below, decide, interval, last_look, sign_test, spent


def test_the_looks_together_spend_less_than_five_percent() -> None:
    assert spent(tuple(RANKS)) == pytest.approx(1 / 64 + 79 / 4096 + 0.01133, abs=1e-4)
    assert spent(tuple(RANKS)) < 0.05


@pytest.mark.parametrize(("count", "rank", "chance"), [(6, 1, 1 / 64), (12, 3, 79 / 4096), (5, 1, 1 / 32)])
def test_chances_are_those_of_the_binomial_table(count: int, rank: int, chance: float) -> None:
    assert below(count, rank) == pytest.approx(chance)


def test_six_processes_must_all_keep_a_floor() -> None:
    assert decide([5.1] * 6, 5, at_least=True) is Side.KEPT
    assert decide([5.1] * 5 + [4.9], 5, at_least=True) is Side.OPEN
    assert decide([4.9] * 6, 5, at_least=True) is Side.BROKEN


def test_of_twelve_two_may_miss_it() -> None:
    assert decide([5.1] * 10 + [4.9] * 2, 5, at_least=True) is Side.KEPT
    assert decide([5.1] * 9 + [4.9] * 3, 5, at_least=True) is Side.OPEN
    assert decide([4.9] * 10 + [5.1] * 2, 5, at_least=True) is Side.BROKEN


def test_a_ceiling_is_a_floor_turned_around() -> None:
    assert decide([1.9] * 6, 2, at_least=False) is Side.KEPT
    assert decide([2.1] * 6, 2, at_least=False) is Side.BROKEN
    assert decide([1.9] * 5 + [2.1], 2, at_least=False) is Side.OPEN


def test_exactly_at_the_bound_is_kept() -> None:
    assert decide([5.0] * 6, 5, at_least=True) is Side.KEPT
    assert decide([5.0] * 6, 5, at_least=False) is Side.KEPT


def test_evidence_before_the_first_look_decides_nothing() -> None:
    assert decide([9.0] * 5, 5, at_least=True) is Side.OPEN


def test_evidence_between_two_looks_is_not_used() -> None:
    """Else one could go on measuring until it pleases."""
    assert decide([5.1] * 6 + [4.0] * 5, 5, at_least=True) is Side.KEPT
    assert last_look(11) == 6


def test_interval_lies_between_the_ranks_that_decide() -> None:
    found = interval([float(value) for value in range(1, 13)])
    assert (found.low, found.median, found.high, found.count) == (3.0, 6.5, 10.0, 12)


def test_sign_test_known_answers() -> None:
    assert sign_test([6.0] * 6, 5, at_least=True) == pytest.approx(1 / 64)
    assert sign_test([6.0] * 10 + [4.0] * 2, 5, at_least=True) == pytest.approx(79 / 4096)
    assert sign_test([], 5, at_least=True) == 1.0


def skewed(source: random.Random) -> float:
    """Whose median is 0; one process in ten is slow by far, as on a shared machine."""
    noise = source.gauss(0, 0.01)
    return noise + (source.expovariate(5) * math.copysign(1, noise) if source.random() < 0.1 else 0)


def run_to_the_end(draw: Callable[[], float], bound: float) -> Side:
    """Looking after 6, 12 and 24 processes and stopping as soon as it is settled."""
    values: list[float] = []
    for look in RANKS:
        values += [draw() for _ in range(look - len(values))]
        side = decide(values, bound, at_least=True)
        if side is not Side.OPEN:
            return side
    return Side.OPEN


def shares(truth: float, runs: int = 4_000) -> dict[Side, float]:
    source = random.Random(f"{truth}")
    found = [run_to_the_end(lambda: math.exp(math.log(truth) + skewed(source)), 5.0) for _ in range(runs)]
    return {side: found.count(side) / runs for side in Side}


def test_a_claim_just_short_of_its_bound_passes_in_fewer_than_one_run_of_twenty() -> None:
    assert shares(4.999)[Side.KEPT] < 0.05


def test_a_claim_just_at_its_bound_fails_in_fewer_than_one_run_of_twenty() -> None:
    assert shares(5.001)[Side.BROKEN] < 0.05


def test_a_claim_with_room_passes_and_one_far_off_fails() -> None:
    assert shares(5.3, 500)[Side.KEPT] > 0.95
    assert shares(4.7, 500)[Side.BROKEN] > 0.95


@pytest.mark.parametrize("look", RANKS)
def test_interval_holds_the_true_median_as_often_as_it_says(look: int) -> None:
    source = random.Random(look)
    held = 0
    for _ in range(2_000):
        found = interval([skewed(source) for _ in range(look)])
        held += found.low <= 0 <= found.high
    assert held / 2_000 >= 1 - 2 * below(look, RANKS[look]) - 0.012
