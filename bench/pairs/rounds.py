"""Fresh processes, one after the other, until the claims are settled or the last look is taken.

The process is the unit of evidence: what two runs of one build differ in (addresses, hash
seed, the core they land on) is decided when a process starts, and no number of repetitions
inside it averages that away.  The looks are fixed beforehand; after each, only tasks that an
open claim needs are repeated.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..events import Event, LeftOut, Progress, Sample, Void
from ..events import Worker as WorkerEvent
from ..machine import ROOT
from . import worker
from .placement import private_copies
from .tasks import SELF_TEST, Task, subjects_of
from .worker import Answer, Request

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
    process = subprocess.Popen(
        [sys.executable, "-m", worker.__name__],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt from the terminal is for the run to heed
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    try:
        process.stdin.write(worker.to_line(request))
        process.stdin.close()
        yield from worker.answers(iter(process.stdout), request.tasks)
        said = process.stderr.read()
        if process.wait() != 0:
            last = said.strip().rpartition("\n")[2]
            raise WorkerDied(f"measuring ended with {process.returncode}: {last}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


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
