"""The C library alone: runs the Google Benchmark binary and reads what it says.

The binary repeats each bench, all in random order, and reports JSON.  Its repetitions are
kept, one time each; Google Benchmark's own averages are not.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, TypeVar, Union

from .events import Complexity, LeftOut, Native, NativeContext
from .machine import ROOT
from .stats.order import median_interval

Number = TypeVar("Number", int, float)

BINARY = "bench/native/driftcore_bench"
HOW_TO_BUILD = "make build-bench"
WHAT = "the C library alone"


@dataclass(frozen=True)
class Effort:
    """How often each bench runs, and at least how long each time."""

    repetitions: int
    seconds: float


RELEASE = Effort(9, 0.01)
QUICK = Effort(6, 0.001)
BRIEF = Effort(6, 0.00001)
"""For what does not depend on time: allocations and memory."""


class UnreadableResults(ValueError):
    """Not what Google Benchmark writes, or a bench failed; the message says which."""


def find_binary(root: Path = ROOT) -> Optional[Path]:
    """The newest benchmark binary of any build directory under `build/`."""
    built = [path for path in root.glob(f"build/*/{BINARY}") if path.is_file()]
    return max(built, key=lambda path: path.stat().st_mtime, default=None)


def run(
    binary: Optional[Path], effort: Effort, commit: Optional[str]
) -> Iterator[Union[Native, NativeContext, Complexity, LeftOut]]:
    """Events of one run of the binary."""
    if binary is None:
        yield LeftOut(WHAT, f"driftcore_bench is not built; build it with: {HOW_TO_BUILD}", unfit=True)
        return
    command = [
        str(binary),
        f"--benchmark_min_time={effort.seconds}",
        f"--benchmark_repetitions={effort.repetitions}",
        "--benchmark_enable_random_interleaving=true",
        "--benchmark_format=json",
        f"--benchmark_context=commit={commit or 'unknown'}",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, start_new_session=True)
    except OSError as error:
        yield LeftOut(WHAT, f"{binary} cannot be run: {error}", unfit=True)
        return
    try:
        yield from read(done.stdout)
    except UnreadableResults as error:
        yield LeftOut(WHAT, f"{binary}: {error}", unfit=True)
        return
    if done.returncode != 0:
        yield LeftOut(WHAT, f"{binary} ended with {done.returncode}: {done.stderr.strip()}", unfit=True)


def read(text: str) -> list[Union[Native, NativeContext, Complexity]]:
    """Google Benchmark's JSON as events, one for each bench, in the order of their registration.

    Raises `UnreadableResults`.
    """
    document = _parse(text)
    try:
        context: dict[str, Any] = document["context"]
        runs = [run for run in document["benchmarks"] if run.get("run_type") == "iteration"]
        runs.sort(key=lambda run: run["family_index"])
        by_name: dict[str, list[dict[str, Any]]] = {}
        for one in runs:
            if one.get("error_occurred"):
                raise UnreadableResults(f"{one['name']} failed: {one.get('error_message')}")
            by_name.setdefault(one["run_name"], []).append(one)
        benches = [_bench(name, repetitions) for name, repetitions in by_name.items() if not _is_rung(name)]
        fits = [_fit(run, document["benchmarks"]) for run in document["benchmarks"] if _is_fit(run)]
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableResults(f"not Google Benchmark's JSON: {type(error).__name__}: {error}") from error
    if not benches:
        raise UnreadableResults("no bench ran")
    return [NativeContext(_finite(context)), *benches, *fits]


def _is_rung(name: str) -> bool:
    """One size of a ladder: `normalize_json/ladder/3`; only the fit over all is kept."""
    return "/ladder/" in name


def _is_fit(run: dict[str, Any]) -> bool:
    return run.get("aggregate_name") == "BigO"


def _fit(run: dict[str, Any], runs: list[dict[str, Any]]) -> Complexity:
    """The order that fits best, and by how much of the mean the times miss it."""
    misfit = next(
        one["rms"]
        for one in runs
        if one.get("aggregate_name") == "RMS" and one["run_name"] == run["run_name"]
    )
    return Complexity(run["run_name"], run["big_o"], misfit)


def _bench(name: str, runs: list[dict[str, Any]]) -> Native:
    times = [run["real_time"] * _NANOSECONDS[run["time_unit"]] for run in runs]
    if not all(map(math.isfinite, times)):
        raise UnreadableResults(f"{name} has a time that is no number")
    try:
        time = median_interval(times)
    except ValueError as error:
        raise UnreadableResults(f"{name}: {error}") from error
    size = runs[0].get("payload_bytes")
    rates = [run["bytes_per_second"] for run in runs if math.isfinite(run.get("bytes_per_second", math.nan))]
    return Native(
        name=name,
        call_ns=tuple(times),
        time=time,
        payload_bytes=None if size is None else int(size),
        bytes_per_second=sorted(rates)[len(rates) // 2] if rates else None,
        # Of earlier repetitions upstream 1.7 reports memory that it has already given back.
        allocations=_optional(runs[-1].get("allocs_per_iter"), float),
        first_allocations=_optional(runs[0].get("first_allocations"), int),
        peak_bytes=_optional(runs[0].get("peak_bytes"), int),
    )


def _optional(value: Optional[float], kind: Callable[[float], Number]) -> Optional[Number]:
    return None if value is None else kind(value)


_NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}

# A JSON string, or the one spelling of Google Benchmark's that Python does not read.
_STRING_OR_NEGATIVE_NAN = re.compile(r'"(?:[^"\\]|\\.)*"|-NaN')


def _parse(text: str) -> Any:
    """JSON in which numbers may be NaN, -NaN, Infinity or -Infinity, bare."""
    readable = _STRING_OR_NEGATIVE_NAN.sub(lambda found: "NaN" if found[0] == "-NaN" else found[0], text)
    try:
        return json.loads(readable)
    except json.JSONDecodeError as error:
        raise UnreadableResults(f"not JSON: {error}") from error


def _finite(value: Any) -> Any:
    """None for numbers that JSON has no place for."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
