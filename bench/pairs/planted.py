"""A subject slowed down on purpose, so that a run can show that it would have noticed.

The wrapper does the work and then spins for a share of what a call takes.  The spin is a
number of turns of a loop, not a deadline: it slows down with the machine as the work does.
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
BOTH = 0.2
"""The share of a call that both sides of a plant spin for."""


def again(subject: Subject) -> Subject:
    """The same subject under another name, for A/A."""
    return replace(subject, name=subject.name + AGAIN)


def slowed(subject: Subject, share: float, given: Input, clock: Clock) -> tuple[Subject, Subject]:
    """The subject with its call on this input, and the same slowed down by the share, 0.05 for 5 %.

    Both spin, the second for longer: that there is a spin at all, whatever its length, drives the call out
    of caches and branch predictors, which costs 7 % of 63 µs on an Intel Xeon.
    """
    name = given.operation.name
    function, spin = subject.functions[name], spin_ns(clock)
    turns = round(BOTH * fastest_call(function, Supply(given), clock) / spin)
    call_ns = fastest_call(spinning(function, turns), Supply(given), clock)
    more = turns + round(share * call_ns / spin)

    def spun(title: str, turns: int) -> Subject:
        functions: Mapping[str, Function] = {name: spinning(function, turns)}
        return replace(subject, name=title, functions=functions)

    return spun(subject.name, turns), spun(f"{subject.name}{SLOWED}{share:.0%}", more)


def spinning(function: Function, turns: int) -> Function:
    """The function, followed by that many turns of an empty loop in C."""

    def call(*arguments: object) -> object:
        result = function(*arguments)
        deque(repeat(None, turns), maxlen=0)
        return result

    return call
