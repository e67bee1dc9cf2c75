"""The choices a generator makes, behind one small interface.

`SeededSource` draws them from a Mersenne Twister through `getrandbits` alone, the
one method whose results are the same on every Python version and platform.
"""

from __future__ import annotations

import hashlib
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Source(ABC):
    """Where choices come from.  Small answers mean simple cases, so a shrinking source may prefer them."""

    @abstractmethod
    def bits(self, count: int) -> int:
        """An int from 0 to 2**count - 1."""

    @abstractmethod
    def below(self, limit: int) -> int:
        """An int from 0 to limit - 1; `limit` is from 1 to 2**32."""

    def pick(self, items: Sequence[T]) -> T:
        """One of the items; put the plainest first."""
        return items[self.below(len(items))]

    def between(self, lowest: int, highest: int) -> int:
        """An int from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, one_in: int) -> bool:
        """True once in `one_in` draws."""
        return self.below(one_in) == one_in - 1

    def more(self, average: int) -> bool:
        """Whether another item follows: yes `average` times on average, asked until the first no."""
        return self.below(average + 1) > 0


class SeededSource(Source):
    """Choices from a seed that is any text, the same text giving the same choices everywhere."""

    def __init__(self, seed: str) -> None:
        number = int.from_bytes(hashlib.blake2b(seed.encode("utf-8"), digest_size=16).digest(), "big")
        self._draw = random.Random(number).getrandbits

    def bits(self, count: int) -> int:
        return self._draw(count) if count else 0

    def below(self, limit: int) -> int:
        # The product's upper half: one draw, and a bias below 2**-24 for the limits in use.
        return self._draw(32) * limit >> 32
