"""Total reference count of a debug Python over many calls of each function, as one JSON line.

A leak of one reference per call shows as one per call; a few references of caches that
fill up show as a few in all.
"""

from __future__ import annotations

import gc
import json
import sys

import driftcore_native as native

from core.tests.native_calls import ANSWERED, PUNTED, NativeCall


def moved(call: NativeCall, times: int) -> int:
    """By how much the total reference count moved over `times` calls."""
    total = sys.gettotalrefcount
    for _ in range(5):
        call.outcome(native)
    gc.collect()
    before: int = total()
    for _ in range(times):
        call.outcome(native)
    gc.collect()
    after: int = total()
    return after - before


def main() -> None:
    calls_per_function, calls_per_error = map(int, sys.argv[1:])
    of_function: dict[str, int] = {}
    for call in ANSWERED:
        of_function[call.function] = of_function.get(call.function, 0) + 1
    rows = []
    for call in (*ANSWERED, *PUNTED):
        answered = call in ANSWERED
        times = -(-calls_per_function // of_function[call.function]) if answered else calls_per_error
        before = repr(call.given)
        delta = moved(call, times)
        rows.append(
            {
                "function": call.function,
                "answered": answered,
                "calls": times,
                "moved": delta,
                "arguments_changed": repr(call.given) != before,
            }
        )
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
