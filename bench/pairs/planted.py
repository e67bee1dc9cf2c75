"""A subject slowed down on purpose, so that a run can show that it would have noticed.

The wrapper does the work and then spins for a share of what a call takes.  The spin is a
number of turns of a loop, not a deadline: it slows down with the machine as the work does.
The wrapper itself takes some 0.1 µs, so calls that it wraps are to be much longer than that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from itertools import repeat

from parity.subjects import Function, Subject

from .inputs import Input
from .probes import spin_ns
from .timing import Clock, Supply, fastest_call

AGAIN = " again"
SLOWED = " slowed by "


def again(subject: Subject) -> Subject:
    """The same subject under another name, for A/A."""
    return replace(subject, name=subject.name + AGAIN)


def slowed(subject: Subject, share: float, given: Input, clock: Clock) -> Subject:
    """The subject with its call on this input slowed down by the share, 0.05 for 5 %."""
    name = given.operation.name
    function = subject.functions[name]
    call_ns = fastest_call(function, Supply(given), clock)
    turns = round(share * call_ns / spin_ns(clock))
    functions: Mapping[str, Function] = {name: spinning(function, turns)}
    return replace(subject, name=f"{subject.name}{SLOWED}{share:.0%}", functions=functions)


def spinning(function: Function, turns: int) -> Function:
    """The function, followed by that many turns of an empty loop in C."""

    def call(*arguments: object) -> object:
        result = function(*arguments)
        deque(repeat(None, turns), maxlen=0)
        return result

    return call
