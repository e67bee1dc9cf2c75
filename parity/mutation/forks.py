"""A fork for each mutant: it runs the gate and tells what it saw.

A fork that dies by a signal is a crash, one that makes no progress a hang; both are caught.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from .gate import Catch, Gate
from .mutants import Mutant
from .score import Fate
from .units import Program, failure

SECONDS_WITHOUT_PROGRESS = 4
"""Of the processor's time, which a busy machine does not take from it; of the clock ten times as many."""

STEP = 16
"""Progress is so many cases."""

MEMORY = 1 << 31
"""Bytes a fork may take beyond what its parent has: a mutant that asks for all memory must not get it."""

_HANGS = signal.SIGPROF, signal.SIGALRM

Between = Callable[[int], None]
Net = Callable[[int, Between], Optional[Catch]]


@dataclass
class _Fork:
    """A mutant in the first of some nets, and the seconds that the nets before it took."""

    mutant: Mutant
    nets: Sequence[Net]
    earlier: float
    pid: int
    pipe: int
    said: bytes = b""


def fates(gate: Gate, tests: Sequence[Program], mutants: Sequence[Mutant], workers: int) -> Iterator[Fate]:
    """The fate of each mutant, in the order in which they end: cases first, then costs, then tests.

    Each net has a fork of its own, so that what is counted is counted in the state of the rehearsal.
    """
    by_number = {mutant.number: mutant for mutant in mutants}

    def first_failure(number: int, _between: Between) -> Optional[Catch]:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        seen = failure(by_number[number], tests)
        return Catch(seen.kind, seen.test, 0) if seen else None

    nets = (gate.first_catch, gate.first_cost, first_failure)
    waiting: list[tuple[Mutant, Sequence[Net], float]] = [(mutant, nets, 0.0) for mutant in reversed(mutants)]
    running: dict[int, _Fork] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            fork = _start(*waiting.pop())
            running[fork.pipe] = fork
        for pipe in select.select(list(running), [], [], 1.0)[0]:
            fork = running[pipe]
            piece = os.read(pipe, 65536)
            if piece:
                fork.said += piece
                continue
            os.close(pipe)
            del running[pipe]
            _, status, usage = os.wait4(fork.pid, 0)
            fate = _fate(fork, status, fork.earlier + usage.ru_utime + usage.ru_stime)
            if fate.caught or len(fork.nets) == 1:
                yield fate
            else:
                waiting.append((fork.mutant, fork.nets[1:], fate.seconds))


def _start(mutant: Mutant, nets: Sequence[Net], earlier: float) -> _Fork:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid != 0:
        os.close(writing)
        return _Fork(mutant, nets, earlier, pid, reading)
    status = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for one in _HANGS:
            signal.signal(one, signal.SIG_DFL)
        caught = nets[0](mutant.number, _progress)
        os.write(writing, json.dumps(asdict(caught) if caught else None).encode())
        status = 0
    finally:
        os._exit(status)


def _progress(number: int) -> None:
    if number % STEP == 0:
        signal.setitimer(signal.ITIMER_PROF, SECONDS_WITHOUT_PROGRESS)
        signal.alarm(10 * SECONDS_WITHOUT_PROGRESS)


def _fate(fork: _Fork, status: int, seconds: float) -> Fate:
    if os.WIFSIGNALED(status):
        how = "hang" if os.WTERMSIG(status) in _HANGS else "crash"
        return Fate(fork.mutant, how, seconds=seconds)
    if os.WEXITSTATUS(status) != 0 or not fork.said:
        return Fate(fork.mutant, "crash", seconds=seconds)
    told = json.loads(fork.said)
    if told is None:
        return Fate(fork.mutant, "survived", seconds=seconds)
    return Fate(fork.mutant, told["how"], told["case"], told["cases"], seconds)
