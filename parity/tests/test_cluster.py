"""A campaign on a real Dask cluster: scheduler and workers are processes of their own, on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, Unfit
from parity import campaign, results
from parity.bundle import bundle
from parity.census import Tally
from parity.cluster import Cluster
from parity.events import Event, Finished, ShardDone
from parity.loopback import loopback
from parity.plan import Plan
from parity.workers import Here

ROOT = Path(__file__).resolve().parents[2]
PLAN = Plan("reference", "native", cases=16_000)


def census_of(events: Iterator[Event]) -> tuple[Tally, ...]:
    (finished,) = (event for event in events if isinstance(event, Finished))
    assert not finished.interrupted
    return finished.census


@pytest.fixture(scope="module")
def uncut() -> tuple[Tally, ...]:
    """The census of the whole run on this machine."""
    return census_of(campaign.run(PLAN, Here()))


def test_a_killed_worker_changes_nothing_but_who_did_the_work(
    tmp_path: Path, uncut: tuple[Tally, ...]
) -> None:
    with loopback(tmp_path) as cluster:
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
            told = executor.told()
    assert census_of(iter(kept)) == uncut
    assert sum(done.values()) == len(PLAN.shards())
    assert told.startswith("2 workers of the cluster\n") and told.count("then lost") == 1


def test_a_client_that_was_killed_comes_back_and_ends_as_if_it_had_stayed(
    tmp_path: Path, uncut: tuple[Tally, ...]
) -> None:
    out = tmp_path / "parity.ndjson"
    part = out.with_name("parity.ndjson.part")
    with loopback(tmp_path) as cluster:
        cluster.worker()
        words = ["--scheduler", cluster.address, "--cases", str(PLAN.cases), "--out", str(out)]
        command = [sys.executable, "-m", "parity", "run", *words]
        client = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while client.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < 3):
            time.sleep(0.02)
        client.kill()
        client.wait()
        before = part.read_bytes().count(b"\n") - 1
        assert 2 <= before < len(PLAN.shards()) and not out.exists()
        back = subprocess.run(
            [*command, "--resume"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )
    assert back.returncode == ExitCode.PASS, back.stdout + back.stderr
    started, finished = results.read_run(out)
    assert (started.plan, finished.census) == (PLAN, uncut)
    assert f"  {len(PLAN.shards()) - before} done" in back.stdout.splitlines()[-1]
    assert f"{started.planned:,} of {started.planned:,} cases" in back.stderr  # no terminal: plain lines


def test_a_worker_with_another_build_is_refused(tmp_path: Path) -> None:
    (tmp_path / "older.py").write_text(
        "import sys, types\n"
        "core = types.ModuleType('driftcore_native')\n"
        "core.__file__ = __file__\n"
        "core.__version__ = '0.0.9'\n"
        "sys.modules['driftcore_native'] = core\n"
    )
    with loopback(tmp_path) as cluster:
        cluster.worker("--preload", str(tmp_path / "older.py"))
        with pytest.raises(Unfit, match="no worker may judge: tcp://127"):
            Cluster(cluster.address, PLAN)


def test_no_scheduler_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parity.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(Unfit, match="`dask scheduler` starts one"):
        Cluster("tcp://127.0.0.1:9", PLAN)


def test_what_a_run_writes_does_not_change_the_build_that_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parity.bundle.ROOT", tmp_path)
    digests = []
    for name in (
        "parity/code.py",
        "reports/out/parity.ndjson.part",
        "reports/.out.abcdefgh.new/parity.ndjson",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("more and more")
        digests.append(bundle()[0])
    assert len(set(digests)) == 1
    (tmp_path / "parity" / "code.py").write_text("another")
    assert bundle()[0] not in digests
