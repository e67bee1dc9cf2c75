"""What a bench run measured, read from its result file by the bench's own reader and cross-checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from bench.events import (
    FORMAT,
    Claim,
    Counted,
    Distribution,
    Event,
    Finished,
    Growth,
    LeftOut,
    Native,
    Pair,
    Process,
    Sample,
    SelfTest,
    Started,
    Void,
    Worker,
)
from bench.results import Results, read_file
from driftgate.base.result_file import DamagedResults

BENCH_FORMAT = FORMAT

Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True)
class BenchResults:
    """A complete bench run; `pairs` are those that count, not those that were measured again."""

    results: Results

    @property
    def started(self) -> Started:
        return self.results.started

    @property
    def finished(self) -> Finished:
        return self.results.finished

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        return tuple(event for event in self.results.events if isinstance(event, kind))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.of(Pair) if pair.settled)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.of(Claim)

    @property
    def self_test(self) -> SelfTest | None:
        return next(iter(self.of(SelfTest)), None)

    @property
    def workers(self) -> tuple[Worker, ...]:
        return self.of(Worker)

    @property
    def voids(self) -> tuple[Void, ...]:
        return self.of(Void)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.of(LeftOut)

    @property
    def growths(self) -> tuple[Growth, ...]:
        return self.of(Growth)

    @property
    def distributions(self) -> tuple[Distribution, ...]:
        return self.of(Distribution)

    @property
    def natives(self) -> tuple[Native, ...]:
        return self.of(Native)

    @property
    def counted(self) -> tuple[Counted, ...]:
        return self.of(Counted)

    @property
    def processes(self) -> tuple[Process, ...]:
        return self.of(Process)

    @property
    def samples(self) -> tuple[Sample, ...]:
        return self.of(Sample)


def read_bench(path: Path) -> BenchResults:
    """A complete bench result file; raises `DamagedResults` for anything else."""
    bench = BenchResults(read_file(path))
    seen: set[str] = set()
    for claim in bench.claims:
        if claim.id in seen:
            raise DamagedResults(f"{path}: the claim {claim.id} is there twice")
        seen.add(claim.id)
    return bench
