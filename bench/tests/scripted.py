"""A clock that moves only when told, and subjects whose calls tell it to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.pairs.contest import Contest
from bench.pairs.inputs import Arguments, Input
from parity.operations import OPERATIONS
from parity.subjects import Provenance, Subject

OPERATION = OPERATIONS["normalize_json"]


@dataclass
class ScriptedClock:
    """Nanoseconds; reading it is free.  `calls` names whose calls moved it, in order."""

    now: float = 0
    calls: list[str] = field(default_factory=list)

    def __call__(self) -> int:
        return round(self.now)

    def spend(self, who: str, ns: float) -> None:
        self.calls.append(who)
        self.now += ns


def subject(
    name: str,
    clock: ScriptedClock,
    cost: Callable[[], float],
    answer: Callable[..., object] = lambda text: text,
    operation: str = OPERATION.name,
) -> Subject:
    """A subject with one operation; each call takes what `cost` says."""

    def call(*arguments: object) -> object:
        clock.spend(name, cost())
        return answer(*arguments)

    return Subject(name, {operation: call}, Provenance(name, f"{name}.py", "1", False, f"sha of {name}"))


def given(make: Callable[[], Arguments] = lambda: ("{}",), may_share: bool = True) -> Input:
    return Input("tiny", OPERATION, 2, make, may_share)


def contest(
    clock: ScriptedClock,
    subject_ns: float = 1_000,
    against_ns: float = 5_000,
    names: tuple[str, str] = ("native", "reference"),
) -> Contest:
    """Two subjects with steady costs that answer alike."""
    return Contest(
        subject(names[0], clock, lambda: subject_ns), subject(names[1], clock, lambda: against_ns), given()
    )
