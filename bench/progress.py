"""Events as they come, on stderr: a bar on a terminal, a line for each new topic elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import IO, TYPE_CHECKING, Optional

from .events import Event, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


REFRESH_EVERY = 5


class ProgressView:
    """Listens to a run, as a context manager."""

    def __init__(self, stream: Optional[IO[str]] = None) -> None:
        self._stream = stream or sys.stderr
        self._topic: Optional[str] = None
        self._bar: Optional[Bar] = None
        self._task: Optional[TaskID] = None

    def __enter__(self) -> ProgressView:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def on(self, event: Event) -> None:
        if not isinstance(event, Progress):
            return
        if self._stream.isatty():
            self._draw(event)
        elif _heading(event) != self._topic:
            self._topic = _heading(event)
            print(f"measuring {self._topic}", file=self._stream, flush=True)

    def _draw(self, event: Progress) -> None:
        if self._bar is None:
            self._bar, self._task = _bar(self._stream)
        assert self._task is not None
        self._bar.update(
            self._task,
            completed=event.done,
            total=event.planned or None,
            description=event.what,
            refresh=event.what != self._topic or event.done % REFRESH_EVERY == 0,
        )
        self._topic = event.what


def _heading(event: Progress) -> str:
    """What is before the colon: of a process that measures hundreds of things only the process."""
    return event.what.partition(": ")[0]


def _bar(stream: IO[str]) -> tuple[Bar, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    # No thread of its own that draws: it would run in the midst of what is timed.
    bar = Bar(*columns, console=Console(file=stream), transient=True, auto_refresh=False)
    task = bar.add_task("")
    bar.start()
    return bar, task
