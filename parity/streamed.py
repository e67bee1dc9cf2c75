"""Work in a forked child that gives its results one by one, as they come."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn, TypeVar, Union

from driftgate.base.exit_codes import Unfit
from driftgate.base.interrupts import shielded

from . import losable, memory
from .breadcrumb import Breadcrumb
from .frames import Incoming, framed, new_secret, send
from .memory import MEMORY
from .outcome import Crash, Hang
from .watching import Child, Tail, unhindered_seconds, unimportable

T = TypeVar("T")

_GIVEN, _DONE, _RAISED = b"G", b"D", b"R"

_getpid, _leave, _dumps = os.getpid, os._exit, pickle.dumps


class Interrupted(Exception):
    """The child did not get to the end of its work; the outcome says why."""

    def __init__(self, outcome: Union[Crash, Hang], said: str) -> None:
        super().__init__(str(outcome))
        self.outcome, self.said = outcome, said


def streamed(work: Callable[[], Iterable[T]], patience: float, limit: int = MEMORY) -> Iterator[T]:
    """What some work gives, made in a child of its own, which imports what it calls.

    `patience` is how many seconds the child may take from one result to the next, not counting those in which
    it waits for a processor.  Raises `Interrupted` where the child does not get to its end, and `Unfit`
    where that is the doing of a subject's import.  Results must be picklable.
    """
    crumb, secret = Breadcrumb(), new_secret()
    results, giver = os.pipe()
    words, teller = os.pipe()
    losable.flush()
    with shielded():
        process = os.fork()
        if process == 0:
            os.close(results)
            os.close(words)
            _be_the_child(work, crumb, _Giver(giver, secret), teller, limit)
    os.close(giver)
    os.close(teller)
    try:
        with Child(process) as child:
            yield from _follow(child, Incoming(results, secret), Tail(words), crumb, patience)
    finally:
        os.close(results)
        os.close(words)


class _Giver:
    """The child's end of the pipe; a subject that forked in its call returns from it twice."""

    def __init__(self, writer: int, secret: bytes) -> None:
        self.writer, self._secret, self._owner = writer, secret, -1

    def adopt(self) -> None:
        self._owner = _getpid()

    def give(self, kind: bytes, value: object) -> None:
        if _getpid() != self._owner:
            _leave(0)
        send(self.writer, framed(self._secret, kind, _dumps(value, pickle.HIGHEST_PROTOCOL)))


def _be_the_child(
    work: Callable[[], Iterable[object]], crumb: Breadcrumb, giver: _Giver, words: int, limit: int
) -> NoReturn:
    status = 70
    try:
        losable.settle(words, (giver.writer,))
        crumb.adopt()
        giver.adopt()
        losable.followed_by(crumb)
        memory.bound(limit)
        try:
            for result in work():
                giver.give(_GIVEN, result)
                crumb.beat()
            giver.give(_DONE, None)
        except BaseException as error:
            memory.unbind()
            giver.give(_RAISED, losable.told(error))
        status = 0
    finally:
        _leave(status)


def _follow(child: Child, results: Incoming, said: Tail, crumb: Breadcrumb, patience: float) -> Iterator[Any]:
    last, since = crumb.pulse(), unhindered_seconds(child.process)
    while True:
        child.wait(*(one.reader for one in (results, said) if one.is_open))
        said.read()
        ended = child.has_ended()  # and then all it gave is there
        for kind, content in results.read():
            if kind == _DONE:
                return
            value = pickle.loads(content)
            if kind == _RAISED:
                raise value
            yield value
            last = ()
        outcome: Union[Crash, Hang, None] = child.crash
        place, now = crumb.pulse(), unhindered_seconds(child.process)
        if place != last:
            last, since = place, now
        elif now - since > patience and not ended:
            outcome = Hang(patience)
        if outcome is not None:
            said.read()
            name = crumb.imported()
            if name:
                raise Unfit(unimportable(name, outcome, said.text()))
            raise Interrupted(outcome, said.text())
