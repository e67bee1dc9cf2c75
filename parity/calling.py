"""One call of a subject, as every comparison makes it: its outcome, and the process as it was before.

What a call may change of its process, and the next one's answer depends on, is put back at once; what else it
leaves behind ends with the child that it runs in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import memory
from .outcome import Outcome, observe

Arguments = tuple[object, ...]

_depth = sys.getrecursionlimit
_digits: Callable[[], int] = getattr(sys, "get_int_max_str_digits", lambda: 0)


def call(
    function: Callable[..., object],
    arguments: Arguments,
    again: Callable[[], Arguments],
    observe: Callable[[Callable[..., object], Arguments], Outcome] = observe,
) -> Outcome:
    """What comes of a call; `again` makes the arguments anew, `observe` makes the call.

    Raises `memory.Exhausted` where the call asks for more memory than it may take.
    """
    depth, digits = _depth(), _digits()
    if memory.is_spared:
        memory.call_begins()
    outcome = observe(function, arguments)
    if _depth() != depth:
        sys.setrecursionlimit(depth)
    if _digits() != digits:
        sys.set_int_max_str_digits(digits)
    if memory.is_memory_error(outcome):
        return memory.observed(function, again)
    return outcome
