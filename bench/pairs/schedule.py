"""Who goes first in each block.

Blocks of A and B adjacent, in random order and balanced, make whatever drifts slowly
(clock frequency, other load, cache contents) act on both sides alike.
Source: A. Abedi, T. Brecht, "Conducting Repeatable Experiments in Highly Variable Cloud
Computing Environments", ICPE 2017 (randomised multiple interleaved trials).
"""

from __future__ import annotations

import random


def subject_first(blocks: int, seed: str) -> list[bool]:
    """For each block whether the subject goes before what it is measured against.

    Of the blocks 0 and 1 one goes either way, of 2 and 3 likewise, and so on: an even number
    of blocks is balanced, and stays so however far the run got.  The same seed gives the
    same orders in every version of Python.
    """
    if blocks % 2:
        raise ValueError(f"an odd number of blocks, {blocks}, cannot be balanced")
    source = random.Random(seed)
    orders: list[bool] = []
    for _ in range(blocks // 2):
        first = source.random() < 0.5
        orders += (first, not first)
    return orders
