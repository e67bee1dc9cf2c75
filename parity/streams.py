"""Values as streams of bytes: equal streams prove equal values.

The stream of a plain value is pickle's in protocol 4 without its memo, which can be read back in one way
alone: exact classes, key order, bits of floats.  Plain is what is made of None, bool, int, float, str,
bytes, list, tuple, dict, set and frozenset, of exactly these classes; whatever else there is, a
subclass or another buffer, comes to `reducer_override` before any code of its own runs, and is refused or
written as what it is when taken apart.  Sets are written in the order in which they iterate, so equal
ones may have unlike streams.

(`marshal` writes every buffer as bytes, and does not end on what holds itself twice.)
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Sequence
from typing import Any, Optional

from .anatomy import ITSELF, Incomparable, Seen, take_any

PROTOCOL = 4
"""The last that has no way of its own to write a bytearray or a `pickle.PickleBuffer`."""

LONGEST = 1 << 23
"""Bytes of a stream; a value that holds one part in millions of places would have no end."""

_OF_SETS = (b"\x8f", b"\x91")
"""Bytes that stand where a set or a frozenset begins, and sometimes elsewhere."""


class _Refused(Exception):
    """A value has no stream, or one that gets too long."""


def _object(*taken_apart: object) -> None:
    """Stands in a stream before what an object was taken apart into; nobody reads it back."""


class _Plain(pickle.Pickler):
    """Refuses all but plain values."""

    def reducer_override(self, value: object) -> Any:
        raise _Refused


class _Any(pickle.Pickler):
    """Writes an object as its class, its own data and its parts."""

    def reducer_override(self, value: object) -> Any:
        try:
            anatomy = take_any(value)
        except Incomparable:
            raise _Refused from None
        if anatomy.kind is ITSELF:
            return _object, (id(value),)
        kind = anatomy.kind.name if type(value) is Seen else id(type(value))
        return _object, (kind, anatomy.data, *anatomy.parts)


class _Writer:
    """Writes streams by a pickler of one kind, which is kept for the next value."""

    def __init__(self, kind: type[pickle.Pickler]) -> None:
        self._kind = kind
        self._pickler: Optional[pickle.Pickler] = None
        self._chunks: list[bytes] = []
        self._room = 0

    def stream(self, value: object, longest: int = LONGEST) -> Optional[Sequence[bytes]]:
        """The stream of a value in pieces; None where it has none or a longer one."""
        pickler = self._pickler or self._new()
        self._pickler, self._chunks, self._room = None, [], longest
        try:
            pickler.dump(value)
        except Exception:  # refused, too long, too deep, or holding itself
            return None  # and the pickler, which was left in the middle, is not used again
        self._pickler = pickler
        return self._chunks

    def _new(self) -> pickle.Pickler:
        pickler = self._kind(self, PROTOCOL)
        pickler.fast = True
        pickler.memo = {id(_object): (0, _object)}  # known beforehand, so that it costs two bytes
        return pickler

    def write(self, chunk: bytes) -> None:
        """What the pickler calls, at the end and every 64 KB before."""
        self._room -= len(chunk)
        if self._room < 0:
            raise _Refused
        self._chunks.append(chunk)


class _Writers(threading.local):
    def __init__(self) -> None:
        self.plain, self.any = _Writer(_Plain), _Writer(_Any)


_writers = _Writers()


def plain_stream(value: object) -> Optional[Sequence[bytes]]:
    """The stream of a plain value in pieces, None of any other and where it may hold sets.

    So it is the same in every process; sets of texts iterate in an order of chance.
    """
    found = _writers.plain.stream(value)
    if found is None or any(mark in chunk for chunk in found for mark in _OF_SETS):
        return None
    return found


def surely_equal(expected: object, actual: object) -> bool:
    """Whether two values have one stream; False says nothing."""
    writer = _writers.any
    one = writer.stream(expected)
    return one is not None and one == writer.stream(actual, sum(map(len, one)))
