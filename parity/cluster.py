"""Work on the workers of a Dask distributed cluster, in place of processes on this machine.

Shards are ranges of cases and their results depend on the plan alone, so it does not matter
which worker does one, or that it is done again after a worker was lost.  Each worker gets the
client's own build, and one that nevertheless loads another is refused.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from driftgate.base.exit_codes import Unfit

from .bundle import bundle, unpack
from .plan import Plan
from .shard import identity
from .tables import counted
from .workers import at_hand

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2
"""How many items each worker is handed at a time: enough to keep it busy, few enough to stop soon."""

CONNECT_SECONDS = 10
LOST_QUESTIONS = 5
_POLL_SECONDS = 0.2


class Cluster:
    """An executor, as a context manager, on the cluster of a scheduler, once that has `least` workers.

    `count` is the number of workers that may judge, `refused` says of each other one why it may not,
    `done_by` counts work by the address of the worker that did it, and `lost` are those that went away.
    """

    def __init__(self, address: str, plan: Plan, least: int = 1) -> None:
        try:
            import cloudpickle
            from distributed import Client
        except ImportError as error:
            raise Unfit(f"--scheduler needs Dask: pip install distributed ({error})") from error
        try:
            self._client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise Unfit(
                f"no scheduler answers at {address}; `dask scheduler` starts one ({error})"
            ) from error
        for module in (__name__, unpack.__module__):  # a worker knows neither until it has the build
            cloudpickle.register_pickle_by_value(sys.modules[module])
        self.done_by: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        self.lost: set[str] = set()
        self._plan = plan
        self._digest, self._archive = bundle()
        self._allowed: list[str] = []
        self._admit(least)
        self.count = len(self._allowed)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def each(
        self,
        function: Callable[[Plan, Item], Result],
        plan: Plan,
        items: Sequence[Item],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Result]:
        """The function's result for each item, as they come, until `stopped` says so.

        Raises what the function raises, and `Unfit` if all workers are lost.
        """
        from distributed import wait

        waiting = deque(items)
        running: set[Any] = set()
        try:
            while (waiting or running) and not stopped():
                while waiting and len(running) < AHEAD * max(1, self.count):
                    item = waiting.popleft()
                    running.add(self._submit(function, plan, item))
                try:
                    with self._client.as_current():
                        done = wait(running, timeout=_POLL_SECONDS, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    self._require_workers()
                    continue
                for future in done:
                    running.discard(future)
                    worker, result = future.result()
                    self.done_by[worker] += 1
                    yield result
        finally:
            self._client.cancel(list(running))

    def one(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Result:
        """The function's result for a single item."""
        return next(self.each(function, plan, (item,)))

    def told(self, most: int | None = None) -> str:
        """Who did how much, who was lost, and who was refused why; at most so many of each in full."""
        did = [
            f"  {worker}  {count:,} done{', then lost' if worker in self.lost else ''}"
            for worker, count in sorted(self.done_by.items())
        ]
        refused = [f"  {worker}  refused: it {reason}" for worker, reason in sorted(self.refused.items())]
        hidden = sum(max(0, len(one) - most) for one in (did, refused)) if most is not None else 0
        more = [f"  and {hidden} more"] if hidden else []
        return "\n".join(
            [f"{counted(self.count, 'worker')} of the cluster", *did[:most], *refused[:most], *more]
        )

    def _submit(self, function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> Any:
        errand = pickle.dumps(_Errand(function, plan, item))
        return self._client.submit(
            pickle.loads, errand, pure=False, workers=self._allowed, allow_other_workers=False, retries=3
        )

    def _admit(self, least: int) -> None:
        """Ship the build to every worker and see which of them really have it."""
        self._client.wait_for_workers(least, timeout=CONNECT_SECONDS)
        self._client.run(_receive, self._digest, self._archive)
        mine = at_hand().one(identity, self._plan, None)
        for worker, told in self._client.run(_identity_or_reason, self._plan).items():
            if told == mine:
                self._allowed.append(worker)
                self.done_by[worker] = 0
            else:
                self.refused[worker] = told if isinstance(told, str) else _unlike(mine, told)
        if not self._allowed:
            reasons = "; ".join(f"{worker}: {reason}" for worker, reason in self.refused.items())
            raise Unfit(f"no worker may judge: {reasons}")

    def _require_workers(self) -> None:
        for _ in range(LOST_QUESTIONS):
            alive = self._client.scheduler_info(n_workers=-1)["workers"]
            self.lost = {worker for worker in self._allowed if worker not in alive}
            if len(self.lost) < len(self._allowed):
                return
            time.sleep(1)  # a scheduler too busy to answer looks like one without workers
        raise Unfit("all workers that may judge are lost; start them again and go on with --resume")


Identity = dict[str, str]


def _receive(digest: str, archive: bytes, dask_worker: Any) -> None:
    """On a worker, which Dask passes by that name: unpack the build, unless it is there."""
    folder = Path(dask_worker.local_directory) / f"driftcore-{digest}"
    if str(folder) not in sys.path:
        unpack(archive, folder)


def _identity_or_reason(plan: Plan) -> Identity | str:
    try:
        return at_hand().one(identity, plan, None)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _unlike(mine: Identity, told: Identity) -> str:
    return ", ".join(
        f"has {told[name][:12]} as {name}, not {mine[name][:12]}" for name in mine if told[name] != mine[name]
    )


class _Errand:
    """Work that is done where it is unpickled.

    The scheduler opens its tasks and knows nothing of the harness, so a task is `pickle.loads` of an errand.
    """

    def __init__(self, *work: Any) -> None:
        self._work = work

    def __reduce__(self) -> tuple[Any, ...]:
        return _do, self._work


def _do(function: Callable[[Plan, Item], Result], plan: Plan, item: Item) -> tuple[str, Result]:
    """On a worker: (its address, the result)"""
    from distributed import get_worker

    return get_worker().address, at_hand().one(function, plan, item)
