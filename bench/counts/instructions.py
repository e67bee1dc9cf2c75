"""Instructions of a call, as the difference of two run lengths under Cachegrind.

Two runs of one program that differ only in how often they call: whatever both do (start,
payloads, the first call's growth of scratch memory) cancels, and what is left over the extra
calls is exact.  Starting and ending Python does not cancel whole: dicts keyed by address and the
allocator take some 100,000 instructions more or fewer by where memory comes to lie, which moves
with the path of the checkout, say.  So the extension is called so often more that this is little.
The count repeats to the digit while everything that chooses code by the machine is pinned:
OpenSSL's choice of routines by its variable, hash order by a fixed seed, addresses by
switching their randomisation off, the environment by emptying it.  The processor is the one
that Valgrind shows, which has no AVX-512 and no SHA instructions, and AVX2 where the host has
it; the name of a baseline tells.  So what is counted of SHA-256 is the portable routine.
GLIBC_TUNABLES is not used: the C library 2.36 reads it in a number of steps that varies from
run to run.

Source: the approach of iai (B. Heisler) and of rustc-perf; the Valgrind manual, chapter 5.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Union

from parity.operations import OPERATIONS

from ..events import Counted, LeftOut
from ..machine import ROOT
from ..native_results import HOW_TO_BUILD, find_binary
from . import DONE

WHAT = "instructions"
CALLS = (4, 24)
"""The two run lengths."""
EXTENSION_CALLS = (4, 1004)
FUNCTIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "struct_bytes",
    "struct_field_count",
    "process_export_payload",
    "build_span",
    "build_span_precomputed",
    "build_export_request",
    "export_span",
    "verify_span",
    "verify_struct",
)
PAYLOADS = ("http-0.4k", "rows-4k", "numbers-20k")
PYTHON_PAYLOAD = "rows-4k"

PINNED = {
    "OPENSSL_ia32cap": ":0x0",
    "PYTHONHASHSEED": "0",
}

Runner = Callable[[Sequence[str]], int]
"""Runs a program under Cachegrind and gives the instructions; raises `NotCounted`."""


class NotCounted(Exception):
    """A program could not be counted; the message says why."""


@dataclass(frozen=True)
class Program:
    """A name, the command that calls it, to which the number of calls is appended, and the two numbers."""

    name: str
    command: tuple[str, ...]
    calls: tuple[int, int]


def programs(binary: Path) -> list[Program]:
    """The C library's functions by themselves, then the extension's through Python."""
    found = [
        Program(name, (str(binary), "--repeat", name), CALLS)
        for function in FUNCTIONS
        for name in (f"{function}/{payload}" for payload in PAYLOADS)
    ]
    child = (sys.executable, "-m", "bench.counts.child", "native")
    return found + [
        Program(
            f"extension:{operation}/{PYTHON_PAYLOAD}", (*child, operation, PYTHON_PAYLOAD), EXTENSION_CALLS
        )
        for operation in OPERATIONS
    ]


def count(runner: Runner | None = None) -> Iterator[Union[Counted, LeftOut]]:
    """Events: a count for each program, or why there is none."""
    binary = find_binary()
    if runner is None and shutil.which("valgrind") is None:
        yield LeftOut(WHAT, "valgrind is not installed; Debian has it in the package valgrind", unfit=True)
        return
    if binary is None:
        yield LeftOut(WHAT, f"driftcore_bench is not built; build it with: {HOW_TO_BUILD}", unfit=True)
        return
    run = runner or cachegrind
    if runner is None:
        _write_bytecode()
    # Counting does not mind company, so all cores are used.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(lambda program: _counted(program, run), programs(binary))


def _write_bytecode() -> None:
    """Run the child once, or the first run to be counted would compile its modules and no other would."""
    command = (
        sys.executable,
        "-m",
        "bench.counts.child",
        "native",
        next(iter(OPERATIONS)),
        PYTHON_PAYLOAD,
        "1",
    )
    subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, check=False)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), **PINNED}


def _counted(program: Program, run: Runner) -> Union[Counted, LeftOut]:
    fewer, more = program.calls
    try:
        few, many = (run((*program.command, str(calls))) for calls in program.calls)
    except NotCounted as error:
        return LeftOut(f"{WHAT} of {program.name}", str(error), unfit=True)
    return Counted(program.name, (many - few) / (more - fewer), program.calls, (few, many))


def cachegrind(command: Sequence[str]) -> int:
    """Instructions of a whole process."""
    options = ("--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
    done = subprocess.run(
        ["setarch", "-R", "valgrind", *options, *command],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.findall(r"^==\d+== I\s+refs:\s+([\d,]+)", done.stderr, re.MULTILINE)
    if done.returncode != 0 or not found:
        last = done.stderr.strip().rpartition("\n")[2]
        raise NotCounted(f"valgrind ended with {done.returncode}: {last}")
    if command[0] == sys.executable and done.stdout.strip() != DONE:
        raise NotCounted("the process ended before it had made all its calls")
    return int(found[-1].replace(",", ""))


def version() -> str:
    """Valgrind's, as its counts may depend on it."""
    done = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "valgrind"
