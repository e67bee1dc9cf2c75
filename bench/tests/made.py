"""Events for tests, with plain figures."""

from __future__ import annotations

from typing import Optional

from bench.estimate import Estimate
from bench.events import Native, Pair, Process, Started
from bench.machine import Machine
from parity.subjects import Provenance


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
        confidence=0.95,
        ratio=Estimate(median, low, high, 6),
        subject_call_ns=call_ns,
        against_call_ns=call_ns * median,
        subject_calls=10,
        against_calls=2,
        subject_first=(True, False) * 3,
        subject_ns=(10_000,) * 6,
        against_ns=(10_000,) * 6,
    )


def native(name: str, ns: float, payload_bytes: Optional[int] = None) -> Native:
    rate = None if payload_bytes is None else payload_bytes / ns * 1e9
    return Native(name, (ns,) * 6, Estimate(ns, ns * 0.9, ns * 1.1, 6), payload_bytes, rate)


def process() -> Process:
    return Process(
        scenario="replay",
        what="a process that replays",
        native_seconds=(0.2,) * 6,
        python_seconds=(0.8,) * 6,
        native_first=(True, False) * 3,
        ratio=Estimate(4.0, 3.9, 4.1, 6),
    )


def started(check: bool = False) -> Started:
    return Started(
        command="python -m bench run",
        check=check,
        seed=0,
        commit="0123456789abcdef",
        machine=Machine("Some CPU", 2, "performance", 0.25, "Linux", "CPython 3.11.7", "GCC 12.2.0"),
        subjects={
            "native": Provenance("driftcore_native", "/x/_core.so", "0.1.0", True, "a" * 64),
            "reference": Provenance("driftcore.reference", "/x/__init__.py", "0.1.0", False, "b" * 64),
        },
        planned=2,
    )
