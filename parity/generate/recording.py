"""Choices kept as they are made, and kept choices given again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .source import Source


class RecordingSource(Source):
    """Gets its choices elsewhere and keeps them in `choices`, those with only one possible answer left out.

    `again()` shares what is kept: it first gives the same answers and, past the last of
    them, gets new ones and keeps them too.
    """

    def __init__(
        self,
        below: Callable[[int], int],
        bits: Callable[[int], int],
        turn: Callable[[int], int] | None = None,
        choices: list[int] | None = None,
    ) -> None:
        """`below`, `bits` and `turn` are as in `Source`, asked only where there is more than one answer."""
        self._get_below, self._get_bits, self._get_turn = below, bits, turn or below
        self.choices: list[int] = [] if choices is None else choices
        self._at = 0

    def again(self) -> RecordingSource:
        return RecordingSource(self._get_below, self._get_bits, self._get_turn, self.choices)

    def bits(self, count: int) -> int:
        return self._next(self._get_bits, count) if count else 0

    def below(self, limit: int) -> int:
        return self._next(self._get_below, limit) if limit > 1 else 0

    def turn(self, limit: int) -> int:
        return self._next(self._get_turn, limit) if limit > 1 else 0

    def _next(self, get: Callable[[int], int], size: int) -> int:
        if self._at == len(self.choices):
            self.choices.append(get(size))
        self._at += 1
        return self.choices[self._at - 1]


def recording(source: Source) -> RecordingSource:
    """A source that gives what `source` gives and keeps it."""
    return RecordingSource(source.below, source.bits, source.turn)


class ReplaySource(Source):
    """Gives kept choices again; one too large for its place counts as the largest, a missing one as 0."""

    def __init__(self, choices: Sequence[int]) -> None:
        self._choices = choices
        self._at = 0

    def again(self) -> ReplaySource:
        return ReplaySource(self._choices)

    def bits(self, count: int) -> int:
        return self.below(1 << count)

    def below(self, limit: int) -> int:
        if limit < 2:
            return 0
        self._at += 1
        return min(self._choices[self._at - 1], limit - 1) if self._at <= len(self._choices) else 0
