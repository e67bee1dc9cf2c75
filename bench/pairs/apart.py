"""Measurements in a child of the run's own process, which does not call subjects itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parity.streamed import Interrupted, streamed

from ..events import Event, LeftOut, Progress
from .timing import undisturbed

PATIENCE = 120.0
"""Seconds without an event, not counting those in which others had the processors, until it is a hang."""


def apart(what: str, who: str, measured: Callable[[], Iterator[Event]]) -> Iterator[Event]:
    """Events of measurements as they come; where the child is lost `what` is left out, which is unfit.

    `who` are the subjects that are called, for the line about it.
    """

    def alone() -> Iterator[Event]:
        with undisturbed():
            yield from measured()

    at = ""
    try:
        for event in streamed(alone, PATIENCE):
            if isinstance(event, Progress):
                at = f", in {event.what},"
            yield event
    except Interrupted as error:
        yield LeftOut(what, f"{who}{at} {error.outcome}", unfit=True)
