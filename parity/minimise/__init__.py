"""Making a failing input small: the least that still fails in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..operations import Operation
from ..watching import unhindered_seconds
from .arguments import plainest, read
from .reduce import reduce
from .search import OutOfTime, Search

__all__ = ["Minimised", "minimise"]

TRIES = 5
"""How often an input is asked again, since some fail by chance."""


@dataclass(frozen=True)
class Minimised:
    """What came of it.  `arguments` are new objects, never parts of what was given.

    `stuck`: the input did not fail again however often it was asked, so it is returned as it
    was.  `steady`: the result fails every time.  `finished`: nothing smaller was left to try
    when time was up.
    """

    arguments: tuple[Any, ...]
    calls: int
    seconds: float
    stuck: bool
    steady: bool
    finished: bool


def minimise(
    operation: Operation,
    arguments: tuple[object, ...],
    still: Callable[[tuple[Any, ...]], bool],
    *,
    seconds: float = 3.0,
    clock: Callable[[], float] = unhindered_seconds,
) -> Minimised:
    """The smallest arguments found for which `still` holds.

    `still` puts arguments to the subjects and says whether they fail in the same way (same
    signature); it gets new objects on every call.  The same `still` gives the same result,
    up to where time ends it.
    """
    begun = clock()
    search = Search(operation, read(operation, arguments), still, begun + seconds, clock)
    stuck = not any(search.holds() for _ in range(TRIES))
    finished = not stuck
    if not stuck:
        try:
            reduce(search, plainest(operation))
        except OutOfTime:
            finished = False
    steady = not stuck and all(search.holds() for _ in range(TRIES))
    return Minimised(search.arguments(), search.calls, clock() - begun, stuck, steady, finished)
