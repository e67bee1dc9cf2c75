"""The best tree so far, and the test every smaller one has to pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..anatomy import Kind
from ..features import features
from ..nodes import Node, Unbuildable, parents, replaced, replaced_one, to_object
from ..operations import Operation
from .json_text import KINDS as TEXT_KINDS
from .wire import KINDS as WIRE_KINDS

KINDS: Mapping[str, Kind] = {
    **TEXT_KINDS,
    **WIRE_KINDS,
    "arguments": Kind("arguments", lambda value: (None, value), lambda data, parts: tuple(parts)),
}


class OutOfTime(Exception):
    """The time for one input is used up."""


class Search:
    """`best` only ever changes to a tree for which `still` holds and whose features are among its own."""

    def __init__(
        self,
        operation: Operation,
        root: Node,
        still: Callable[[tuple[Any, ...]], bool],
        deadline: float,
        clock: Callable[[], float],
    ) -> None:
        self.best = root
        self.calls = 0
        self._operation, self._still = operation, still
        self._deadline, self._clock = deadline, clock
        self._seen = {root.mark}
        self._parents = parents(root)
        self._facts = features(operation, self.arguments())

    def arguments(self) -> tuple[Any, ...]:
        """The best arguments so far, made anew."""
        made: tuple[Any, ...] = to_object(self.best, KINDS)
        return made

    def holds(self) -> bool:
        """Whether the best so far fails at all."""
        self.calls += 1
        return self._still(self.arguments())

    def change(self, changes: Mapping[int, Node]) -> bool:
        """Take the tree with some nodes replaced, by their `id`, if it still fails."""
        return self.take(replaced(self.best, changes))

    def put(self, old: Node, new: Node, fewer_facts: bool = False) -> bool:
        """Take the tree with one node replaced if it still fails.

        With `fewer_facts` only if it also has fewer features: for changes that are no
        simplification in themselves.
        """
        candidate = replaced_one(self._parents, old, new)
        return self.take(replaced(self.best, {id(old): new}) if candidate is None else candidate, fewer_facts)

    def take(self, candidate: Node, fewer_facts: bool = False) -> bool:
        """Take a tree if it still fails; raises `OutOfTime`."""
        if self._clock() >= self._deadline:
            raise OutOfTime
        if candidate is self.best:
            return False
        if candidate.mark in self._seen:
            return False
        self._seen.add(candidate.mark)
        try:
            arguments = to_object(candidate, KINDS)
        except Unbuildable:
            return False
        facts = features(self._operation, arguments)
        if not facts <= self._facts or (fewer_facts and facts == self._facts):
            return False
        self.calls += 1
        if not self._still(to_object(candidate, KINDS)):  # asking for features may have changed the first
            return False
        self.best, self._facts, self._parents = candidate, facts, parents(candidate)
        return True
