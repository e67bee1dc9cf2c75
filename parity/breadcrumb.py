"""Memory that a child shares with its parent: where it is in its work, and in the end its answer.

No descriptor leads here, so nothing that a subject closes, prints or writes anywhere reaches it.  An answer
counts only when it is there whole: its digest, keyed by a secret of this one child, is written before its
length, and it is read when the child has ended.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from typing import Optional

from .memory import Exhausted, resident

HARNESS = 0
"""The breadcrumb's caller when no subject is at work; subjects are numbered from 1."""

LONGEST_ANSWER = 64 << 20
"""Bytes.  Only those that are written take memory."""

_POSITION, _CALLER, _BEATS, _IMPORTING, _ANSWER, _MEMORY = range(6)
_CELLS = 8 * 6
_DIGEST_AT, _DIGEST_BYTES = 64, 32
_NAME_AT, _LONGEST_NAME = 128, 1024
_ANSWER_AT = mmap.PAGESIZE

# Bound before a subject can put another in their place.
_getpid, _leave = os.getpid, os._exit


class Breadcrumb:
    """Where a child is: the position in its work, and whom it is calling or importing.

    A breadcrumb costs a few stores, so every single call can have one.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _ANSWER_AT + LONGEST_ANSWER)
        self._cells = memoryview(self._memory)[:_CELLS].cast("Q")
        self._secret = os.urandom(16)
        self._owner = _getpid()

    def adopt(self) -> None:
        """From now on this process leaves the breadcrumbs, first how much memory it has."""
        self._owner = _getpid()
        self._cells[_MEMORY] = resident()

    def at(self, position: int) -> None:
        """The work has come so far; no subject is being called.

        A subject that forked in its call returns from it twice, and the second process ends here.
        """
        if _getpid() != self._owner:
            _leave(0)
        self._cells[_POSITION] = position
        self._cells[_CALLER] = HARNESS

    def calling(self, caller: int) -> None:
        self._cells[_CALLER] = caller

    def beat(self) -> None:
        """One more of many calls at this place is done, so it is no hang."""
        self._cells[_BEATS] += 1

    def importing(self, name: str) -> None:
        """A subject is being imported; with "" that is done."""
        written = name.encode("utf-8", "replace")[:_LONGEST_NAME]
        self._memory[_NAME_AT : _NAME_AT + len(written)] = written
        self._cells[_IMPORTING] = len(written)

    def post(self, answer: bytes) -> None:
        """Leave the answer; raises `Exhausted` if it is too long."""
        if _getpid() != self._owner:
            _leave(0)
        if len(answer) > LONGEST_ANSWER:
            raise Exhausted
        self._memory[_ANSWER_AT : _ANSWER_AT + len(answer)] = answer
        self._memory[_DIGEST_AT : _DIGEST_AT + _DIGEST_BYTES] = self._digest(answer)
        self._cells[_ANSWER] = len(answer)

    def read(self) -> tuple[int, int]:
        """(position, caller)"""
        return self._cells[_POSITION], self._cells[_CALLER]

    def memory(self) -> int:
        """Bytes that the child had when its work began: what its parent has of files is not among them."""
        return self._cells[_MEMORY]

    def imported(self) -> str:
        """The name of the subject that is being imported, "" when none is."""
        length = min(self._cells[_IMPORTING], _LONGEST_NAME)
        return bytes(self._memory[_NAME_AT : _NAME_AT + length]).decode("utf-8", "replace")

    def pulse(self) -> tuple[int, ...]:
        """What changes as long as the work goes on; begins with (position, caller)."""
        return tuple(self._cells[: _IMPORTING + 1])

    def answer(self) -> Optional[bytes]:
        """What the child posted, or None if it is not there whole."""
        length = self._cells[_ANSWER]
        if not 0 < length <= LONGEST_ANSWER:
            return None
        answer = bytes(self._memory[_ANSWER_AT : _ANSWER_AT + length])
        digest = self._memory[_DIGEST_AT : _DIGEST_AT + _DIGEST_BYTES]
        return answer if digest == self._digest(answer) else None

    def _digest(self, answer: bytes) -> bytes:
        return hashlib.blake2b(answer, key=self._secret, digest_size=_DIGEST_BYTES).digest()
