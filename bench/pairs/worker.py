"""A fresh process that measures: one request on stdin, events as lines on stdout.

    request   {"process": 3, "seed": 0, "padding": 1234, "release": false, "tasks": [[role, …], …]}
    answer    {"task": 17, "event": "measurement", "kind": "sample", …} for each task, in random
              order, then {"task": null, "event": "worker", …}

The tasks are named, not handed over, so that a process shares nothing with its parent but
the request.  The order of the tasks is drawn anew in each process.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Optional

from driftgate.base.exit_codes import Unfit

from ..events import Event, LeftOut, Sample, Worker, read, record
from . import probes, tasks
from .contest import measure, unrepeatable
from .tasks import Task
from .timing import Clock, undisturbed

SPINS = 5
"""Looks at the clock frequency: before, during and after."""


@dataclass(frozen=True)
class Request:
    process: int
    seed: int
    padding: int
    release: bool
    tasks: tuple[Task, ...]


Answer = tuple[Optional[Task], Event]


def work(request: Request, clock: Clock) -> Iterator[Answer]:
    """Measure every task; the last answer is about the process itself."""
    effort = tasks.RELEASE if request.release else tasks.QUICK
    order = list(request.tasks)
    random.Random(f"{request.seed}/{request.process}").shuffle(order)
    counters = probes.Counters()
    begun, first = clock(), counters.read()
    spins = [probes.spin_ns(clock)]
    blocks = contaminated = 0
    for done, task in enumerate(order, start=1):
        event = _measure(task, request, effort, clock)
        if isinstance(event, Sample):
            blocks += len(event.subject_first)
            contaminated += len(event.contaminated)
        yield task, event
        if done % max(1, len(order) // (SPINS - 1)) == 0:
            spins.append(probes.spin_ns(clock))
    last = counters.read()
    stolen = None if first.steal is None or last.steal is None else last.steal - first.steal
    yield (
        None,
        Worker(
            process=request.process,
            hash_seed=hash_seed(request.seed, request.process),
            padding=request.padding,
            seconds=(clock() - begun) / 1e9,
            load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            spin_ns=tuple(spins),
            steal_ms=None if stolen is None else stolen * probes.TICK_MS,
            switches=last.switches - first.switches,
            blocks=blocks,
            contaminated=contaminated,
            label=probes.label(tuple(spins), blocks, contaminated),
        ),
    )
    counters.close()


def _measure(task: Task, request: Request, effort: tasks.Effort, clock: Clock) -> Event:
    what = f"{task.operation}({task.input})"
    try:
        contest = tasks.contest(task, clock)
    except (Unfit, ValueError) as error:
        return LeftOut(what, f"{task.subject} against {task.against}, {error}", unfit=True)
    except Exception as error:  # the slowed subject raised while it was calibrated
        return LeftOut(what, f"{task.subject} against {task.against}, {type(error).__name__}: {error}")
    if task.role == tasks.GENERATED:
        reason = unrepeatable(contest)
        if reason is not None:
            return LeftOut(what, f"{contest.rivals}, {reason}")
    return measure(contest, f"{request.seed}/{request.process}", clock, effort.of(task), request.process)


def hash_seed(seed: int, process: int) -> int:
    """The hash seed of a process: varied on purpose, the same again for the same run."""
    return random.Random(f"{seed}/{process}/hash").randrange(1, 2**32)


def padding(seed: int, process: int) -> int:
    """Bytes added to the environment, which move the stack.

    Source: T. Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!",
    ASPLOS 2009: the size of the environment alone biased measurements by up to 300 %.
    """
    return random.Random(f"{seed}/{process}/padding").randrange(4096)


def to_line(request: Request) -> str:
    return json.dumps({**asdict(request), "tasks": [list(asdict(task).values()) for task in request.tasks]})


def from_line(line: str) -> Request:
    members = json.loads(line)
    return Request(**{**members, "tasks": tuple(Task(*names) for names in members["tasks"])})


def answers(lines: Iterator[str], given: Sequence[Task]) -> Iterator[Answer]:
    """What a process said, read back."""
    for line in lines:
        said = json.loads(line)
        number = said.pop("task")
        yield (None if number is None else given[number]), read(said)


def main(source: IO[str] = sys.stdin, out: IO[str] = sys.stdout) -> None:
    request = from_line(source.read())
    numbers = {task: number for number, task in enumerate(request.tasks)}
    with undisturbed():
        for task, event in work(request, time.perf_counter_ns):
            name, fields = record(event)
            line = {"task": None if task is None else numbers[task], "event": name, **fields}
            print(json.dumps(line), file=out, flush=True)


if __name__ == "__main__":
    main()
