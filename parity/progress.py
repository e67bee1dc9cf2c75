"""Live progress of a run on stderr; silent where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import IO, TYPE_CHECKING

from .census import total
from .events import Clustering, Event, Finished, Rehearsed, ShardDone, Started

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class ProgressView:
    """Listens to a run as a context manager: cases done and to come, their rate, signatures so far."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._signatures: set[object] = set()
        self._compared = self._mismatches = 0
        self._begun = 0.0

    def __enter__(self) -> ProgressView:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def on(self, event: Event) -> None:
        if isinstance(event, Started):
            self._start(event.planned)
        elif isinstance(event, Rehearsed):
            self._begun = time.monotonic()
        elif isinstance(event, ShardDone):
            self._count(event)
        elif isinstance(event, Clustering):
            self._say(f"making mismatches small: {event.done} of {event.kinds} kinds")
        elif isinstance(event, Finished):
            self._stop()

    def _count(self, done: ShardDone) -> None:
        counts = total(done.result.census)
        self._signatures.update(group.signature for group in done.result.groups)
        self._mismatches += counts.mismatches
        if done.resumed:
            rate = ""
        else:
            self._compared += counts.compared
            rate = f"{self._compared / max(time.monotonic() - self._begun, 1e-9):,.0f} compared/s, "
        kinds = len(self._signatures)
        self._say(f"{rate}{self._mismatches:,} mismatches of {kinds} kinds", counts.generated)

    def _start(self, planned: int) -> None:
        if not self._stream.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=Console(file=self._stream), transient=True)
        self._task = self._bar.add_task("each subject against itself", total=planned)
        self._bar.start()

    def _say(self, text: str, more: int = 0) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=text, advance=more)

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
