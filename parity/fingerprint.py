"""All answers of a shard as one short text, by which a second run can tell whether it saw the same.

Each answer becomes 128 bits, together with its place, and these are added up: the sum does
not hang on how many processes a shard took, one after each crash.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from .outcome import Error, Outcome, Value
from .streams import ATOMS, are_atoms, stream_of_proof
from .written import full

_BYTES = 16

PLAINEST = 2
"""The version of `marshal` that does not care which objects are one."""


def fingerprint(position: int, outcome: Outcome) -> int:
    """128 bits of an outcome at a place.

    What counts is what `compare` goes by: exact types, key order, bits of floats; of errors
    class, message and position, of a `RecursionError` the class alone.  What is not plain counts
    by what it holds, in writing.
    """
    written = b"".join(_written(outcome)) + b" at %d" % position
    return int.from_bytes(blake2b(written, digest_size=_BYTES).digest(), "big")


def text(fingerprints: int) -> str:
    """A sum of fingerprints, modulo 2**128, as 32 hex digits."""
    return f"{fingerprints % (1 << 8 * _BYTES):0{2 * _BYTES}x}"


def added(texts: Iterable[str]) -> str:
    """The sum of such sums."""
    return text(sum(int(one, 16) for one in texts))


def _marshalled(plain: Any) -> bytes:
    try:
        return marshal.dumps(plain, PLAINEST)
    except ValueError:  # so it says that there is not enough memory
        raise MemoryError from None


def _written(outcome: Outcome) -> Sequence[bytes]:
    if isinstance(outcome, Value):
        value: Any = outcome.value
        kind = type(value)
        if id(kind) in ATOMS or (kind is tuple and are_atoms(value)):
            return (_marshalled(value),)
        return stream_of_proof(value) or (full(value).encode("utf-8", "surrogatepass"),)
    if isinstance(outcome, Error):
        if outcome.kind == "RecursionError":
            return (b"RecursionError",)
        told = f"{outcome.kind}\0{outcome.position}\0{outcome.message}"
        return b"error ", told.encode("utf-8", "surrogatepass")
    return (str(outcome).encode(),)
