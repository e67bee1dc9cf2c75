"""The statistics, against known answers."""

from __future__ import annotations

import math
import random

import pytest

from bench.stats.order import exp, fewest_blocks, median_interval, rank


@pytest.mark.parametrize(
    ("count", "confidence", "expected"),
    [(6, 0.95, 1), (8, 0.95, 1), (9, 0.95, 2), (12, 0.95, 3), (20, 0.95, 6), (40, 0.95, 14), (8, 0.99, 1)],
)
def test_ranks_are_those_of_the_binomial_table(count: int, confidence: float, expected: int) -> None:
    assert rank(count, confidence) == expected


@pytest.mark.parametrize(("count", "confidence"), [(5, 0.95), (7, 0.99), (10, 0.999)])
def test_too_few_observations_have_no_interval(count: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=f"{count} observations are too few"):
        rank(count, confidence)


@pytest.mark.parametrize(("confidence", "expected"), [(0.95, 6), (0.99, 8), (0.999, 12)])
def test_fewest_blocks_are_even_and_the_fewest(confidence: float, expected: int) -> None:
    assert fewest_blocks(confidence) == expected
    rank(expected, confidence)
    with pytest.raises(ValueError, match="too few"):
        rank(expected - 2, confidence)


def test_interval_leaves_out_as_many_at_either_end() -> None:
    found = median_interval([5.0, 1.0, 9.0, 3.0, 7.0, 8.0, 2.0, 6.0, 4.0], 0.95)
    assert (found.median, found.low, found.high, found.count) == (5.0, 2.0, 8.0, 9)


@pytest.mark.parametrize("count", [6, 9, 20])
def test_interval_holds_the_true_median_as_often_as_it_says(count: int) -> None:
    """Of a skewed distribution, as times are: exponential, whose median is ln 2."""
    source = random.Random(count)
    held = 0
    for _ in range(2_000):
        found = median_interval([source.expovariate(1) for _ in range(count)], 0.95)
        held += found.low <= math.log(2) <= found.high
    assert held / 2_000 >= 0.95 - 0.015  # three standard deviations of a share of 2,000


def test_logarithms_turn_back_into_ratios() -> None:
    found = exp(median_interval([math.log(value) for value in (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)]))
    assert (found.median, found.low, found.high) == pytest.approx((5, 2, 8))
