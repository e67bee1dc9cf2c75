"""Where a candidate is called: on a thread with little stack, or with little left to the recursion limit.

The reference is called as usual, and what it answers is due there too.  Near the recursion limit it may
answer otherwise itself, an error or what it makes of one: where a candidate does so, that is let pass.
"""

from __future__ import annotations

import _thread
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

Function = Callable[..., object]

CALLS_TO_THE_REFERENCE = 12
"""How deep a candidate that hands a call to the reference may stand when it does."""


def _smallest_stack() -> int:
    """The least KiB that this Python lets a thread have: 32, 52 from 3.14 on, 128 on 64-bit ARM."""
    usual = _thread.stack_size()
    for kib in range(32, 1024, 4):
        try:
            _thread.stack_size(kib << 10)
        except ValueError:
            continue
        break
    _thread.stack_size(usual)
    return kib


SMALLEST = _smallest_stack()


@dataclass(frozen=True)
class Surroundings:
    """A thread's stack in KiB, or the least that there is, and its recursion limit; 0 is what is usual."""

    stack: int = 0
    limit: int = 0

    def around(self, function: Function) -> Function:
        """The function as it is there."""
        if not self.stack and not self.limit:
            return function  # as for most calls: comparing with `USUAL` would cost five times as much
        return lambda *arguments: self._called(function, arguments)

    def near_the_limit(self) -> Iterator[Surroundings]:
        """Those in which the reference may stand when a candidate hands it a call."""
        if self.limit:
            for calls in range(CALLS_TO_THE_REFERENCE + 1):
                yield replace(self, limit=self.limit - calls)

    def __str__(self) -> str:
        told = [f"{self.stack} KiB of stack"] if self.stack else []
        return " and ".join([*told, f"a recursion limit of {self.limit}"] if self.limit else told)

    def _called(self, function: Function, arguments: tuple[object, ...]) -> object:
        values: list[object] = []
        errors: list[BaseException] = []
        ended = _thread.allocate_lock()

        def work() -> None:
            usual = sys.getrecursionlimit()
            try:
                if self.limit:
                    sys.setrecursionlimit(self.limit)
                values.append(function(*arguments))
            except BaseException as error:
                errors.append(error)
            finally:
                sys.setrecursionlimit(usual)  # of all threads: before the one that waits goes on
                ended.release()

        ended.acquire()
        usual = _thread.stack_size(max(self.stack, SMALLEST) << 10 if self.stack else 0)
        _thread.start_new_thread(work, ())
        _thread.stack_size(usual)
        ended.acquire()
        if errors:
            raise errors.pop().with_traceback(None)
        return values.pop()


USUAL = Surroundings()
