"""What a run is to do, as data that any process can carry out: subjects, operations, seed, shards.

A shard is a range of cases.  Its result depends on the plan alone, so shards may be done
in any order, by any process, and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache

from .cases import Campaign, Case
from .corpus import load_corpus
from .memory import MEMORY
from .operations import OPERATIONS, Operation
from .recorded import recorded_cases
from .saved_case import load_regressions

REGRESSIONS, CORPUS, RECORDED, GENERATED = "regressions", "corpus", "recorded", "generated"

CASES_OF_A_SHARD = 4000
"""About a third of a second's work: what an interrupt may lose, and what a crash makes the harness repeat."""


@dataclass(frozen=True)
class Shard:
    """Some cases of one kind: of the generated ones the inputs from `start` to before `stop`."""

    kind: str
    start: int
    stop: int

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.start}-{self.stop}"


@dataclass(frozen=True)
class Plan:
    """`cases` generated cases, after the saved regressions and the recorded fixtures.

    Subjects and operations by name.  `timeout` is in seconds, for one call, `memory` in bytes, for all that
    the calls of one process may take.
    """

    reference: str
    candidate: str
    operations: tuple[str, ...] = tuple(OPERATIONS)
    seed: int = 0
    cases: int = 20_000
    timeout: float = 5.0
    memory: int = MEMORY

    def fields(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)

    @staticmethod
    def from_fields(given: Mapping[str, object]) -> Plan:
        known = {field.name: given[field.name] for field in fields(Plan)}
        plan = Plan(**known)  # type: ignore[arg-type]  # written by `fields`
        return replace(plan, operations=tuple(plan.operations))

    def chosen(self) -> list[Operation]:
        return [OPERATIONS[name] for name in self.operations]

    def campaign(self, cases: int | None = None) -> Campaign:
        return Campaign(tuple(self.chosen()), self.seed, self.cases if cases is None else cases)

    @property
    def planned(self) -> int:
        """How many cases the whole run has."""
        return sum(len(kept(self, kind)) for kind in KEPT) + self.campaign().planned

    def shards(self) -> list[Shard]:
        """In the order in which they are worth knowing: old failures, real inputs, generated ones."""
        campaign = self.campaign()
        inputs = max(1, campaign.inputs * CASES_OF_A_SHARD // max(campaign.planned, 1))
        return [
            *(shard for kind in KEPT for shard in _cut(kind, len(kept(self, kind)), CASES_OF_A_SHARD)),
            *_cut(GENERATED, campaign.inputs, inputs),
        ]

    def inputs_of(self, shard: Shard, begin: int = 0) -> Iterator[tuple[int, int, Sequence[Case]]]:
        """(position of its first case, its number in the shard, its cases) of each input of a shard.

        The first is the one that has the case at position `begin`.  Those before it are not even made: a
        shard is begun again behind every case that crashes.
        """
        if shard.kind != GENERATED:
            cases = kept(self, shard.kind)[shard.start : shard.stop]
            for position in range(begin, len(cases)):
                yield position, position, (cases[position],)
            return
        campaign = self.campaign()
        position = 0
        for number in range(shard.start, shard.stop):
            size = campaign.size(number)
            if position + size > begin:
                yield position, number - shard.start, campaign.at(number)
            position += size


@lru_cache(maxsize=8)
def kept(plan: Plan, kind: str) -> Sequence[Case]:
    """The plan's cases of a kind that is kept in files."""
    return [case for case in _ALL_KEPT[kind](plan) if case.operation.name in plan.operations]


KEPT = (REGRESSIONS, CORPUS, RECORDED)
_ALL_KEPT: dict[str, Callable[[Plan], Sequence[Case]]] = {
    REGRESSIONS: lambda plan: load_regressions(),
    CORPUS: lambda plan: load_corpus(),
    RECORDED: lambda plan: recorded_cases(plan.chosen()),
}


def _cut(kind: str, count: int, step: int) -> list[Shard]:
    return [Shard(kind, start, min(start + step, count)) for start in range(0, count, step)]
