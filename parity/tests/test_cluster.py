"""A campaign on a real Dask cluster: scheduler and workers are processes of their own, on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parity import campaign
from parity.census import Tally
from parity.cluster import Cluster
from parity.events import Event, Finished, ShardDone
from parity.plan import Plan
from parity.subjects import Unfit
from parity.workers import Here

PLAN = Plan("reference", "native", cases=16_000)


class Processes:
    """The scheduler and its workers; they know nothing of the harness."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        self._start("dask_scheduler", "--port", "0", "--host", "127.0.0.1")
        while not self._file.exists() or not self._file.read_text():
            time.sleep(0.1)
        self.address: str = json.loads(self._file.read_text())["address"]

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        place = self._folder / f"worker-{len(self._running)}"
        return self._start(
            "dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(place), *options
        )

    def _start(self, command: str, *options: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", f"distributed.cli.{command}", "--no-dashboard", *options]
        process = subprocess.Popen(
            [*words, "--scheduler-file", str(self._file)],
            cwd=self._folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    made = Processes(folder)
    try:
        yield made
    finally:
        made.stop()


def census_of(events: Iterator[Event]) -> tuple[Tally, ...]:
    (finished,) = (event for event in events if isinstance(event, Finished))
    assert not finished.interrupted
    return finished.census


def test_a_killed_worker_changes_nothing_but_who_did_the_work(tmp_path: Path) -> None:
    with processes(tmp_path) as cluster:
        workers = [cluster.worker(), cluster.worker()]
        with Cluster(cluster.address, PLAN, least=2) as executor:
            assert executor.count == 2 and not executor.refused
            events = campaign.run(PLAN, executor)
            kept: list[Event] = []
            for event in events:
                kept.append(event)
                if isinstance(event, ShardDone):
                    os.kill(workers[0].pid, signal.SIGKILL)
                    break
            kept += events
            done = dict(executor.done_by)
    assert census_of(iter(kept)) == census_of(campaign.run(PLAN, Here()))
    assert sum(done.values()) == len(PLAN.shards())


def test_a_worker_with_another_build_is_refused(tmp_path: Path) -> None:
    (tmp_path / "older.py").write_text(
        "import sys, types\n"
        "core = types.ModuleType('driftcore_native')\n"
        "core.__file__ = __file__\n"
        "core.__version__ = '0.0.9'\n"
        "sys.modules['driftcore_native'] = core\n"
    )
    with processes(tmp_path) as cluster:
        cluster.worker("--preload", str(tmp_path / "older.py"))
        with pytest.raises(Unfit, match="no worker may judge: tcp://127"):
            Cluster(cluster.address, PLAN)


def test_no_scheduler_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(Unfit, match="`dask scheduler` starts one"):
        Cluster("tcp://127.0.0.1:9", PLAN)
