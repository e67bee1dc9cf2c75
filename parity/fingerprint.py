"""All answers of a shard as one short text, by which a second run can tell whether it saw the same.

Each answer becomes 128 bits, together with its place, and these are added up: the sum does
not hang on how many processes a shard took, one after each crash.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from .compare import MARSHAL_TREES
from .outcome import Error, Outcome, Value

_BYTES = 16


def fingerprint(position: int, outcome: Outcome) -> int:
    """128 bits of an outcome at a place.

    What counts is what `compare` goes by: exact types, key order, bits of floats; of errors
    class, message and position, of a `RecursionError` the class alone.
    """
    written = _written(outcome) + b" at %d" % position
    return int.from_bytes(blake2b(written, digest_size=_BYTES).digest(), "big")


def text(fingerprints: int) -> str:
    """A sum of fingerprints, modulo 2**128, as 32 hex digits."""
    return f"{fingerprints % (1 << 8 * _BYTES):0{2 * _BYTES}x}"


def added(texts: Iterable[str]) -> str:
    """The sum of such sums."""
    return text(sum(int(one, 16) for one in texts))


def _written(outcome: Outcome) -> bytes:
    if isinstance(outcome, Value):
        value: Any = outcome.value
        try:
            return marshal.dumps(value, MARSHAL_TREES)
        except ValueError:  # of no plain type, or too deep
            return type(value).__name__.encode()
    if isinstance(outcome, Error):
        message = "" if outcome.kind == "RecursionError" else outcome.message
        return marshal.dumps((outcome.kind, message, outcome.position), MARSHAL_TREES)
    return str(outcome).encode()
