"""A worker: a process that imports the subjects of a plan, once, and does one errand after the other.

It is there to be lost.  Subjects are called only in forks of it (`isolate`), but their imports run here, and
may end, stop or confuse it; so it tells its starter what it imports, and all that is printed goes to the
starter's notes (`worker_process`).
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any, NoReturn

from . import memory
from .frames import Reader, framed, send
from .losable import die_with_parent, followed_by, ignore_interrupts, keep_private, told

IMPORTING, RETURNED, RAISED = b"I", b"R", b"E"
"""Kinds of what a worker says: a subject's name or "", a result, an error."""

ERRAND = b"?"

Errand = tuple[Callable[[Any, Any], Any], Any, Any]

# Bound before a subject can put others in their place.
_getpid, _leave, _dumps, _loads = os.getpid, os._exit, pickle.dumps, pickle.loads


class Channel:
    """The worker's end: errands come in, and what became of them goes out.

    A subject that forked in its import returns from it twice; the second process ends here.
    """

    def __init__(self, errands: int, answers: int, secret: bytes) -> None:
        self._errands, self._answers, self._secret = errands, answers, secret
        self._reader = Reader(secret)
        self._owner = _getpid()

    def next(self) -> Errand:
        """Wait for an errand; without a starter there is none, and this process ends."""
        while True:
            self._require_owner()
            data = os.read(self._errands, 1 << 16)
            if not data:
                _leave(0)
            for _, content in self._reader.feed(data):
                errand: Errand = _loads(content)
                return errand

    def say(self, kind: bytes, content: bytes) -> None:
        self._require_owner()
        send(self._answers, framed(self._secret, kind, content))

    def beat(self) -> None:
        """The starter does not count these."""

    def importing(self, name: str) -> None:
        self.say(IMPORTING, name.encode("utf-8", "replace"))

    def _require_owner(self) -> None:
        if _getpid() != self._owner:
            _leave(0)


def main(errands: str, answers: str, secret: str) -> NoReturn:
    """Do errands until no more can come."""
    status = 70
    try:
        ignore_interrupts()
        die_with_parent()
        keep_private(int(errands), int(answers))
        memory.bound(memory.MEMORY)
        channel = Channel(int(errands), int(answers), bytes.fromhex(secret))
        followed_by(channel)
        while True:
            channel.say(*_done(channel.next()))
    finally:
        _leave(status)


def _done(errand: Errand) -> tuple[bytes, bytes]:
    function, plan, item = errand
    try:
        return RETURNED, _dumps(function(plan, item), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:
        return RAISED, _dumps(told(error), pickle.HIGHEST_PROTOCOL)
