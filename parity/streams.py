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

import gc
import pickle
import threading
from collections.abc import Sequence
from typing import Any, Optional

from .anatomy import ITSELF, Seen, foreign_kind

PROTOCOL = 4
"""The last that has no way of its own to write a bytearray or a `pickle.PickleBuffer`."""

LONGEST = 1 << 23
"""Bytes of a stream; a value that holds one part in millions of places would have no end."""

_SET, _FROZENSET = b"\x8f", b"\x91"
"""Bytes that stand where a set or a frozenset begins, and often elsewhere."""

_SETS = frozenset({set, frozenset})


ATOMS = frozenset(map(id, (str, bytes, int, bool, type(None))))
"""Classes whose `==` says all, by their ids: a class may lie about its hash and what it equals."""


def are_atoms(values: tuple[object, ...]) -> bool:
    """Whether all values are of such classes."""
    return ATOMS.issuperset(map(id, map(type, values)))


class _Refused(Exception):
    """A value has no stream, or one that gets too long."""


def _object(*taken_apart: object) -> None:
    """Stands in a stream before what an object was taken apart into; nobody reads it back."""


class _Plain(pickle.Pickler):
    """Refuses all but plain values."""

    met_objects = False

    def reducer_override(self, value: object) -> Any:
        raise _Refused


class _Any(pickle.Pickler):
    """Writes an object as its class, its own data and its parts, and notes that there was one."""

    met_objects = False

    def reducer_override(self, value: Any) -> Any:
        self.met_objects = True
        of: object = id(type(value))
        if type(value) is Seen:
            kind, of, value = value.kind, value.kind.name, value.value
        else:
            kind = foreign_kind(type(value))
        if kind is ITSELF:
            return _object, (id(value),)
        data, parts = kind.apart(value)  # raises where it cannot be, which ends the stream
        return _object, (of, data, *parts)


class _Writer:
    """Writes streams by a pickler of one kind, which is kept for the next value."""

    def __init__(self, kind: type[_Plain] | type[_Any]) -> None:
        self._kind = kind
        self._pickler: _Plain | _Any | None = None
        self._chunks: list[bytes] = []
        self._room = 0

    def stream(self, value: object, longest: int = LONGEST) -> Optional[Sequence[bytes]]:
        """The stream of a value in pieces; None where it has none or a longer one."""
        pickler = self._pickler or self._new()
        self._pickler, self._chunks, self._room = None, [], longest
        pickler.met_objects = False
        try:
            pickler.dump(value)
        except Exception:  # refused, too long, too deep, or holding itself
            return None  # and the pickler, which was left in the middle, is not used again
        self._pickler = pickler
        return self._chunks

    @property
    def last_was_plain(self) -> bool:
        return self._pickler is not None and not self._pickler.met_objects

    def _new(self) -> _Plain | _Any:
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
    """`proof` is the last plain value whose stream was to prove it equal to another one, and that stream."""

    def __init__(self) -> None:
        self.plain, self.any = _Writer(_Plain), _Writer(_Any)
        self.proof: tuple[object, Optional[Sequence[bytes]]] = None, None


_writers = _Writers()


def plain_stream(value: object) -> Optional[Sequence[bytes]]:
    """The stream of a plain value in pieces, None of any other and where it holds sets.

    So it is the same in every process; sets of texts iterate in an order of chance.
    """
    return _without_sets(value, _writers.plain.stream(value))


def stream_of_proof(value: object) -> Optional[Sequence[bytes]]:
    """The same, for a value that `surely_equal` was just given as expected: not written once more."""
    proved, found = _writers.proof
    return _without_sets(value, found) if proved is value and found is not None else plain_stream(value)


def _without_sets(value: object, found: Optional[Sequence[bytes]]) -> Optional[Sequence[bytes]]:
    for chunk in found or ():
        if _SET in chunk or _FROZENSET in chunk:
            return None if _holds_sets(value) else found
    return found


def _holds_sets(plain: object) -> bool:
    level = [plain]
    while level:
        if not _SETS.isdisjoint(map(type, level)):
            return True
        level = gc.get_referents(*level)
    return False


def surely_equal(expected: object, actual: object) -> bool:
    """Whether two values have one stream; False says nothing."""
    writer = _writers.any
    one = writer.stream(expected)
    if one is None:
        return False
    if writer.last_was_plain:
        _writers.proof = expected, one
    return one == writer.stream(actual, sum(map(len, one)))
