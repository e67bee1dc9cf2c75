"""Work on the workers of a Dask distributed cluster, in place of processes on this machine.

Shards are ranges of cases and their results depend on the plan alone, so it does not matter
which worker does one, or that it is done again after a worker was lost.  Each worker gets the
client's own build, and one that nevertheless loads another is refused (`admission`).
"""

from __future__ import annotations

import argparse
import pickle
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from driftgate.base.exit_codes import Unfit
from driftgate.base.figures import count

from . import bundle, on_worker
from .admission import ANSWER_SECONDS, Admission
from .on_worker import Call, perform
from .plan import Plan
from .scheduler_link import POLL_SECONDS, Link
from .workers import TRIES

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2
"""How many items each worker is handed at a time: enough to keep it busy, few enough to stop soon."""

FIRST_SECONDS = 10
"""How long a campaign waits for its first workers."""

LOST_SECONDS = 60
"""How long it waits for a worker when none is left, and for a scheduler that does not answer."""

_MOST_SHOWN = 80
_ADDRESS = re.compile(
    r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]{2,45}(?:%[\w.-]{1,64})?\]|[\w.-]{1,253}):([0-9]{1,5})", re.ASCII
)


def scheduler_address(text: str) -> str:
    """The address of a Dask scheduler, as an option's type; asks nobody, and does not need Dask."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 65535:
        raise argparse.ArgumentTypeError(
            f"{text[:_MOST_SHOWN]!r} is no address of a Dask scheduler; say tcp://HOST:PORT, or tls://HOST:PORT"
        )
    return text


@dataclass(frozen=True)
class _Work(Generic[Item]):
    """An item, and how often workers were lost that had it."""

    item: Item
    losses: int = 0


class _WorkerLost(Exception):
    """The worker that had the work is no more; another process may listen at its address."""


class _SchedulerLost(Exception):
    """The client lost the scheduler, and with it all that it had asked for; it may find it again."""


class Cluster:
    """An executor, as a context manager, on the cluster of a scheduler, once that has `least` workers.

    Workers may come and go: newcomers are used, and what lost ones had is given to others.  `count` is the
    most that could judge at a time, `done_by` counts work by the address of the worker that did it.  Raises
    `Unfit` if no worker may judge, or none is left for long, and `KeyboardInterrupt` if it is `stopped` while
    it waits for the first ones.
    """

    def __init__(
        self, address: str, plan: Plan, least: int = 1, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self.count = 0
        self.done_by: Counter[str] = Counter()
        self._address = address
        self._link = Link(address, stopped)
        try:
            import cloudpickle

            for module in (on_worker, bundle):  # a worker knows neither until it has the build
                cloudpickle.register_pickle_by_value(module)
            self._admission = Admission(self._link.client, plan, least)
            self._watching = self._link.start(self._admission.watch())
            self._await_workers(stopped)
        except BaseException:
            self._link.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            with suppress(TimeoutError):  # a last look, so that `told` knows of all that were lost
                self._link.start(self._admission.look()).result(ANSWER_SECONDS)
        self._link.close()

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """The function's result for each item, as they come, until `stopped` says so.

        Raises what the function raises, and `Unfit` if workers are lost again and again, or all of them are.
        """
        waiting = deque(map(_Work, items))
        running: dict[Future[tuple[str, Result]], tuple[_Work[Item], frozenset[str]]] = {}
        try:
            while (waiting or running) and not stopped():
                allowed = self._allowed()
                for future, (work, workers) in list(running.items()):
                    if workers.isdisjoint(allowed) and future.cancel():
                        del running[future]
                        waiting.appendleft(_lost(work))
                while waiting and len(running) < AHEAD * len(allowed):
                    work = waiting.popleft()
                    future = self._link.start(self._perform(function, plan, work.item, allowed))
                    running[future] = work, allowed
                if not running:
                    time.sleep(POLL_SECONDS)
                for future in wait(running, POLL_SECONDS, FIRST_COMPLETED).done:
                    work, _ = running.pop(future)
                    try:
                        worker, result = future.result()
                    except _SchedulerLost:
                        waiting.appendleft(work)
                    except _WorkerLost:
                        waiting.appendleft(_lost(work))
                    else:
                        self.done_by[worker] += 1
                        yield result
        finally:
            for future in running:
                future.cancel()

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        """The function's result for a single item."""
        return next(self.each(function, plan, (item,)))

    def told(self, most: int | None = None) -> str:
        """Who did how much, who was lost, and who was refused why; at most so many of each in full."""
        lost, refused = self._admission.lost, self._admission.refused
        did = [
            f"  {worker}  {many:,} done{', then lost' if worker in lost else ''}"
            for worker, many in sorted(dict(self.done_by).items())
        ]
        turned_down = [f"  {worker}  refused: it {reason}" for worker, reason in sorted(refused.items())]
        hidden = sum(max(0, len(one) - most) for one in (did, turned_down)) if most is not None else 0
        more = [f"  and {hidden} more"] if hidden else []
        none = (
            [] if self._admission.allowed else [f"  none is left; waiting up to {LOST_SECONDS} s for another"]
        )
        return "\n".join(
            [f"{count(len(did), 'worker')} of the cluster", *did[:most], *turned_down[:most], *more, *none]
        )

    async def _perform(
        self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item, workers: frozenset[str]
    ) -> tuple[str, Result]:
        """(who did it, the result); raises what the function raises, `_WorkerLost` or `_SchedulerLost`.

        The scheduler opens its tasks and knows nothing of the harness, so a task is `pickle.loads` of a call.
        """
        import cloudpickle
        from distributed import KilledWorker

        client = self._link.client
        if self._admission.closed:
            raise _SchedulerLost
        work = cloudpickle.dumps(Call(function, plan, item))
        call = Call(perform, self._admission.digest, work)
        task = client.submit(
            pickle.loads, cloudpickle.dumps(call), pure=False, workers=[*workers], allow_other_workers=False
        )
        try:
            worker, fit, result = await task
        except KilledWorker as error:
            raise _killed(error.allowed_failures + 1) from error
        except BaseException as error:
            if task.cancelled() or (isinstance(error, OSError) and task.status != "error"):
                raise _SchedulerLost from error
            raise
        finally:
            task.release()
        if not fit:
            self._admission.forget(worker)
            raise _WorkerLost
        return worker, result

    def _await_workers(self, stopped: Callable[[], bool]) -> None:
        admission = self._admission
        while len(admission.allowed) < admission.least:
            self._require_scheduler()
            if stopped():
                raise KeyboardInterrupt
            if admission.hopeless:
                raise Unfit(f"no worker may judge: {admission.reasons}")
            if admission.waited >= FIRST_SECONDS:
                raise Unfit(
                    f"the scheduler at {self._address} has {len(admission.allowed)} of the "
                    f"{count(admission.least, 'worker')} needed; `dask worker {self._address}` starts one"
                )
            time.sleep(POLL_SECONDS)
        admission.least = 1
        self._allowed()

    def _require_scheduler(self) -> None:
        if self._watching.done():
            self._watching.result()
        if self._admission.closed:
            raise Unfit(f"the scheduler at {self._address} went away; {_GO_ON}")
        if self._admission.unheard >= LOST_SECONDS:
            raise Unfit(f"the scheduler at {self._address} has not answered for {LOST_SECONDS} s; {_GO_ON}")

    def _allowed(self) -> frozenset[str]:
        """The workers that may judge now, maybe none; raises `Unfit` if that is so for too long."""
        self._require_scheduler()
        admission = self._admission
        allowed = frozenset(admission.allowed)
        if not allowed and admission.waited >= LOST_SECONDS:
            refused = f" ({admission.reasons})" if admission.refused else ""
            raise Unfit(f"no worker is left, and none came within {LOST_SECONDS} s{refused}; {_GO_ON}")
        self.count = max(self.count, len(allowed))
        for worker in allowed:
            self.done_by.setdefault(worker, 0)
        return allowed


_GO_ON = "--resume goes on with what was done"


def _lost(work: _Work[Item]) -> _Work[Item]:
    """The same work once more; raises `Unfit` if it was lost too often."""
    if work.losses == TRIES:
        raise _killed(TRIES + 1)
    return _Work(work.item, work.losses + 1)


def _killed(times: int) -> Unfit:
    died = count(times, "worker")
    return Unfit(f"{died} died with the same work; are their machines short of memory? {_GO_ON}")
