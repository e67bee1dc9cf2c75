"""Subjects that exit, die, hang, print or fork, through the real command: none gets past it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cli import main
from bench.events import Event, LeftOut, Progress, Sample, Worker
from bench.pairs import apart, rounds, worker
from bench.pairs.rounds import WorkerDied, execute
from bench.pairs.tasks import PAIR, Task
from bench.pairs.worker import Heard, Request
from driftgate.base.exit_codes import ExitCode
from parity.tests.doubles import written

NAME = "faulty_subject"
OTHER = "sound_subject"
ALWAYS = "True"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """On the path of this process and, as for any candidate that is not installed, of those it starts."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    written(tmp_path, OTHER)
    return tmp_path


def run(folder: Path, payloads: str, candidate: str = NAME, against: str = OTHER) -> ExitCode:
    subjects = ("--candidate", candidate, "--against", against)
    chosen = ("--operation", "normalize_json", "--payloads", payloads)
    return main(["run", "--out", str(folder / "bench.ndjson"), *subjects, *chosen])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("sys.exit(0)", "importing it ended its process with status 0"),
        ("os._exit(0)", "importing it ended its process with status 0"),
        ("ctypes.string_at(0)", "importing it crashed with SIGSEGV"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
@pytest.mark.parametrize("payloads", ["empty", "recorded"])
@pytest.mark.parametrize("role", ["candidate", "against"])
def test_an_import_that_fails_in_any_way_is_unfit_by_name_in_one_line(
    role: str, payloads: str, fault: str, said: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, NAME, at_import=fault)
    names = (NAME, OTHER) if role == "candidate" else (OTHER, NAME)
    assert run(folder, payloads, *names) is ExitCode.UNFIT
    out, errors = capfd.readouterr()
    assert out == "" and errors.startswith(f"UNFIT: {NAME}: ") and said in errors and errors.count("\n") == 1
    assert not (folder / "bench.ndjson").exists()


@pytest.mark.parametrize("fault", ["os._exit(0)", "ctypes.string_at(0)"])
@pytest.mark.parametrize("payloads", ["empty", "recorded"])
def test_a_call_that_takes_its_process_with_it_is_unfit_by_name(
    payloads: str, fault: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    written(folder, NAME, in_call=fault, when=ALWAYS)
    assert run(folder, payloads) is ExitCode.UNFIT
    first = capfd.readouterr().out.splitlines()[0]
    ending = {"os._exit(0)": "ended its process with status 0", "ctypes.string_at(0)": "crashed with SIGSEGV"}
    assert first.startswith("UNFIT: ") and f"{NAME} or " in first and first.endswith(f"{ending[fault]}.")


def asked(*names: str) -> Request:
    return Request(
        1, 0, 64, False, tuple(Task(PAIR, "normalize_json", "empty", name, OTHER) for name in names)
    )


@pytest.mark.parametrize(
    "fault",
    ["print('x' * 10_000)", "os.write(1, b'{}\\n')", "print('x' * 100_000, file=sys.stderr)", "os.fork()"],
)
def test_what_a_subject_prints_or_forks_is_no_answer(fault: str, folder: Path) -> None:
    once = f"globals().get('met') or globals().update(met={fault!r}) or exec(met)"
    written(folder, NAME, at_import="print('imported', flush=True)", in_call=once, when=ALWAYS)
    found = [event for _, event in execute(asked(NAME))]
    assert [type(event) for event in found] == [Sample, Worker]


def test_a_process_that_exits_before_its_end_has_died_of_the_task_it_had_begun(folder: Path) -> None:
    written(folder, NAME, in_call="os._exit(0)", when=ALWAYS)
    with pytest.raises(WorkerDied) as raised:
        list(execute(asked(NAME)))
    who = f"{NAME} or {OTHER}, on normalize_json(empty),"
    assert str(raised.value) == f"{who} ended its process with status 0"


def test_a_process_that_exits_in_an_import_has_died_of_that(folder: Path) -> None:
    written(folder, NAME, at_import="print('so it ends', flush=True); os._exit(0)")
    with pytest.raises(WorkerDied) as raised:
        list(execute(asked(NAME)))
    assert str(raised.value) == f"{NAME}: importing it ended its process with status 0; it said 'so it ends'"


def test_a_call_that_raises_in_the_middle_of_its_batches_is_unfit_and_the_others_go_on(folder: Path) -> None:
    later = "globals().__setitem__('calls', globals().get('calls', 0) + 1) or calls > 20 and sys.exit(0)"
    written(folder, NAME, in_call=later, when=ALWAYS)
    found = [event for _, event in execute(asked(NAME, "reference"))]
    assert sorted(type(event).__name__ for event in found) == ["LeftOut", "Sample", "Worker"]
    left = next(event for event in found if isinstance(event, LeftOut))
    assert left.unfit and "SystemExit" in left.reason and NAME in left.reason


def test_a_process_that_stands_still_is_killed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(folder, NAME, in_call="os.kill(os.getpid(), signal.SIGSTOP)", when=ALWAYS)
    monkeypatch.setattr(rounds, "PATIENCE", 3.0)
    with pytest.raises(WorkerDied, match="had not ended after 3 s"):
        list(execute(asked(NAME)))


def test_lines_without_the_secret_are_not_heard() -> None:
    request = asked(NAME)
    forged = '{"task": null, "event": "worker"}'
    lines = [forged, f"{'0' * 32} {forged}", f'{request.secret} {{"begun": 0}}', "printed"]
    heard = Heard()
    assert list(worker.answers(lines, request, heard)) == []
    assert (heard.task, heard.finished) == (request.tasks[0], False)


def test_each_request_has_a_secret_of_its_own() -> None:
    assert len({asked(NAME).secret for _ in range(20)}) == 20


def test_measurements_apart_tell_of_a_child_that_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured() -> Iterator[Event]:
        yield Progress(0, 1, "normalize_json")
        os.kill(os.getpid(), signal.SIGSTOP)

    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    told = list(apart.apart("the check", "one or another", measured))
    last = told[-1]
    assert isinstance(last, LeftOut) and (last.what, last.unfit) == ("the check", True)
    assert re.fullmatch("one or another(, in normalize_json,)? had not ended after 0.5 s", last.reason)
