"""The clock, batches of calls, and an interpreter that is left alone meanwhile."""

from __future__ import annotations

import contextlib
import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat, starmap

from .inputs import Arguments, Input

Clock = Callable[[], int]
"""Nanoseconds since some moment, as `time.perf_counter_ns`; tests put a scripted one in its place."""

Function = Callable[..., object]

SAMPLES = 9
SHORTEST_SAMPLE_NS = 20_000
"""A shorter sample would measure the clock as well."""
LONGEST_CALIBRATION_NS = 5_000_000


class Supply:
    """Arguments for batches: one tuple for all calls where they may share it, else new ones."""

    def __init__(self, given: Input) -> None:
        self._make = given.make
        self._shared = given.make() if given.may_share else None

    def take(self, count: int) -> Iterable[Arguments]:
        """Arguments of `count` calls, all made before the first is taken."""
        if self._shared is not None:
            return repeat(self._shared, count)
        return [self._make() for _ in range(count)]


def time_batch(function: Function, supply: Supply, calls: int, clock: Clock) -> int:
    """Nanoseconds for `calls` calls.  The loop runs in C; each result is dropped at once, in the time."""
    arguments = supply.take(calls)
    begun = clock()
    deque(starmap(function, arguments), maxlen=0)
    return clock() - begun


def fastest_call(function: Function, supply: Supply, clock: Clock) -> float:
    """Nanoseconds of the fastest call among several samples.

    The fastest, because noise only ever adds: batches sized by one timed loop are wrong
    for the whole measurement when that loop met a disturbance.  A sample is one call, or
    as many as the clock can tell from nothing.
    """
    calls, spent = 1, 0
    while True:
        fastest = None
        for _ in range(SAMPLES):
            elapsed = time_batch(function, supply, calls, clock)
            fastest = elapsed if fastest is None else min(fastest, elapsed)
            spent += elapsed
            if spent > LONGEST_CALIBRATION_NS:
                return max(fastest, 1) / calls
        assert fastest is not None
        if fastest >= SHORTEST_SAMPLE_NS:
            return fastest / calls
        calls *= 8


def calls_in(batch_ns: float, call_ns: float) -> int:
    """How many calls of `call_ns` make a batch of about `batch_ns`, at least one."""
    return max(1, round(batch_ns / call_ns))


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Garbage collection off and, where the system allows it, one core for this process.

    The core is the last of those allowed: the first ones serve most interrupts.
    """
    collects = gc.isenabled()
    gc.collect()
    gc.disable()
    before = _pin()
    try:
        yield
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)
        if collects:
            gc.enable()


def _pin() -> set[int] | None:
    """The cores allowed before, None if nothing was changed."""
    try:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(before)})
    except (AttributeError, OSError):
        return None
    return before
