"""A campaign on a real Dask cluster: scheduler and workers are processes of their own, on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cloudpickle
import pytest

from driftgate.base.exit_codes import ExitCode, Unfit
from parity import admission, bundle, campaign, cluster, results, scheduler_link
from parity.census import Tally
from parity.cli import main
from parity.cluster import Cluster
from parity.events import Event, Finished, ShardDone
from parity.loopback import Loopback, loopback
from parity.plan import Plan
from parity.results import RunFile
from parity.steady import Steadiness
from parity.workers import Here

ROOT = Path(__file__).resolve().parents[2]
PLAN = Plan("reference", "native", ("normalize_json",), cases=12_000)

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # tests do not travel with the build


def census_of(events: Iterator[Event]) -> tuple[Tally, ...]:
    (finished,) = (event for event in events if isinstance(event, Finished))
    assert not finished.interrupted
    return finished.census


@pytest.fixture(scope="module", autouse=True)
def unrehearsed() -> Iterator[None]:
    """No subject is put against itself first: that is done on this machine, whoever compares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaign, "rehearse", lambda plan, stopped: Steadiness(0, ()))
        yield


@pytest.fixture(scope="module")
def uncut(unrehearsed: None) -> tuple[Tally, ...]:
    """The census of the whole run on this machine."""
    return census_of(campaign.run(PLAN, Here()))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take long to start a worker."""
    monkeypatch.setattr(cluster, "FIRST_SECONDS", 120)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with loopback(tmp_path_factory.mktemp("scheduler")) as made:
        yield made


@pytest.fixture
def dask(scheduler: Loopback) -> Iterator[Loopback]:
    """A scheduler that has only the workers that a test adds."""
    yield scheduler
    scheduler.end_workers()


@dataclass(frozen=True)
class Steady:
    """A scheduler, by address and process, and the port of its only worker, for tests that harm neither."""

    address: str
    scheduler: int
    port: int


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steady]:
    port = free_port()
    with loopback(tmp_path_factory.mktemp("steady")) as made:
        made.worker("--worker-port", str(port))
        yield Steady(made.address, made.scheduler, port)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def double(plan: Plan, item: int) -> int:
    return 2 * item


def signal_once(plan: Plan, item: tuple[Path, int]) -> int:
    """In the middle of the work a signal comes, the first time that it is done."""
    mark, number = item
    with suppress(FileExistsError), mark.open("x") as new:
        new.write(str(os.getpid()))
        new.flush()
        os.kill(os.getpid(), number)
        time.sleep(3600)
    return os.getpid()


def meet(plan: Plan, folder: Path) -> int:
    """Goes on once two processes are at it."""
    (folder / str(os.getpid())).touch()
    for _ in range(6000):
        if len(list(folder.iterdir())) > 1:
            return os.getpid()
        time.sleep(0.02)
    raise TimeoutError("alone")


def die(plan: Plan, item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_killed_worker_changes_nothing_but_who_did_the_work(
    dask: Loopback, tmp_path: Path, uncut: tuple[Tally, ...]
) -> None:
    workers = [dask.worker(), dask.worker()]
    with Cluster(dask.address, PLAN, least=2) as executor:
        assert executor.count == 2
        events = campaign.run(PLAN, executor)
        kept: list[Event] = []
        for event in events:
            kept.append(event)
            if isinstance(event, ShardDone):
                os.kill(workers[0].pid, signal.SIGKILL)
                break
        kept += events
    done, told = executor.done_by, executor.told()
    assert census_of(iter(kept)) == uncut
    assert sum(done.values()) == len(PLAN.shards())
    assert told.startswith("2 workers of the cluster\n") and told.count("then lost") == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_worker_was_at_when_it_died_is_done_once_by_another(
    dask: Loopback, number: int, tmp_path: Path
) -> None:
    dask.worker()
    dask.worker()
    with Cluster(dask.address, PLAN, least=2) as executor:
        items = [(tmp_path / "mark", number)] * 6
        done = list(executor.each(signal_once, PLAN, items))
    assert len(done) == len(items) and int((tmp_path / "mark").read_text()) not in done
    assert sorted(executor.done_by.values()) == [0, 6] and "0 done, then lost" in executor.told()


@pytest.mark.parametrize("same_address", [False, True])
def test_a_worker_that_its_nanny_starts_anew_is_taken_back(
    dask: Loopback, same_address: bool, tmp_path: Path
) -> None:
    dask.worker("--worker-port", str(free_port()) if same_address else "0", nanny=True)
    with Cluster(dask.address, PLAN) as executor:
        items = [(tmp_path / "mark", signal.SIGKILL), *[(tmp_path / "mark", 0)] * 4]
        done = list(executor.each(signal_once, PLAN, items))
    told = executor.told()
    assert len(done) == 5 and len(set(done) - {int((tmp_path / "mark").read_text())}) == 1
    assert sum(executor.done_by.values()) == 5 and executor.count == 1
    assert told.startswith("1 worker " if same_address else "2 workers ")
    assert told.count("then lost") == (0 if same_address else 1)


def test_a_worker_that_joins_late_is_used(dask: Loopback, tmp_path: Path) -> None:
    met = tmp_path / "met"
    met.mkdir()
    dask.worker()
    with Cluster(dask.address, PLAN) as executor:
        assert executor.count == 1
        dask.worker()
        done = list(executor.each(meet, PLAN, [met] * 6))
    assert len(done) == 6 and executor.count == 2
    assert {int(one.name) for one in met.iterdir()} == set(done)


def test_work_that_kills_its_workers_again_and_again_is_unfit(
    dask: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "TRIES", 1)
    dask.worker(nanny=True)
    died = "2 workers died with the same work"
    with Cluster(dask.address, PLAN) as executor, pytest.raises(Unfit, match=died):
        list(executor.each(die, PLAN, [1]))
    assert executor.told().count("then lost") == 2


def test_work_that_the_scheduler_gives_up_is_unfit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    died = "1 worker died with the same work"
    with loopback(tmp_path) as dask:
        dask.worker()
        with Cluster(dask.address, PLAN) as executor, pytest.raises(Unfit, match=died):
            list(executor.each(die, PLAN, [1]))


def test_without_workers_a_campaign_ends_and_is_resumed_by_new_ones(
    dask: Loopback, tmp_path: Path, uncut: tuple[Tally, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "LOST_SECONDS", 1)
    out = tmp_path / "parity.ndjson"
    worker = dask.worker()
    with (
        RunFile(out) as file,
        pytest.raises(Unfit, match=r"no worker is left, and none came within 1 s; --resume"),
        Cluster(dask.address, PLAN) as executor,
    ):
        for event in campaign.run(PLAN, executor):
            file.write(event)
            worker.kill()
    assert "none is left" in executor.told()
    dask.worker()
    with Cluster(dask.address, PLAN) as executor, RunFile(out, resume=True) as file:
        kept = file.done()
        for event in campaign.run(PLAN, executor, done=kept):
            file.write(event)
    started, finished = results.read_run(out)
    assert (started.plan, finished.census) == (PLAN, uncut)
    assert sum(executor.done_by.values()) == len(PLAN.shards()) - len(kept)


def test_a_scheduler_that_goes_away_ends_the_campaign(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler_link, "CONNECT_SECONDS", 1)
    with loopback(tmp_path) as dask:
        dask.worker()
        with Cluster(dask.address, PLAN) as executor:
            done = executor.each(double, PLAN, range(1000))
            next(done)
            os.kill(dask.scheduler, signal.SIGKILL)
            with pytest.raises(Unfit, match=f"the scheduler at {dask.address} went away; --resume"):
                list(done)
    assert capfd.readouterr().err == ""


def test_a_scheduler_that_falls_silent_ends_the_campaign(
    steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(cluster, "LOST_SECONDS", 1)
    with Cluster(steady.address, PLAN) as executor:
        os.kill(steady.scheduler, signal.SIGSTOP)
        try:
            with pytest.raises(Unfit, match=f"the scheduler at {steady.address} has not answered for 1 s"):
                list(executor.each(double, PLAN, [1]))
        finally:
            os.kill(steady.scheduler, signal.SIGCONT)


def test_a_scheduler_without_workers_says_how_to_start_one(
    dask: Loopback, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FIRST_SECONDS", 1)
    with pytest.raises(Unfit, match=f"has 0 of the 1 worker needed; `dask worker {dask.address}`"):
        Cluster(dask.address, PLAN)
    with pytest.raises(KeyboardInterrupt):
        Cluster(dask.address, PLAN, stopped=lambda: True)
    assert capfd.readouterr().err == ""


def test_a_worker_is_no_scheduler(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> None:
    with Cluster(steady.address, PLAN):
        pass  # so the worker is there
    monkeypatch.setattr(scheduler_link, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(scheduler_link, "GREET_SECONDS", 1)
    with pytest.raises(Unfit, match=rf"^what (answers|listens) at tcp://127.0.0.1:{steady.port} "):
        Cluster(f"tcp://127.0.0.1:{steady.port}", PLAN)


def test_what_the_work_raises_is_raised_here(steady: Steady) -> None:
    def fails(plan: Plan, item: int) -> int:
        raise LookupError("no such thing")

    with Cluster(steady.address, PLAN) as executor:
        with pytest.raises(LookupError, match="no such thing"):
            list(executor.each(fails, PLAN, [1]))
        assert executor.one(double, PLAN, 21) == 42


def test_a_client_that_was_killed_comes_back_and_ends_as_if_it_had_stayed(
    steady: Steady, tmp_path: Path, uncut: tuple[Tally, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "parity.ndjson"
    part = out.with_name("parity.ndjson.part")
    words = ["run", "--scheduler", steady.address, "--cases", str(PLAN.cases), "--out", str(out)]
    words += [word for name in PLAN.operations for word in ("--operation", name)]
    command = [sys.executable, "-m", "parity", *words]
    client = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while client.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < 3):
        time.sleep(0.02)
    client.kill()
    client.wait()
    before = part.read_bytes().count(b"\n") - 1
    assert 2 <= before < len(PLAN.shards()) and not out.exists()
    code = main([*words, "--resume"])
    back = capsys.readouterr()
    assert code == ExitCode.PASS, back.out + back.err
    started, finished = results.read_run(out)
    assert (started.plan, finished.census) == (PLAN, uncut)
    assert f"  {len(PLAN.shards()) - before} done" in back.out.splitlines()[-1]
    assert f"{started.planned:,} of {started.planned:,} cases" in back.err  # no terminal: plain lines


OTHERS = {
    "core": """
import sys, types
core = types.ModuleType("driftcore_native")
core.__file__ = __file__
core.__version__ = "0.0.9"
sys.modules["driftcore_native"] = core
""",
    "harness": f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import parity
""",
}
"""What a worker has loaded that has a core or a harness of its own."""


@pytest.mark.parametrize("other", OTHERS)
def test_a_worker_with_another_build_is_refused(other: str, dask: Loopback, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(OTHERS[other])
    dask.worker("--preload", str(tmp_path / "other.py"))
    with pytest.raises(Unfit, match=r"^no worker may judge: tcp://127[^\n]*$"):
        Cluster(dask.address, PLAN)


def test_a_process_without_the_build_gets_it_before_it_judges(steady: Steady) -> None:
    """As one has none that a nanny started at the address of an admitted one."""

    def drop(plan: Plan, item: int) -> int:
        for name in [name for name in sys.modules if name.partition(".")[0] == "parity"]:
            del sys.modules[name]
        sys.path[:] = [folder for folder in sys.path if "driftcore-" not in folder]
        return item

    with Cluster(steady.address, PLAN) as executor:
        assert executor.one(drop, PLAN, 1) == 1
        assert executor.one(double, PLAN, 21) == 42


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
        digests.append(bundle.bundle()[0])
    assert len(set(digests)) == 1
    (tmp_path / "parity" / "code.py").write_text("another")
    assert bundle.bundle()[0] not in digests


def test_a_build_is_unpacked_once_and_stands_first_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, archive = bundle.bundle()
    monkeypatch.setattr(sys, "path", ["elsewhere"])
    folder = tmp_path / "worker" / "build"
    bundle.unpack(archive, folder)
    loaded = folder / "parity" / "plan.py"
    assert loaded.read_bytes() == (ROOT / "parity" / "plan.py").read_bytes()
    loaded.write_text("as it was loaded")
    bundle.unpack(archive, folder)
    assert loaded.read_text() == "as it was loaded" and sys.path[0] == str(folder)
    assert [one.name for one in folder.parent.iterdir()] == ["build"]
