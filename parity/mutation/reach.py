"""Which mutants a call meets: the build marks each as its place is run.

What does not meet a mutant gives the same answer with it and without, so it need not be put to it.
"""

from __future__ import annotations

import ctypes
import mmap

import numpy
from numpy.typing import NDArray

from .mutants import MET

Numbers = NDArray[numpy.intp]
Counts = NDArray[numpy.int64]
_Bytes = NDArray[numpy.uint8]


class Marks:
    """The marks of a loaded build: one byte for each number up to `most`."""

    def __init__(self, extension: str, most: int) -> None:
        marked = (ctypes.c_uint8 * (most + 1)).in_dll(ctypes.CDLL(extension), MET)
        self._marked: _Bytes = numpy.ctypeslib.as_array(marked)

    def take(self) -> Numbers:
        """The mutants met since the last time."""
        met = numpy.flatnonzero(self._marked)
        self._marked[:] = 0
        return met


def shared_counts(count: int) -> Counts:
    """Zeros that a fork can change and its parent read."""
    return numpy.frombuffer(mmap.mmap(-1, max(1, 8 * count)), dtype=numpy.int64, count=count)


class Meetings:
    """For each mutant which of some things met it; what a fork notes down its parent can read."""

    def __init__(self, most: int, things: int) -> None:
        width = (things + 7) // 8
        memory = mmap.mmap(-1, max(1, (most + 1) * width))
        self._bits: _Bytes = numpy.frombuffer(memory, dtype=numpy.uint8, count=(most + 1) * width)
        self._bits = self._bits.reshape(most + 1, width)
        self._things = things

    def note(self, thing: int, met: Numbers) -> None:
        self._bits[met, thing // 8] |= 0x80 >> thing % 8

    def of(self, mutant: int) -> Numbers:
        """The things that met a mutant, in their order."""
        return numpy.flatnonzero(numpy.unpackbits(self._bits[mutant], count=self._things))
