"""A Dask scheduler and its workers as processes of this machine, for tests and for measuring.

They know nothing of the harness, as on other machines: neither its folder nor `PYTHONPATH`.  What they say
is kept in logs beside the scheduler's file.  They end with this process, however it ends.  Each has a session
of its own: Linux shares processors among sessions first, and workers of one would share what one gets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .losable import die_with_parent


class Loopback:
    """A scheduler at `address`, a process of the id `scheduler`; `worker` adds a worker of one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--host", "127.0.0.1").pid
        while not self._file.exists() or not self._file.read_text():
            time.sleep(0.1)
        self.address: str = json.loads(self._file.read_text())["address"]

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        place = self._folder / f"worker-{len(self._running)}"
        return self._start(
            "dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(place), *options
        )

    def stop(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()

    def _start(self, command: str, *options: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", f"distributed.cli.{command}", "--no-dashboard", *options]
        with (self._folder / f"{command}-{len(self._running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*words, "--scheduler-file", str(self._file)],
                cwd=self._folder,
                env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent,
                start_new_session=True,
            )
        self._running.append(process)
        return process


@contextmanager
def loopback(folder: Path) -> Iterator[Loopback]:
    """Its processes are ended with the context."""
    made = Loopback(folder)
    try:
        yield made
    finally:
        made.stop()
