"""Whether a call gives back what it took: references to its arguments, and memory blocks.

A round of calls must leave the reference counts of all argument objects as they were, and
must not keep as much as one allocated block a call.  Caches and free lists fill up at
first, so only what grows in every one of several rounds is kept.  Counts are CPython's own:
`sys.getrefcount` and `sys.getallocatedblocks`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .cases import Case
from .compare import Difference
from .outcome import observe
from .subjects import Function, Subject

REFERENCES, MEMORY = REASONS = ("references", "memory blocks kept")
"""The reasons of such differences."""

QUICK_ROUNDS, ROUNDS = 4, 8
CALLS = 12


def imbalance(case: Case, subject: Subject) -> Difference | None:
    """What repeated calls keep, or None; arguments are shared by all calls, so they must not be changed."""
    function = subject.functions[case.operation.name]
    arguments = case.arguments()
    held = list(_objects(arguments))
    found = None
    for number in range(ROUNDS):
        settle = gc.collect if number >= QUICK_ROUNDS else lambda: 0  # it empties the free lists, slowly
        found = _kept_by_a_round(function, arguments, held, settle)
        if found is None:
            break
    return found


def _kept_by_a_round(
    function: Function, arguments: tuple[object, ...], held: Sequence[object], settle: Callable[[], int]
) -> Difference | None:
    settle()
    before = [sys.getrefcount(one) for one in held]
    blocks = sys.getallocatedblocks()
    for _ in range(CALLS):
        observe(function, arguments)
    settle()
    grown = sys.getallocatedblocks() - blocks
    after = [sys.getrefcount(one) for one in held]
    for one, left, right in zip(held, before, after):
        if abs(right - left) >= CALLS and not _immortal(left):
            return Difference(f"a {type(one).__name__} argument", REFERENCES, left, right)
    if grown >= CALLS:
        return Difference(f"after {CALLS} calls", MEMORY, 0, grown)
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
