"""Worker processes on this machine, and work handed out to them.

Work is a module-level function of the plan and one item, so that it can be done
anywhere and again: when a worker is killed from outside, what it had is given to a new one.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, TypeVar

from driftgate.base.exit_codes import Unfit

from .outcome import Crash
from .plan import Plan
from .watching import last_words
from .worker_process import Ended, WorkerProcess, some_ready

Item = TypeVar("Item")
Result = TypeVar("Result")

_POLL_SECONDS = 0.2

TRIES = 3
"""How often a worker is replaced after it was killed."""


def cores() -> int:
    """As many as this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Executor(Protocol):
    """Where work is done; `count` is how much of it at a time."""

    count: int

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = ...,
    ) -> Iterator[Result]:
        """The function's result for each item, as they come, until `stopped` says so."""
        ...

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        """The function's result for a single item."""
        ...


class Here:
    """Does the work in this process, one item after the other."""

    count = 1

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        for item in items:
            if stopped():
                return
            yield function(plan, item)

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        return function(plan, item)


def at_hand() -> Workers:
    """The one worker of this thread, for a process that lives through what subjects do, as on a cluster."""
    if not hasattr(_of_thread, "workers"):
        _of_thread.workers = Workers(1)
    workers: Workers = _of_thread.workers
    return workers


_of_thread = threading.local()


class Workers:
    """A pool as a context manager; `count` processes that leave an interrupt to the one who started them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._tries = TRIES
        self._idle: list[WorkerProcess] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._idle:
            process.ask_to_end()
        while self._idle:
            self._idle.pop().close()

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """The function's result for each item, as they come, until `stopped` says so.

        Raises what the function raises, and `Unfit` if workers end again and again, or in an import.
        """
        waiting = deque(items)
        busy: dict[WorkerProcess, Item] = {}
        try:
            while (waiting or busy) and not stopped():
                while waiting and len(busy) < self.count:
                    process = self._idle.pop() if self._idle else WorkerProcess()
                    busy[process] = waiting.popleft()
                    process.give(function, plan, busy[process])
                some_ready(tuple(busy), _POLL_SECONDS)
                for process in tuple(busy):
                    try:
                        given = process.answer()
                    except Ended as end:
                        waiting.append(busy.pop(process))
                        process.close()
                        self._bear(end)
                        continue
                    if given is None:
                        continue
                    del busy[process]
                    if waiting:  # before the result is looked at, so that nobody waits for that
                        busy[process] = waiting.popleft()
                        process.give(function, plan, busy[process])
                    else:
                        self._idle.append(process)
                    yield given()
        finally:
            for process in busy:
                process.kill()
                process.close()

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        """The function's result for a single item."""
        return next(self.each(function, plan, (item,)))

    def _bear(self, end: Ended) -> None:
        """A worker may be killed for reasons that are not its own, but not for ever."""
        if self._tries == 0:
            times = TRIES + 1
            if end.outcome == Crash(signal.SIGKILL):
                raise Unfit(
                    f"worker processes were killed {times} times; is the machine short of memory? "
                    "Fewer --workers need less"
                )
            last = f"the last one {end.outcome}{last_words(end.said)}"
            raise Unfit(f"worker processes ended {times} times, {last}")
        self._tries -= 1
