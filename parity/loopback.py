"""A Dask scheduler and its workers as processes of this machine, for tests and for measuring.

They know nothing of the harness, as on other machines: neither its folder nor `PYTHONPATH`.  They listen on
127.0.0.1 alone, since Dask does what anyone asks who reaches it.  What they say is kept in logs beside the
scheduler's file.  They end with this process, however it ends.  Each has a session of its own: Linux shares
processors among sessions first, and workers of one would share what one gets.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .losable import die_with_parent


class Loopback:
    """A scheduler at `address`, a process of the id `scheduler`; `worker` adds a worker of one thread.

    `common` are options that all of them get.
    """

    def __init__(self, folder: Path, common: Sequence[str] = ()) -> None:
        self._folder = folder
        self._common = (
            "--host",
            "127.0.0.1",
            "--dashboard-address",
            "127.0.0.1:0",
            "--no-dashboard",
            *common,
        )
        self._running: list[subprocess.Popen[bytes]] = []
        self._started = 0
        self._file = folder / "scheduler.json"
        scheduler = self._start("dask_scheduler", "--port", "0")
        self.scheduler = scheduler.pid
        self.address = self._told(scheduler)

    def worker(self, *options: str, nanny: bool = False) -> subprocess.Popen[bytes]:
        """Its process; with a nanny that one's, which starts a worker process anew when it dies."""
        place = self._folder / f"worker-{self._started}"
        kind = "--nanny" if nanny else "--no-nanny"
        return self._start("dask_worker", "--nthreads", "1", kind, "--local-directory", str(place), *options)

    def end_workers(self) -> None:
        """Kill all workers, those of nannies too."""
        while len(self._running) > 1:
            self._end(self._running.pop())

    def stop(self) -> None:
        self.end_workers()
        self._end(self._running.pop())

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _told(self, scheduler: subprocess.Popen[bytes]) -> str:
        """The address that the scheduler writes into its file."""
        while scheduler.poll() is None:
            with suppress(OSError, ValueError):  # not there yet, or not whole
                address: str = json.loads(self._file.read_text(encoding="utf-8"))["address"]
                return address
            time.sleep(0.02)
        raise RuntimeError(f"the scheduler ended; {self._folder} has its log")

    def _start(self, command: str, *options: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", f"distributed.cli.{command}", *self._common, *options]
        with (self._folder / f"{command}-{self._started}.log").open("wb") as log:
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
        self._started += 1
        return process


@contextmanager
def loopback(folder: Path, common: Sequence[str] = ()) -> Iterator[Loopback]:
    """Its processes are ended with the context."""
    made = Loopback(folder, common)
    try:
        yield made
    finally:
        made.stop()
