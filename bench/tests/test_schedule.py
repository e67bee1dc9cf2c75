"""Who goes first: balanced, random, and the same for the same seed."""

from __future__ import annotations

import pytest

from bench.pairs.schedule import subject_first


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_each_side_goes_first_as_often_after_every_two_blocks(seed: str) -> None:
    orders = subject_first(40, seed)
    assert len(orders) == 40
    assert all(orders[at] != orders[at + 1] for at in range(0, 40, 2))


def test_same_seed_gives_same_orders_in_every_version() -> None:
    assert "".join("AB"[not first] for first in subject_first(12, "0")) == "ABBAABBAABAB"


def test_seeds_give_different_orders() -> None:
    assert len({tuple(subject_first(40, str(seed))) for seed in range(20)}) == 20


def test_order_is_random_and_not_one_pattern_repeated() -> None:
    orders = subject_first(40, "0")
    assert 0 < sum(orders[::2]) < 20


def test_an_odd_number_of_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be balanced"):
        subject_first(7, "0")
