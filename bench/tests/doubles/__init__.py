"""Modules with the nine functions whose costs are scripted: `quick` takes 10 µs a call, `slow` 40."""

from __future__ import annotations

from collections.abc import Callable

from bench.tests.scripted import ScriptedClock

CLOCK = ScriptedClock()


def answering(who: str, ns: float, answer: object = "the same") -> Callable[..., object]:
    def call(*arguments: object) -> object:
        CLOCK.spend(who, ns)
        return answer

    return call
