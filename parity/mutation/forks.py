"""A fork for each mutant: it sets the switch, runs the gate and tells what it saw.

A fork that dies by a signal is a crash, one that makes no progress a hang; both are caught.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .gate import Gate
from .mutants import SWITCH, Mutant
from .score import Fate

SECONDS_WITHOUT_PROGRESS = 10
MEMORY = 1 << 31
"""Bytes a fork may take beyond what its parent has: a mutant that asks for all memory must not get it."""


@dataclass
class _Fork:
    mutant: Mutant
    pid: int
    pipe: int
    begun: float
    said: bytes = b""


def fates(
    gate: Gate,
    mutants: Sequence[Mutant],
    extension: str,
    workers: int,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Fate]:
    """The fate of each mutant, in the order in which they end."""
    switch = ctypes.c_int.in_dll(ctypes.CDLL(extension), SWITCH)
    waiting = list(reversed(mutants))
    running: dict[int, _Fork] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            fork = _start(gate, waiting.pop(), switch, clock)
            running[fork.pipe] = fork
        for pipe in select.select(list(running), [], [], 1.0)[0]:
            fork = running[pipe]
            piece = os.read(pipe, 65536)
            if piece:
                fork.said += piece
                continue
            os.close(pipe)
            del running[pipe]
            yield _fate(fork, os.waitpid(fork.pid, 0)[1], clock() - fork.begun)


def _start(gate: Gate, mutant: Mutant, switch: ctypes.c_int, clock: Callable[[], float]) -> _Fork:
    reading, writing = os.pipe()
    begun = clock()
    pid = os.fork()
    if pid != 0:
        os.close(writing)
        return _Fork(mutant, pid, reading, begun)
    status = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

        def progress(number: int) -> None:
            if number % 64 == 0:
                signal.alarm(SECONDS_WITHOUT_PROGRESS)

        switch.value = mutant.number
        caught = gate.first_catch(progress)
        switch.value = 0
        os.write(writing, json.dumps(asdict(caught) if caught else None).encode())
        status = 0
    finally:
        os._exit(status)


def _fate(fork: _Fork, status: int, seconds: float) -> Fate:
    if os.WIFSIGNALED(status):
        how = "hang" if os.WTERMSIG(status) == signal.SIGALRM else "crash"
        return Fate(fork.mutant, how, seconds=seconds)
    if os.WEXITSTATUS(status) != 0 or not fork.said:
        return Fate(fork.mutant, "crash", seconds=seconds)
    told = json.loads(fork.said)
    if told is None:
        return Fate(fork.mutant, "survived", seconds=seconds)
    return Fate(fork.mutant, told["how"], told["case"], told["cases"], told["seconds"])
