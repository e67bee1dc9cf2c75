"""The one formatter of numbers."""

from __future__ import annotations

import pytest

from driftgate.base import figures


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (0.0712, "0.0712"),
        (0.1, "0.100"),
        (1, "1.00"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (45.67, "45.7"),
        (99.96, "100"),
        (999.6, "1,000"),
        (1234.5, "1,234"),
        (1_250_000.0, "1,250,000"),
    ],
)
def test_three_digits_or_all_before_the_point(value: float, expected: str) -> None:
    assert figures.significant(value) == expected


@pytest.mark.parametrize(
    ("ns", "expected"),
    [(0.5, "0.500 ns"), (96.1, "96.1 ns"), (1_930, "1.93 µs"), (2.5e6, "2.50 ms"), (1.2e10, "12.0 s")],
)
def test_a_time_alone_has_its_own_unit(ns: float, expected: str) -> None:
    assert figures.duration(ns) == expected


def test_a_row_has_the_unit_of_its_shortest_time() -> None:
    unit = figures.unit_for([1_930, 96.1, 310])
    assert (unit.name, unit.text(96.1), unit.text(1_930)) == ("ns", "96.1", "1,930")


@pytest.mark.parametrize(
    ("count", "expected"),
    [(2, "2 B"), (999, "999 B"), (4_020, "4.02 KB"), (256_000, "256 KB"), (2.57e6, "2.57 MB")],
)
def test_sizes(count: int, expected: str) -> None:
    assert figures.size(count) == expected


def test_counts_have_their_plural() -> None:
    assert (figures.count(1, "input"), figures.count(5_213, "input")) == ("1 input", "5,213 inputs")
