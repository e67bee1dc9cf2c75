"""The choices a generator makes, behind one small interface.

`SeededSource` draws them from a Mersenne Twister through `getrandbits` alone, the
one method whose results are the same on every Python version and platform.
"""

from __future__ import annotations

import hashlib
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")


class Source(ABC):
    """Where choices come from.  Small answers mean simple cases, so a shrinking source may prefer them.

    What has only one possible answer costs no choice.
    """

    @abstractmethod
    def bits(self, count: int) -> int:
        """An int from 0 to 2**count - 1."""

    @abstractmethod
    def below(self, limit: int) -> int:
        """An int from 0 to limit - 1; `limit` is from 1 to 2**32."""

    @abstractmethod
    def again(self) -> Source:
        """A source that gives the same answers as this one has from its start, to make the same case anew."""

    def pick(self, items: Sequence[T]) -> T:
        """One of the items; put the plainest first."""
        return items[self.below(len(items))]

    def between(self, lowest: int, highest: int) -> int:
        """An int from `lowest` to `highest`, both included."""
        return lowest + self.below(highest - lowest + 1)

    def chance(self, one_in: int) -> bool:
        """True once in `one_in` draws, which is 2 or more."""
        return self.below(one_in) == one_in - 1

    def more(self, average: int) -> bool:
        """Whether another item follows: yes `average` times (1 or more) on average, until the first no."""
        return self.below(average + 1) > 0

    def turn(self, limit: int) -> int:
        """An int from 0 to limit - 1.  The inputs of a campaign get all of them in turn, none by luck."""
        return self.below(limit)


class SeededSource(Source):
    """The choices of one input of a stream: a name, which may be any text, and a number from 0 up."""

    def __init__(self, stream: str, number: int = 0) -> None:
        self._origin = stream, number
        # The twister stirs every bit of an int of any size into its state, so only the name is hashed.
        self._draw = random.Random(_stream_key(stream) | number).getrandbits

    def again(self) -> SeededSource:
        return SeededSource(*self._origin)

    def bits(self, count: int) -> int:
        return self._draw(count) if count else 0

    def below(self, limit: int) -> int:
        # The product's upper half: one draw, and a bias below 2**-24 for the limits in use.
        return self._draw(32) * limit >> 32 if limit > 1 else 0

    def turn(self, limit: int) -> int:
        return self._origin[1] % limit

    # As in `Source`, with `below` written out: most of a campaign's time to generate goes into these.

    def pick(self, items: Sequence[T]) -> T:
        count = len(items)
        return items[self._draw(32) * count >> 32] if count > 1 else items[0]

    def chance(self, one_in: int) -> bool:
        return self._draw(32) * one_in >> 32 == one_in - 1

    def more(self, average: int) -> bool:
        return self._draw(32) * (average + 1) >> 32 > 0


@lru_cache(maxsize=256)
def _stream_key(stream: str) -> int:
    """A hash of the name, above the 64 bits that hold the number."""
    return int.from_bytes(hashlib.blake2b(stream.encode("utf-8"), digest_size=16).digest(), "big") << 64
