"""A fresh process that measures: one request on stdin, events as lines on stdout.

    request   {"secret": "…", "process": 3, "seed": 0, "padding": 1234, "release": false,
               "tasks": [[role, …], …]}
    answer    {"task": 17, "event": "measurement", "kind": "sample", …} for each task, in random
              order, then {"task": null, "event": "worker", …}
    word      {"begun": 17} before each task, {"importing": "native"} before an import, and with "" behind it

Each line is preceded by the secret, and only such lines count: what a subject prints goes to stderr.
The tasks are named, not handed over, so that a process shares nothing with its parent but
the request.  The order of the tasks is drawn anew in each process.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import IO, Optional

from driftgate.base.exit_codes import Unfit
from driftgate.base.streams import keep_stdout
from parity import losable, memory

from ..events import Event, LeftOut, Sample, Worker, read, record
from . import probes, tasks
from .contest import measure, unrepeatable
from .tasks import Task
from .timing import Clock, undisturbed

SPINS = 5
"""Looks at the clock frequency: before, during and after."""


@dataclass(frozen=True)
class Request:
    """What one process is to measure; `secret` is known to it and its parent alone."""

    process: int
    seed: int
    padding: int
    release: bool
    tasks: tuple[Task, ...]
    secret: str = field(default_factory=lambda: secrets.token_hex(16), compare=False)


Answer = tuple[Optional[Task], Event]


def work(
    request: Request, clock: Clock, begun: Callable[[Task], None] = lambda task: None
) -> Iterator[Answer]:
    """Measure every task, of which `begun` is told; the last answer is about the process itself."""
    effort = tasks.RELEASE if request.release else tasks.QUICK
    order = list(request.tasks)
    random.Random(f"{request.seed}/{request.process}").shuffle(order)
    counters = probes.Counters()
    start, first = clock(), counters.read()
    spins = [probes.spin_ns(clock)]
    blocks = contaminated = 0
    for done, task in enumerate(order, start=1):
        begun(task)
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
            seconds=(clock() - start) / 1e9,
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
    except BaseException as error:  # the slowed subject raised while it was calibrated
        return LeftOut(what, f"{task.subject} against {task.against}, {type(error).__name__}: {error}")
    if task.role == tasks.GENERATED:
        reason = unrepeatable(contest)
        if reason is not None:
            return LeftOut(what, f"{contest.rivals}, {reason}")
    try:
        return measure(contest, f"{request.seed}/{request.process}", clock, effort.of(task), request.process)
    except BaseException as error:  # it raised in the middle of a batch, and not before it
        return LeftOut(what, f"{contest.rivals}, {type(error).__name__}: {error}", unfit=True)


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


@dataclass
class Heard:
    """Of a process the task it had begun and the subject it was importing last, and whether all was said."""

    task: Optional[Task] = None
    importing: str = ""
    finished: bool = False
    stood_still: bool = False


def answers(lines: Iterable[str], request: Request, heard: Heard) -> Iterator[Answer]:
    """What a process said, read back; `heard` is kept up to date on the way."""
    for line in lines:
        before, _, text = line.partition(" ")
        if before != request.secret:
            continue
        said = json.loads(text)
        if "begun" in said:
            heard.task = request.tasks[said["begun"]]
        elif "importing" in said:
            heard.importing = said["importing"]
        else:
            number = said.pop("task")
            heard.finished = number is None
            yield (None if number is None else request.tasks[number]), read(said)


class _Words:
    """What this process says, a line each; a subject that forked in its call returns from it twice."""

    def __init__(self, out: IO[str], request: Request) -> None:
        self._out, self._secret, self._owner = out, request.secret, os.getpid()
        self._numbers = {task: number for number, task in enumerate(request.tasks)}

    def answer(self, task: Optional[Task], event: Event) -> None:
        name, fields = record(event)
        self._say({"task": None if task is None else self._numbers[task], "event": name, **fields})

    def begun(self, task: Task) -> None:
        self._say({"begun": self._numbers[task]})

    def importing(self, name: str) -> None:
        self._say({"importing": name})

    def beat(self) -> None:
        """Nobody counts these."""

    def _say(self, line: dict[str, object]) -> None:
        if os.getpid() != self._owner:
            os._exit(0)
        print(self._secret, json.dumps(line), file=self._out, flush=True)


def main(source: IO[str], out: IO[str]) -> None:
    request = from_line(source.read())
    words = _Words(out, request)
    losable.followed_by(words)
    with undisturbed():
        for task, event in work(request, time.perf_counter_ns, words.begun):
            words.answer(task, event)


if __name__ == "__main__":
    losable.die_with_parent()
    memory.bound(memory.MEMORY)
    own = keep_stdout()
    losable.keep_private(own.fileno())
    main(sys.stdin, own)
    os._exit(0)  # what subjects left for the end has no say in how this ends
