"""Choices read from bytes, for coverage fuzzers and byte minimisers."""

from __future__ import annotations

from .source import Source


class ByteSource(Source):
    """Any bytes make an input: each choice takes the fewest whole bytes that can hold it, zeros at the end.

    Zero bytes are the plainest choices, and "one more?" is answered no after the end, so
    that every input is finite and shorter or smaller bytes make simpler inputs.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def again(self) -> ByteSource:
        return ByteSource(self._data)

    def bits(self, count: int) -> int:
        return self._take((count + 7) // 8) & ((1 << count) - 1)

    def below(self, limit: int) -> int:
        return self._take(((limit - 1).bit_length() + 7) // 8) % limit

    def _take(self, size: int) -> int:
        """The next `size` bytes as an int, lowest first: what is missing at the end counts as zero."""
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "little")
