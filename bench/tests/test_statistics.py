"""The other statistics, against known answers and drawn data."""

from __future__ import annotations

import math
import random

import pytest

from bench.stats.changes import change_points
from bench.stats.growth import break_even, exponent
from bench.stats.multiplicity import holm
from bench.stats.power import power, smallest_seen
from bench.stats.summary import geometric_mean, quantile, worst_decile
from bench.stats.variance import processes_needed, spread


def test_holm_known_answer() -> None:
    """R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.6, 0.9]) == [1.0, 1.0]


def test_geometric_mean_of_inverses_is_the_inverse() -> None:
    assert geometric_mean([2.0, 8.0]) == pytest.approx(4)
    assert geometric_mean([1 / 2, 1 / 8]) == pytest.approx(1 / 4)


def test_quantiles_are_values_that_occurred() -> None:
    values = [float(value) for value in range(1, 21)]
    assert worst_decile(values) == 2.0
    assert quantile(values, 0.5) == 10.0
    assert worst_decile([7.0]) == 7.0


def drawn(processes: float, blocks: float, count: int = 200) -> list[list[float]]:
    source = random.Random(1)
    return [
        [offset + source.gauss(0, blocks) for _ in range(20)]
        for offset in (source.gauss(0, processes) for _ in range(count))
    ]


def test_variance_is_told_apart_by_level() -> None:
    among = spread(drawn(processes=0.05, blocks=0.02))
    assert among.processes == pytest.approx(0.05, rel=0.15)
    assert among.processes > among.blocks
    within = spread(drawn(processes=0.0, blocks=0.2))
    assert within.blocks > within.processes
    assert within.blocks == pytest.approx(0.2 * math.sqrt(math.pi / 2 / 20), rel=0.1)


def test_processes_needed_grow_with_the_square_of_the_noise() -> None:
    assert processes_needed(0.02, 0.02) == 7
    assert processes_needed(0.04, 0.02) == pytest.approx(4 * 6.03, abs=1)
    with pytest.raises(ValueError, match="never settled"):
        processes_needed(0.02, 0.0)


NOISE = [random.Random(2).gauss(0, 0.01) for _ in range(40)] + [-0.4, -0.3]


def test_power_at_no_effect_is_the_false_alarm_rate() -> None:
    assert power(NOISE, 0.0, 6) < 0.03
    assert power(NOISE, 0.0, 12) < 0.035


def test_power_rises_with_the_effect_and_with_the_processes() -> None:
    curve = [power(NOISE, effect, 6) for effect in (0.0, 0.02, 0.05, 0.2)]
    assert curve == sorted(curve) and curve[-1] > 0.7
    assert power(NOISE, 0.01, 24) > power(NOISE, 0.01, 6)


def test_smallest_seen_is_where_the_power_reaches_what_is_wanted() -> None:
    calm = [random.Random(3).gauss(0, 0.01) for _ in range(40)]
    found = smallest_seen(calm, 12)
    assert power(calm, found, 12) >= 0.8 > power(calm, found - 0.002, 12)


def test_too_few_processes_have_no_power() -> None:
    with pytest.raises(ValueError, match="too few"):
        power(NOISE, 0.1, 5)


@pytest.mark.parametrize("true", [0.5, 1.0, 1.3, 2.0])
def test_exponent_of_a_power_law_is_found(true: float) -> None:
    sizes = [32.0 * 4**step for step in range(6)]
    assert exponent(sizes, [3 * size**true for size in sizes]) == pytest.approx(true)


def test_fixed_cost_of_a_call_hardly_bends_the_exponent() -> None:
    sizes = [32.0 * 4**step for step in range(6)]
    assert exponent(sizes, [100 + size for size in sizes]) == pytest.approx(1, abs=0.06)


def test_break_even_is_where_the_ratio_stays_above_one() -> None:
    assert break_even([10, 100, 1000], [0.5, 2.0, 4.0]) == pytest.approx(math.sqrt(1000))
    assert break_even([10, 100, 1000], [2.0, 0.5, 2.0]) == pytest.approx(math.sqrt(100_000))
    assert break_even([10, 100, 1000], [1.0, 2.0, 3.0]) == 10
    assert break_even([10, 100, 1000], [3.0, 2.0, 0.9]) is None


def noisy(levels: list[tuple[float, int]], seed: int = 4) -> list[float]:
    source = random.Random(seed)
    return [level * math.exp(source.gauss(0, 0.01)) for level, count in levels for _ in range(count)]


def test_a_step_is_found_where_it_is() -> None:
    pytest.importorskip("ruptures")
    assert change_points(noisy([(10, 8), (12, 8)])) == [8]
    assert change_points(noisy([(10, 8), (12, 6), (9, 6)])) == [8, 14]


def test_noise_an_odd_run_and_a_standstill_are_no_change() -> None:
    pytest.importorskip("ruptures")
    assert sum(bool(change_points(noisy([(10, 20)], seed))) for seed in range(100)) <= 3
    odd = noisy([(10, 20)])
    odd[11] = 13
    assert change_points(odd) == []
    assert change_points([10.0] * 12) == []


def test_a_short_series_has_no_steps() -> None:
    assert change_points([1.0, 2.0, 3.0]) == []
