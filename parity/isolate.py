"""Runs work in a forked child, so that nothing a subject does there gets past it.

A crash, an exit, a hang or a call that asks for all memory costs the child and names its place: the child
leaves a breadcrumb in shared memory before each call it makes, and the parent reads there what was going on.
What a subject prints, closes, forks, replaces or leaves behind ends with the child.

A fork a shard also makes a shard's result independent of what the process did before.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, Optional, TypeVar, Union

from driftgate.base.exit_codes import Unfit
from driftgate.base.interrupts import shielded

from . import losable, memory
from .breadcrumb import HARNESS, Breadcrumb
from .memory import MEMORY
from .outcome import Crash, Hang, OutOfMemory
from .watching import (
    HARNESS_PATIENCE,
    Child,
    Tail,
    unhindered_seconds,
    unimportable,
)

__all__ = ["HARNESS", "Breadcrumb", "Lost", "Returned", "isolated", "leave"]

T = TypeVar("T")

# Bound before a subject can put others in their place.
_leave_process, _dumps = os._exit, pickle.dumps


@dataclass(frozen=True)
class Returned(Generic[T]):
    """The work was done; `said` is what it left on stderr."""

    value: T
    said: str = ""


@dataclass(frozen=True)
class Lost:
    """The child died or was killed at a position of its work, while it called `caller`.

    `left` is what the work left by then (`leave`).
    """

    outcome: Union[Crash, Hang, OutOfMemory]
    position: int
    caller: int
    said: str = ""
    left: object = None


def isolated(
    work: Callable[[Breadcrumb], T], timeout: float, limit: int = MEMORY, imports: bool = False
) -> Union[Returned[T], Lost]:
    """Do some work in a child of its own.

    `timeout` is how many seconds a subject may take for one call, not counting those in which
    it waits for a processor that others use; `limit` how many bytes the child may take.  Work that `imports`
    the subjects it calls has none of this process's descriptors.  An exception of the work itself is
    raised here, and `Unfit` where the import of a subject ends the child.  What the work returns must be
    picklable.
    """
    crumb = Breadcrumb()
    reader, writer = os.pipe()
    losable.flush()
    with shielded():
        process = os.fork()
        if process == 0:
            os.close(reader)
            _be_the_child(work, crumb, writer, limit, () if imports else None)
    os.close(writer)
    said = Tail(reader)
    try:
        with Child(process) as child:
            ended = _follow(child, said, crumb, timeout)
    finally:
        os.close(reader)
    answer = crumb.answer()
    kind: str = _LEFT
    value: Any = None
    if answer is not None:
        kind, value = pickle.loads(answer)
    if kind == _DONE:
        return Returned(value, said.text())
    if kind == _RAISED:
        raise value
    exhausted = kind == _EXHAUSTED or memory.died_of_it(
        ended, child.peak - crumb.memory(), limit, said.text()
    )
    outcome = OutOfMemory(limit) if exhausted else ended
    name = crumb.imported()
    if name:
        raise Unfit(unimportable(name, outcome, said.text()))
    return Lost(outcome, *crumb.read(), said.text(), value)


_DONE, _RAISED, _EXHAUSTED, _LEFT = "done", "raised", "exhausted", "left"
"""Kinds of what a child posts; the last one counts."""

_left: object = None


def leave(crumb: Breadcrumb, value: object) -> None:
    """In the child: leave what is known so far, for the case that the next call is its end."""
    global _left
    _left = value
    _post(crumb, _LEFT, value)


def _post(crumb: Breadcrumb, kind: str, value: object) -> None:
    crumb.post(_dumps((kind, value), pickle.HIGHEST_PROTOCOL))


def _be_the_child(
    work: Callable[[Breadcrumb], object],
    crumb: Breadcrumb,
    writer: int,
    limit: int,
    kept: Optional[Container[int]],
) -> NoReturn:
    """Work, post the result, and end without the parent's clean-up."""
    global _left
    status = 70
    try:
        losable.settle(writer, kept)
        crumb.adopt()
        losable.followed_by(crumb)
        memory.bound(limit)
        _left = None
        try:
            _post(crumb, _DONE, work(crumb))
        except (MemoryError, memory.Exhausted):
            memory.unbind()
            _post(crumb, _EXHAUSTED, _left)
        except BaseException as error:
            _post(crumb, _RAISED, losable.told(error))
        status = 0
    finally:
        _leave_process(status)


def _follow(child: Child, said: Tail, crumb: Breadcrumb, timeout: float) -> Union[Crash, Hang]:
    """How the child ended; one that stays at one place for too long is killed."""
    last, since = crumb.pulse(), unhindered_seconds(child.process)
    hang: Optional[Hang] = None
    while True:
        child.wait(*((said.reader,) if said.is_open else ()))
        said.read()
        if child.has_ended():
            said.read()
            assert child.crash is not None
            return hang or child.crash
        losable.beat()
        place, now = crumb.pulse(), unhindered_seconds(child.process)
        patience = timeout * HARNESS_PATIENCE if place[1] == HARNESS else timeout
        if place != last:
            last, since = place, now
        elif now - since > patience:
            hang = Hang(patience)
            child.kill()
