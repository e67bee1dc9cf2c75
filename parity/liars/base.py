"""What a liar is, and how one is made from a change to an honest answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from driftcore import reference

Function = Callable[..., Any]
Twist = Callable[[Function], Function]
"""Makes a lying function of an honest one."""


@dataclass(frozen=True)
class Liar:
    """A fault of one kind.

    `twists` are by operation.  `minimum` is the smallest input that shows the fault, as the
    minimiser is to find it, "" where that is chance.  `within` is how many cases of its
    operations a campaign may need to catch it, `causes` how many it may be named as: more than
    one where the lie itself has several faces.
    """

    name: str
    about: str
    fault: str
    twists: Mapping[str, Twist]
    minimum: str
    within: int = 2000
    causes: int = 1

    def functions(self) -> dict[str, Function]:
        """The functions it changes, made anew, so that one that remembers starts without a past."""
        return {name: twist(getattr(reference, name)) for name, twist in self.twists.items()}


def on_answer(change: Callable[[Any], Any]) -> Twist:
    """A lie about what came out."""

    def twist(honest: Function) -> Function:
        return lambda *arguments: change(honest(*arguments))

    return twist


def on_part(index: int, change: Callable[[Any], Any]) -> Twist:
    """A lie about one member of a tuple that came out."""

    def change_part(answer: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*answer[:index], change(answer[index]), *answer[index + 1 :])

    return on_answer(change_part)


def on_first_argument(change: Callable[[Any], Any]) -> Twist:
    """A lie about what went in."""

    def twist(honest: Function) -> Function:
        return lambda first, *others: honest(change(first), *others)

    return twist


def everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """A tree of plain JSON types with every scalar changed."""
    if type(value) is dict:
        return {key: everywhere(item, change) for key, item in value.items()}
    if type(value) is list:
        return [everywhere(item, change) for item in value]
    return change(value)
