"""Choices read from bytes, for coverage fuzzers and byte minimisers."""

from __future__ import annotations

from .recording import RecordingSource
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
        return self._take(_bytes_for(count)) & ((1 << count) - 1)

    def below(self, limit: int) -> int:
        return self._take(_bytes_for((limit - 1).bit_length())) % limit

    def _take(self, size: int) -> int:
        """The next `size` bytes as an int, lowest first: what is missing at the end counts as zero."""
        taken = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "little")


def writing(source: Source) -> tuple[RecordingSource, bytearray]:
    """(a source that gives what `source` gives, the bytes from which a `ByteSource` gives it too)"""
    written = bytearray()

    def kept(choice: int, bits: int) -> int:
        written.extend(choice.to_bytes(_bytes_for(bits), "little"))
        return choice

    return (
        RecordingSource(
            lambda limit: kept(source.below(limit), (limit - 1).bit_length()),
            lambda count: kept(source.bits(count), count),
            lambda limit: kept(source.turn(limit), (limit - 1).bit_length()),
        ),
        written,
    )


def _bytes_for(bits: int) -> int:
    return (bits + 7) // 8
