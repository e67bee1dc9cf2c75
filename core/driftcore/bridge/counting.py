"""What ran natively, what fell back and why: counts that lose nothing and cost next to nothing.

Advancing an `itertools.count` is a single C call, so no other thread can come between its
read and its write, and counting needs no lock.  Reading one advances it too; a reader
therefore subtracts the reads there were before it.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

logger = logging.getLogger("driftcore.bridge")

IMPORT_FAILED = "import_failed"

K = TypeVar("K")


@dataclass(frozen=True)
class Counters:
    """Calls of each helper since this process began, or since it was forked.

    `native`: the core gave the result.  `disabled`: switched off by the environment.
    `fallback`: None was returned for a reason, helper → reason → count, where the reason is
    `import_failed`, the class name of what the core raised, `WrongShape` (the core returned
    rubbish) or `MalformedSpan` (the core built bytes that its own verification refuses).
    `shadow`: calls that the reference judged too, helper → `same`, `different` or
    `failed: ` with the class of what kept it from judging → count.
    A helper or reason without calls has no entry.
    """

    native: dict[str, int]
    disabled: dict[str, int]
    fallback: dict[str, dict[str, int]]
    shadow: dict[str, dict[str, int]] = field(default_factory=dict)


def counters() -> Counters:
    """A snapshot of the counts; later calls do not change it."""
    return Counters(_native.read(), _disabled.read(), _nested(_fallback), _nested(_shadow))


def _nested(tallies: _Tallies[tuple[str, str]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for (helper, reason), count in tallies.read().items():
        counts.setdefault(helper, {})[reason] = count
    return counts


def fell_back(helper: str, reason: str, detail: object) -> None:
    """Count a fallback and log it: a warning when its reason is new, debug from then on."""
    _fallback.add((helper, reason))
    news = first_report(reason if reason == IMPORT_FAILED else f"{helper}: {reason}")
    level = logging.WARNING if news else logging.DEBUG
    logger.log(level, "%s falls back to Python, %s: %s", helper, reason, detail)


def first_report(topic: str) -> bool:
    """True if nothing was said about this topic yet; from now on it was."""
    ticks = _reported.setdefault(topic, itertools.count())
    return next(ticks) == 0


class _Tallies(Generic[K]):
    """One count per key."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin at zero, with a lock that nobody holds."""
        self._lock = threading.RLock()
        self._ticks: dict[K, itertools.count[int]] = {}
        self._reads: dict[K, int] = {}

    def add(self, key: K) -> None:
        """Count one more."""
        ticks = self._ticks.get(key)
        if ticks is None:
            ticks = self._ticks.setdefault(key, itertools.count())
        next(ticks)

    def read(self) -> dict[K, int]:
        """The counts so far."""
        with self._lock:
            return {key: next(ticks) - self._reads_before(key) for key, ticks in list(self._ticks.items())}

    def _reads_before(self, key: K) -> int:
        reads = self._reads.get(key, 0)
        self._reads[key] = reads + 1
        return reads


_native: _Tallies[str] = _Tallies()
_disabled: _Tallies[str] = _Tallies()
_fallback: _Tallies[tuple[str, str]] = _Tallies()
_shadow: _Tallies[tuple[str, str]] = _Tallies()
_reported: dict[str, itertools.count[int]] = {}

# Count one call of a helper; bound methods, since this happens on every call.
ran_natively = _native.add
was_disabled = _disabled.add
was_shadowed = _shadow.add


def _restart() -> None:
    _native.restart()
    _disabled.restart()
    _fallback.restart()
    _shadow.restart()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart)
