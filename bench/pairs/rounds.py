"""Fresh processes, one after the other, until the claims are settled or the last look is taken.

The process is the unit of evidence: what two runs of one build differ in (addresses, hash
seed, the core they land on) is decided when a process starts, and no number of repetitions
inside it averages that away.  The looks are fixed beforehand; after each, only tasks that an
open claim needs are repeated.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Union

from driftgate.base.interrupts import shielded
from parity.outcome import Crash, Hang
from parity.watching import Tail, end_group, unhindered_seconds, unimportable

from ..events import Event, LeftOut, Progress, Sample, Void
from ..events import Worker as WorkerEvent
from ..machine import ROOT
from . import worker
from .placement import private_copies
from .tasks import SELF_TEST, Task, subjects_of
from .worker import Answer, Heard, Request

PATIENCE = 120.0
"""Seconds without a word, not counting those in which others had the processors, until it is a hang."""

_POLL_SECONDS = 0.5

Execute = Callable[[Request], Iterator[Answer]]
"""Runs a request in a fresh process; raises `WorkerDied`."""


class WorkerDied(Exception):
    """A measuring process did not finish; the message shows its last words."""


@dataclass
class Evidence:
    """What the processes said so far, by task."""

    samples: dict[Task, list[Sample]] = field(default_factory=dict)
    refused: dict[Task, Event] = field(default_factory=dict)
    workers: list[WorkerEvent] = field(default_factory=list)

    def add(self, task: Task | None, event: Event) -> bool:
        """Keep an answer; whether it tells anything new."""
        if isinstance(event, WorkerEvent):
            self.workers.append(event)
        elif task is not None and isinstance(event, Sample):
            self.samples.setdefault(task, []).append(event)
        elif task is not None:
            # Void in one process is void; a task left out once has no series.
            is_new = task not in self.refused
            self.refused.setdefault(task, event)
            return is_new
        return True

    def of(self, task: Task) -> list[Sample]:
        """Samples of a task, none where outputs differed in any process.

        A process that left it out, as a call took too long just then, gives no sample and takes none away.
        """
        return [] if isinstance(self.refused.get(task), Void) else self.samples.get(task, [])


def rounds(
    tasks: Sequence[Task],
    still_open: Callable[[Evidence], set[Task]],
    looks: Sequence[int],
    seed: int,
    release: bool,
    execute: Execute,
    evidence: Evidence,
) -> Iterator[Event]:
    """Events of all processes; `evidence` is filled on the way."""
    wanted = list(dict.fromkeys(tasks))
    done = 0
    for look in looks:
        while done < look:
            done += 1
            request = Request(done, seed, worker.padding(seed, done), release, tuple(wanted))
            try:
                yield from _one(request, looks, execute, evidence)
            except WorkerDied as error:
                yield LeftOut(f"process {done}", str(error), unfit=True)
                return
        needed = still_open(evidence)
        wanted = [task for task in wanted if task in needed or task.role == SELF_TEST]
        if not needed:
            return


def _one(request: Request, looks: Sequence[int], execute: Execute, evidence: Evidence) -> Iterator[Event]:
    where = f"process {request.process} of {min(look for look in looks if look >= request.process)}"
    for count, (task, event) in enumerate(execute(request), start=1):
        if task is not None:
            yield Progress(count, len(request.tasks), f"{where}: {task.operation}")
        is_new = evidence.add(task, event)
        if is_new and not _is_routine(task, event):
            yield event


def _is_routine(task: Task | None, event: Event) -> bool:
    """Generated inputs that are refused are counted by their distribution, not listed one by one."""
    return task is not None and task.role == "generated" and isinstance(event, LeftOut) and not event.unfit


def execute(request: Request) -> Iterator[Answer]:
    """In a process with a hash seed, a size of environment and copies of the extensions of its own."""
    with private_copies({name for task in request.tasks for name in subjects_of(task)}) as copies:
        yield from _executed(request, environment(os.environ, request, copies))


def _executed(request: Request, environment: Mapping[str, str]) -> Iterator[Answer]:
    heard = Heard()
    with shielded():
        process = subprocess.Popen(
            [sys.executable, "-m", worker.__name__],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # an interrupt from the terminal is for the run to heed
        )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    said = Tail(process.stderr.fileno())
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(worker.to_line(request).encode())
            process.stdin.close()
        yield from worker.answers(_lines(process, said, heard), request, heard)
        status = process.wait()
        if status != 0 or not heard.finished:
            raise WorkerDied(_last_words(heard, status, said.text()))
    finally:
        end_group(process.pid)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(BrokenPipeError):
                pipe.close()


def _lines(process: subprocess.Popen[bytes], said: Tail, heard: Heard) -> Iterator[str]:
    """Lines of a process as they come; one that stands still for too long is killed."""
    assert process.stdout is not None
    reader = process.stdout.fileno()
    os.set_blocking(reader, False)
    kept, is_open, since = b"", True, unhindered_seconds(process.pid)
    while is_open:
        select.select([reader, *((said.reader,) if said.is_open else ())], (), (), _POLL_SECONDS)
        said.read()
        ended = process.poll() is not None  # and then all it said is there
        try:
            data = os.read(reader, 1 << 16)
            is_open = bool(data)
            *lines, kept = (kept + data).split(b"\n")
            since = unhindered_seconds(process.pid)
            yield from (line.decode("utf-8", "replace") for line in lines)
        except BlockingIOError:
            is_open = not ended
            if unhindered_seconds(process.pid) - since > PATIENCE:
                heard.stood_still = True
                process.kill()
    said.read()


def _last_words(heard: Heard, status: int, said: str) -> str:
    """Why a process did not get to its end, and whose doing that may be."""
    died: Union[Crash, Hang] = Crash(-status) if status < 0 else Crash(0, status)
    outcome = Hang(PATIENCE) if heard.stood_still else died
    if heard.importing:
        return unimportable(heard.importing, outcome, said)
    last = said.strip().rpartition("\n")[2]
    who = "it"
    if heard.task is not None:
        one = heard.task
        who = f"{one.subject} or {one.against}, on {one.operation}({one.input}),"
    return f"{who} {outcome}" + (f": {last}" if last else "")


def environment(inherited: Mapping[str, str], request: Request, first: Path) -> dict[str, str]:
    """The worker's environment; modules in the folder `first` come before all others."""
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(first), inherited.get("PYTHONPATH")))),
        "PYTHONHASHSEED": str(worker.hash_seed(request.seed, request.process)),
        "DRIFTCORE_BENCH_PADDING": "x" * request.padding,
    }


def voids(evidence: Evidence) -> list[Void]:
    return [event for event in evidence.refused.values() if isinstance(event, Void)]
