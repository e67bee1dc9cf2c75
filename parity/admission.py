"""Which workers of a Dask cluster may judge: those that have the client's own build.

Workers come and go during a campaign: some join late, some die and are started anew by their nanny.  So the
scheduler is asked again and again who is there.  Each newcomer is sent the build, and says which one it has.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .bundle import bundle
from .on_worker import Call, admit
from .plan import Plan
from .shard import identity
from .workers import at_hand

LOOK_SECONDS = 0.5
"""How long after one look at the scheduler's workers the next one is."""

ANSWER_SECONDS = 10
"""How long a scheduler may take to say who is there."""

ADMIT_SECONDS = 60
"""How long a newcomer may take to load the build; one that is silent is asked once more, by itself."""

REASONS_SHOWN = 3
"""How many refused workers one line names."""

Identity = dict[str, str]


class Admission:
    """Looks after the workers in the client's event loop, as long as `watch` runs there.

    `allowed` may judge, `refused` says of each other one why it may not, and `lost` are those that went away.
    `waited` is for how many seconds fewer than `least` could judge and nobody was being asked, `unheard` for
    how many the scheduler has not answered, both by the pauses between looks: a process that was stopped
    itself has not waited.  Other threads may read all these, since each is replaced as a whole.
    """

    def __init__(self, client: Any, plan: Plan, least: int = 1) -> None:
        self.digest, self._archive = bundle()
        self.least = least
        self.allowed: tuple[str, ...] = ()
        self.refused: Mapping[str, str] = {}
        self.lost: frozenset[str] = frozenset()
        self.waited = self.unheard = 0.0
        self._client = client
        self._mine = at_hand().one(identity, plan, None)
        self._question = pickle.dumps(Call(identity_or_reason, plan))
        self._present: frozenset[str] = frozenset()
        self._turned_down: set[str] = set()
        self._silent: set[str] = set()
        self._asked: dict[str, asyncio.Task[None]] = {}

    @property
    def hopeless(self) -> bool:
        """Whether all workers there are have been asked, and none may judge."""
        return bool(self._present) and self._present <= self._turned_down

    @property
    def closed(self) -> bool:
        """Whether the client has given its scheduler up."""
        return bool(self._client.status == "closed")

    @property
    def reasons(self) -> str:
        """Why workers were refused, as one line; empty if none was."""
        told = [f"{worker} {reason}" for worker, reason in sorted(self.refused.items())]
        more = [f"and {len(told) - REASONS_SHOWN} more"] if len(told) > REASONS_SHOWN else []
        return "; ".join(told[:REASONS_SHOWN] + more)

    async def watch(self) -> None:
        """Look who is there until this is cancelled, or the client is closed."""
        clock = asyncio.get_running_loop().time
        while not self.closed:
            begun = clock()
            heard = await self.look()
            await asyncio.sleep(LOOK_SECONDS)
            passed = min(clock() - begun, LOOK_SECONDS + ANSWER_SECONDS)
            self.unheard = 0.0 if heard else self.unheard + passed
            if len(self.allowed) >= self.least:
                self.waited = 0.0
            elif heard and not self._asked:
                self.waited += passed

    async def look(self) -> bool:
        """One look, by which newcomers are asked; whether the scheduler answered."""
        if self.closed:
            return False
        try:
            present = await asyncio.wait_for(self._client.nthreads(), ANSWER_SECONDS)
        except (OSError, asyncio.TimeoutError):  # of no account as long as it answers again
            return False
        self._present = frozenset(present)
        gone = {*self.allowed, *self._turned_down, *self._silent} - self._present
        self.lost |= gone.intersection(self.allowed)
        self._turned_down -= gone
        self._silent -= gone
        self.allowed = tuple(worker for worker in self.allowed if worker not in gone)
        new = self._present.difference(self.allowed, self._turned_down, self._asked)
        for batch in ([*new - self._silent], *([worker] for worker in new & self._silent)):
            if batch:
                self._asked.update(dict.fromkeys(batch, asyncio.ensure_future(self._ask(batch))))
        return True

    def forget(self, worker: str) -> None:
        """Another process listens at the address of a worker that was admitted: ask it like any newcomer."""
        self.allowed = tuple(one for one in self.allowed if one != worker)
        self.lost |= {worker}

    async def _ask(self, workers: Sequence[str]) -> None:
        """Ship the build to some workers and see which of them really have it."""
        try:
            asking = self._client.run(
                admit, self.digest, self._archive, self._question, workers=[*workers], on_error="return"
            )
            answers = await asyncio.wait_for(asking, ADMIT_SECONDS)
        except asyncio.TimeoutError:
            answers = dict.fromkeys(workers)
        except OSError:  # the scheduler did not pass it on, which says nothing of the workers
            answers = {}
        except Exception as error:
            answers = dict.fromkeys(workers, error)
        finally:
            for worker in workers:
                del self._asked[worker]
        for worker, told in answers.items():
            self._enter(worker, told)

    def _enter(self, worker: str, told: Any) -> None:
        if told == self._mine:
            self._silent.discard(worker)
            self.allowed += (worker,)
            self.waited = 0.0
            self.lost -= {worker}
            self.refused = {one: reason for one, reason in self.refused.items() if one != worker}
        elif isinstance(told, OSError) or told is None:
            if worker in self._silent:
                self._turn_down(worker, "does not answer")
            self._silent.add(worker)
        else:
            self._turn_down(worker, _why(self._mine, told))

    def _turn_down(self, worker: str, reason: str) -> None:
        self._turned_down.add(worker)
        self.refused = {**self.refused, worker: " ".join(reason.split())}


def identity_or_reason(plan: Plan) -> Identity | str:
    """On a worker: its identity, or why it has none."""
    try:
        return identity(plan, None)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _why(mine: Identity, told: Any) -> str:
    """Why an answer is not the right one."""
    if isinstance(told, dict):
        unlike: Iterable[str] = (name for name in mine if told.get(name) != mine[name])
        return ", ".join(f"has {told[name][:12]} as {name}, not {mine[name][:12]}" for name in unlike)
    return told if isinstance(told, str) else f"{type(told).__name__}: {told}"
