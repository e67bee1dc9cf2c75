"""What ran natively, what fell back and why: counts that lose nothing and cost next to nothing.

A count is an `itertools.repeat` with more rounds than there can be calls.  A `for` loop takes one of them,
which is a single step of the interpreter: no other thread comes in between, and it needs neither memory
nor stack, so that a caller who has none left is counted too.  How many are left is known without taking one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat
from operator import length_hint
from typing import Generic, TypeVar

from driftcore.bridge.reporting import say_first

IMPORT_FAILED = "import_failed"
EXHAUSTED = "exhausted"

HELPERS = (
    "normalize_json_jsonable",
    "deterministic_hash_jsonable",
    "normalize_and_hash_jsonable",
    "process_export_payload_jsonable",
    "build_span_proto_bytes",
    "export_span_json",
    "build_export_spans_request_bytes",
    "validate_span_proto_bytes",
)

K = TypeVar("K")


@dataclass(frozen=True)
class Counters:
    """Calls of each helper since this process began, or since it was forked.

    `native`: the core gave the result.  `disabled`: switched off by the environment.
    `fallback`: None was returned for a reason, helper → reason → count, where the reason is
    `import_failed`, the class name of what the core raised, `WrongShape` (the core returned
    rubbish), `MalformedSpan` (the core built bytes that its own verification refuses) or `exhausted`
    (too little stack or memory was left even to say why).
    `shadow`: calls that the reference judged too, helper → `same`, `different`, `not run: ` or
    `failed: ` with what kept it from judging → count.
    A helper or reason without calls has no entry.
    """

    native: dict[str, int]
    disabled: dict[str, int]
    fallback: dict[str, dict[str, int]]
    shadow: dict[str, dict[str, int]] = field(default_factory=dict)


def counters() -> Counters:
    """A snapshot of the counts; later calls do not change it."""
    reasons = {**_fallback.read(), **{(helper, EXHAUSTED): n for helper, n in _exhausted.read().items()}}
    return Counters(_native.read(), _disabled.read(), _nested(reasons), _nested(_shadow.read()))


def _nested(counts: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (helper, reason), count in counts.items():
        nested.setdefault(helper, {})[reason] = count
    return nested


def fell_back(helper: str, reason: str, detail: object) -> None:
    """Count a fallback and log it: a warning when its reason is new, debug from then on.

    What it raises, for want of stack or memory, it raises before it has counted.
    """
    _fallback.add((helper, reason))
    try:
        topic = reason if reason == IMPORT_FAILED else f"{helper}: {reason}"
        say_first(topic, "%s falls back to Python, %s: %s", helper, reason, detail)
    except Exception:
        return


class _Tallies(Generic[K]):
    """One count per key."""

    def __init__(self, keys: Iterable[K] = ()) -> None:
        self.rounds = {key: repeat(None, sys.maxsize) for key in keys}
        self._before: dict[K, int] = {}

    def add(self, key: K) -> None:
        """Count one more."""
        rounds = self.rounds.get(key)
        if rounds is None:
            rounds = self.rounds.setdefault(key, repeat(None, sys.maxsize))
        for _ in rounds:
            break

    def read(self) -> dict[K, int]:
        """The counts so far, of what was counted at all."""
        counts = {key: taken - self._before.get(key, 0) for key, taken in self._taken().items()}
        return {key: count for key, count in counts.items() if count}

    def restart(self) -> None:
        """Count from here on."""
        self._before = self._taken()

    def _taken(self) -> dict[K, int]:
        return {key: sys.maxsize - length_hint(rounds) for key, rounds in list(self.rounds.items())}


_native = _Tallies(HELPERS)
_exhausted = _Tallies(HELPERS)
_disabled: _Tallies[str] = _Tallies()
_fallback: _Tallies[tuple[str, str]] = _Tallies()
_shadow: _Tallies[tuple[str, str]] = _Tallies()

ran_natively, ran_out = _native.rounds, _exhausted.rounds
"""By helper, for `for _ in ran_natively[helper]: break`, without a call."""

was_disabled = _disabled.add
was_shadowed = _shadow.add


def _restart() -> None:
    """A child counts its own."""
    for tallies in (_native, _exhausted, _disabled, _fallback, _shadow):
        tallies.restart()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart)
