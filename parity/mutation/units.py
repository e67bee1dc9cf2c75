"""The tests that `make test` runs beside the gate, put to a mutant that the gate lets pass.

C programs (unit tests, golden vectors, fuzzing corpora) are linked with the mutated library; the twin
tests of Python import the mutated extension.  Both learn the mutant from the environment.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import Unfit
from reports.provenance import ROOT

from .mutants import Mutant

ENVIRONMENT = "DRIFTCORE_MUTANT"
"""Read when the mutated library is loaded: the number of the mutant that is on, 0 for none."""

SECONDS = 120
MEMORY = 1 << 33
LONG = "core/tests/test_hostile_input.py", "core/tests/test_threads.py"
"""Millions of keys, and threads that race."""
TWIN_TESTS = ("core/tests", *(f"--ignore={path}" for path in LONG))

FAILED = re.compile(r"^(?:FAILED|ERROR) core/tests/(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Program:
    """A test of the C build: its name, the command that fails when something is wrong, what is linked in."""

    name: str
    command: tuple[str, ...]
    folder: str
    functions: frozenset[str]


@dataclass(frozen=True)
class Failure:
    """The kind of tests that saw a mutant, and which of them did."""

    kind: str
    test: str


class UnitsUnfit(Unfit):
    """A test fails without any mutant."""


def programs(tests: Path) -> list[Program]:
    """The tests of a CMake build."""
    listed = subprocess.run(
        ["ctest", "--test-dir", str(tests), "--show-only=json-v1"], capture_output=True, text=True, check=True
    )
    found = []
    for test in json.loads(listed.stdout)["tests"]:
        folder = next(one["value"] for one in test["properties"] if one["name"] == "WORKING_DIRECTORY")
        functions = functions_in(Path(test["command"][0]))
        found.append(Program(test["name"], tuple(test["command"]), folder, functions))
    return found


def functions_in(binary: Path) -> frozenset[str]:
    """The functions that the linker kept; of those that no one calls no test can tell anything."""
    listed = subprocess.run(["nm", str(binary)], capture_output=True, text=True, check=True).stdout
    return frozenset(line.split()[-1].partition(".")[0] for line in listed.splitlines() if line.strip())


def rehearsed(c_tests: Sequence[Program]) -> list[Program]:
    """The C tests, the quickest first; raises `UnitsUnfit` unless all tests pass as things are."""
    seconds = {}
    for program in c_tests:
        begun = time.monotonic()
        if _ended(program.command, program.folder, 0)[0] != 0:
            raise UnitsUnfit(f"without a mutant the C test {program.name} fails")
        seconds[program.name] = time.monotonic() - begun
    failure = _twin_failure(0)
    if failure is not None:
        raise UnitsUnfit(f"without a mutant the twin tests fail: {failure.test}")
    return sorted(c_tests, key=lambda program: seconds[program.name])


def failure(mutant: Mutant, c_tests: Sequence[Program]) -> Failure | None:
    """What of the tests fails with a mutant: C tests, or twin tests for the extension, which those lack."""
    if mutant.file.startswith("core/native"):
        return _twin_failure(mutant.number)
    for program in c_tests:
        reaches = mutant.function in program.functions
        if reaches and _ended(program.command, program.folder, mutant.number)[0] != 0:
            return Failure("C tests", program.name)
    return None


def _twin_failure(number: int) -> Failure | None:
    command = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TWIN_TESTS)
    code, said = _ended(command, str(ROOT), number)
    named = FAILED.search(said)
    return None if code == 0 else Failure("twin tests", named[1] if named else "crash or hang")


def _ended(command: Sequence[str], folder: str, number: int) -> tuple[int, str]:
    """The exit code, -1 after too long a time, and what was said."""
    environment: Mapping[str, str] = {**os.environ, ENVIRONMENT: str(number)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace",
            timeout=SECONDS, check=False, preexec_fn=_limit_memory,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -1, ""
    return done.returncode, done.stdout


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
