"""Events for tests, with plain figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from bench.events import Claim, Native, Pair, Process, Sample, Started
from bench.machine import Machine
from bench.pairs.tasks import PAIR, Task
from bench.stats.order import Estimate
from parity.subjects import Provenance

NATIVE = Provenance("driftcore_native", "/x/_core.so", "0.1.0", True, "a" * 64)
REFERENCE = Provenance("driftcore.reference", "/x/__init__.py", "0.1.0", False, "b" * 64)


def machine(cpu: str = "Some CPU", cores: int = 2) -> Machine:
    return Machine(
        architecture="x86_64",
        cpu=cpu,
        cores=cores,
        governor="performance",
        turbo=None,
        aslr=True,
        load=0.25,
        system="Linux",
        python="CPython 3.11.7",
        python_compiler="GCC 12.2.0",
    )


def pair(
    low: float,
    median: float,
    high: float,
    *,
    input: str = "tiny",
    operation: str = "normalize_json",
    against: str = "reference",
    difference: Optional[str] = None,
    settled: bool = True,
    call_ns: float = 1_000,
) -> Pair:
    return Pair(
        operation=operation,
        input=input,
        size=2,
        subject="native",
        against=against,
        difference=difference,
        settled=settled,
        unit="processes",
        ratio=Estimate(median, low, high, 6),
        subject_call_ns=call_ns,
        against_call_ns=call_ns * median,
    )


def sample(task: Task, ratio: float, process: int = 1, blocks: Sequence[float] = (1.0,) * 6) -> Sample:
    """A process in which the subject was `ratio` times as fast, each block by its factor more."""
    return Sample(
        process=process,
        role=task.role,
        operation=task.operation,
        input=task.input,
        size=2,
        subject=task.subject,
        against=task.against,
        difference=None,
        subject_calls=10,
        against_calls=10,
        subject_first=(True, False) * (len(blocks) // 2),
        subject_ns=(1_000_000,) * len(blocks),
        against_ns=tuple(round(1_000_000 * ratio * block) for block in blocks),
        contaminated=(),
    )


def task(
    input: str = "rows-4k", against: str = "rust", operation: str = "normalize_json", role: str = PAIR
) -> Task:
    return Task(role, operation, input, "native", against)


def native(name: str, ns: float, payload_bytes: Optional[int] = None) -> Native:
    rate = None if payload_bytes is None else payload_bytes / ns * 1e9
    peak = None if payload_bytes is None else 3 * payload_bytes
    return Native(name, (ns,) * 6, Estimate(ns, ns * 0.9, ns * 1.1, 6), payload_bytes, rate, 0.0, 4, peak)


def process() -> Process:
    return Process(
        scenario="replay",
        what="a process that replays",
        baseline="python",
        seconds={"python": (0.8,) * 6, "native": (0.2,) * 6},
        orders=(("python", "native"), ("native", "python")) * 3,
        ratios={"native": Estimate(4.0, 3.9, 4.1, 6)},
    )


def claim(verdict: str = "PASS", id: str = "fast", figure: float = 12.0, explanation: str = "") -> Claim:
    return Claim(
        id=id,
        sentence="It is fast.",
        measured="geometric mean of 9 payloads against rust",
        group="normalize_json",
        subject="native",
        reference="rust",
        metric="time",
        unit="ratio",
        at_least=True,
        bound=10.0,
        figure=Estimate(figure, figure * 0.98, figure * 1.02, 6),
        verdict=verdict,
        explanation=explanation,
        deciding=None,
        together=True if verdict == "PASS" else None,
    )


def started(check: bool = False, release: bool = False, cpu: str = "Some CPU") -> Started:
    return Started(
        command="python -m bench run",
        at="2026-01-02T03:04:05+00:00",
        candidate="native",
        check=check,
        release=release,
        seed=0,
        looks=(6, 12),
        commit="0123456789abcdef",
        machine=machine(cpu),
        subjects={"native": NATIVE, "reference": REFERENCE},
    )
