"""Worker processes on this machine, and work handed out to them.

Work is a module-level function of the plan and one item, so that it can be done
anywhere and again: when a worker is killed from outside, what it had is given to a new one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Protocol, TypeVar

from driftgate.base.exit_codes import Unfit
from driftgate.base.interrupts import shielded

from .isolate import die_with_parent
from .plan import Plan

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2
"""How many items each worker is handed at a time: enough to keep it busy, few enough to stop soon."""

_POLL_SECONDS = 0.2

TRIES = 3
"""How often the workers are replaced after one of them was killed."""


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


class Workers:
    """A pool as a context manager; `count` processes that leave an interrupt to the one who started them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._tries = TRIES
        self._pool = self._new_pool()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:  # what they are at may take long, and nobody waits for it
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """The function's result for each item, as they come, until `stopped` says so.

        Raises what the function raises, and `Unfit` if workers are killed again and again.
        """
        waiting = deque(items)
        running: dict[Future[Result], Item] = {}
        try:
            while (waiting or running) and not stopped():
                while waiting and len(running) < AHEAD * self.count:
                    item = waiting.popleft()
                    with shielded():  # it starts processes as they are needed
                        running[self._pool.submit(function, plan, item)] = item
                for future in wait(running, _POLL_SECONDS, FIRST_COMPLETED).done:
                    item = running.pop(future)
                    try:
                        result = future.result()
                    except BrokenProcessPool:
                        waiting.extend((item, *running.values()))
                        running.clear()
                        self._replace()
                        break
                    yield result
        finally:
            for future in running:
                future.cancel()

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        """The function's result for a single item."""
        return next(self.each(function, plan, (item,)))

    def _replace(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._tries == 0:
            raise Unfit(
                f"worker processes were killed {TRIES + 1} times; is the machine short of memory? "
                "Fewer --workers need less"
            )
        self._tries -= 1
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        with shielded():
            return ProcessPoolExecutor(self.count, context, _be_a_worker)


def _be_a_worker() -> None:
    """What an interrupt means is for the parent to say, and without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
