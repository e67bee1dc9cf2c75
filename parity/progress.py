"""Live progress of a run on stderr, in the way that a listener there can read.

On a terminal: a bar, and under it what each worker of a cluster did.  Elsewhere a run on this machine
is silent, and one on a cluster, which may take days, leaves a few plain lines.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, TYPE_CHECKING

from .census import total
from .events import Clustering, Event, Finished, Rehearsed, ShardDone, Started

if TYPE_CHECKING:
    from rich.console import Group
    from rich.live import Live
    from rich.progress import Progress, TaskID

WORKERS_SHOWN = 16
"""How many workers of a cluster are shown while it works; all of them are told at the end."""

PLAIN_STEPS = 20
"""How many lines a whole run leaves where there is no terminal."""


class ProgressView:
    """Listens to a run as a context manager: cases done and to come, their rate, signatures so far.

    `told` says, if work is done on a cluster, who did how much, naming at most so many workers.
    """

    def __init__(self, stream: IO[str] | None = None, told: Callable[[int], str] | None = None) -> None:
        self._stream = stream or sys.stderr
        self._told = told
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._live: Live | None = None
        self._signatures: set[object] = set()
        self._planned = self._generated = self._compared = self._mismatches = self._step = 0
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
        self._generated += counts.generated
        if done.resumed:
            rate = ""
        else:
            self._compared += counts.compared
            rate = f"{self._compared / max(time.monotonic() - self._begun, 1e-9):,.0f} compared/s, "
        text = f"{rate}{self._mismatches:,} mismatches of {len(self._signatures)} kinds"
        self._say(text, counts.generated)
        self._say_plainly(text)

    def _start(self, planned: int) -> None:
        self._planned = planned
        if not self._stream.isatty():
            return
        from rich.console import Console
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns)
        self._task = self._bar.add_task("each subject against itself", total=planned)
        console = Console(file=self._stream)
        self._live = Live(get_renderable=self._picture, console=console, transient=True)
        self._live.start()

    def _picture(self) -> Group:
        from rich.console import Group
        from rich.text import Text

        assert self._bar is not None
        return Group(self._bar, *([Text(self._told(WORKERS_SHOWN))] if self._told else ()))

    def _say(self, text: str, more: int = 0) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=text, advance=more)

    def _say_plainly(self, text: str) -> None:
        """A block for each step that a cluster has gone, where a bar would only be noise."""
        step = self._generated * PLAIN_STEPS // max(self._planned, 1)
        if self._told is None or self._live is not None or step == self._step:
            return
        self._step = step
        self._stream.write(
            f"{self._generated:,} of {self._planned:,} cases, {text}\n{self._told(WORKERS_SHOWN)}\n"
        )
        self._stream.flush()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = self._bar = None
