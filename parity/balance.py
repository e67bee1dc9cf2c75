"""Whether a call gives back what it took: references to its arguments, and memory blocks.

A round of calls must leave the reference counts of all argument objects as they were, and
must not keep as much as one allocated block a call.  Caches and free lists fill up at
first, those of tuples over thousands of calls, so what quick rounds suspect has to show again
after a long one.  Counts are CPython's own: `sys.getrefcount` and `sys.getallocatedblocks`.

What a call returns belongs to its caller: a list or dict in it that is held elsewhere too, by an
argument, by another result or by the subject itself, would be changed behind his back.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .cases import Case
from .compare import MEMORY, REFERENCES, Difference
from .outcome import Outcome, Value, observe
from .subjects import Function, Subject

CALLS = 12
"""In a quick round, after which most calls are found to be balanced."""

SETTLING_CALLS, COUNTED_CALLS = 4000, 200
"""Before and in the one long round that has to confirm what quick ones suspect."""

QUICK_ROUNDS = 4


def imbalance(case: Case, subject: Subject, beat: Callable[[], None] = lambda: None) -> Difference | None:
    """What repeated calls keep, or None; arguments are shared by all calls, so they must not be changed."""
    function = subject.functions[case.operation.name]
    arguments = case.arguments()
    shared = _shared(observe(function, arguments))
    if shared is not None:
        return shared
    held = list(_objects(arguments))
    for _ in range(QUICK_ROUNDS):
        if _kept_by_a_round(function, arguments, held, CALLS) is None:
            return None
    for _ in range(SETTLING_CALLS):
        observe(function, arguments)
        beat()
    gc.collect()
    return _kept_by_a_round(function, arguments, held, COUNTED_CALLS, collect=True)


def _shared(outcome: Outcome) -> Difference | None:
    """A container of a result that has more references than the one from where it stands."""
    if not isinstance(outcome, Value):
        return None
    containers = _containers(outcome.value)
    for at in range(len(containers)):
        references = sys.getrefcount(containers[at]) - 2  # the list's, and the argument's
        if references != 1:
            return Difference(f"a {type(containers[at]).__name__} of the result", REFERENCES, 1, references)
    return None


def _containers(value: object) -> list[Any]:
    """The lists and dicts within a value, itself left out."""
    found: list[Any] = []
    seen: set[int] = set()
    pending: list[Any] = [value] if type(value) in (dict, list, tuple) else []
    while pending:
        one = pending.pop()
        inner = [
            item
            for item in (one.values() if type(one) is dict else one)
            if type(item) in (dict, list) and id(item) not in seen
        ]
        seen.update(map(id, inner))
        found += inner
        pending += inner
    return found


def _kept_by_a_round(
    function: Function,
    arguments: tuple[object, ...],
    held: Sequence[object],
    calls: int,
    collect: bool = False,
) -> Difference | None:
    """What so many calls keep; with `collect` only what the garbage collector does not take back."""
    before = [sys.getrefcount(one) for one in held]
    blocks = sys.getallocatedblocks()
    for _ in range(calls):
        observe(function, arguments)
    if collect:
        gc.collect()
    grown = sys.getallocatedblocks() - blocks
    after = [sys.getrefcount(one) for one in held]
    for one, left, right in zip(held, before, after):
        if abs(right - left) >= calls and not _immortal(left):
            return Difference(f"a {type(one).__name__} argument", REFERENCES, left, right)
    if grown >= calls:
        return Difference(f"after {calls} calls", MEMORY, 0, grown)
    return None


def _immortal(count: int) -> bool:
    """Objects that are never counted (PEP 683) show a huge count that does not move or moves oddly."""
    return count > 1 << 28


def _objects(arguments: tuple[object, ...]) -> Iterator[object]:
    """The arguments and what plain containers among them hold; ints below 257 and the like are shared."""
    pending: list[object] = list(arguments)
    seen: set[int] = set()
    while pending:
        one: Any = pending.pop()
        if one is None or isinstance(one, (bool, int)) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if type(one) is dict:
            pending += one.keys()
            pending += one.values()
        elif type(one) in (list, tuple):
            pending += one
