"""The tests that `make test` runs beside the gate, put to a mutant that the gate lets pass.

C programs (unit tests, golden vectors, fuzzing corpora) are linked with the mutated library; the twin
tests of Python import the mutated extension.  Both learn the mutant from the environment, and both tell
which mutants they met: a test that does not meet one is not run for it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy

from driftgate.base.exit_codes import Unfit
from reports.provenance import ROOT

from .mutants import Mutant

ENVIRONMENT = "DRIFTCORE_MUTANT"
"""Read when the mutated library is loaded: the number of the mutant that is on, 0 for none."""

MET_FOLDER = "DRIFTCORE_MUTANTS_MET"
"""Read when it is unloaded: a folder for a file that says of each mutant whether it was met."""

SECONDS = 120
LIMITED = "prlimit", f"--as={1 << 33}", "--core=0"
"""Put before a command: a mutant that asks for all memory must not get it."""

LONG = "test_hostile_input.py", "test_threads.py"
"""Millions of keys, and threads that race."""

FAILED = re.compile(r"^(?:FAILED|ERROR) core/tests/(\S+)", re.MULTILINE)
C_TESTS, TWIN_TESTS = "C tests", "twin tests"


@dataclass(frozen=True)
class Program:
    """A test as a process: its kind and name, the command that fails when something is wrong, and where.

    Rehearsed, it has the mutants that it meets and the seconds that it took.
    """

    kind: str
    name: str
    command: tuple[str, ...]
    folder: str
    met: frozenset[int] = frozenset()
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """The kind of tests that saw a mutant, and which of them did."""

    kind: str
    test: str


class UnitsUnfit(Unfit):
    """A test fails without any mutant."""


def programs(tests: Path, kinds: Collection[str]) -> list[Program]:
    """Of the C tests of a CMake build and the files of twin tests those of some kinds."""
    listed = subprocess.run(
        ["ctest", "--test-dir", str(tests), "--show-only=json-v1"], capture_output=True, text=True, check=True
    )
    found = []
    for test in json.loads(listed.stdout)["tests"]:
        folder = next(one["value"] for one in test["properties"] if one["name"] == "WORKING_DIRECTORY")
        found.append(Program(C_TESTS, test["name"], tuple(test["command"]), folder))
    pytest = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider")
    for path in sorted((ROOT / "core/tests").glob("test_*.py")):
        if path.name not in LONG:
            found.append(Program(TWIN_TESTS, path.name, (*pytest, str(path.relative_to(ROOT))), str(ROOT)))
    return [program for program in found if program.kind in kinds]


def functions_in(binary: Path) -> frozenset[str]:
    """The functions that the linker kept; of those that no one calls no test can tell anything."""
    listed = subprocess.run(["nm", str(binary)], capture_output=True, text=True, check=True).stdout
    return frozenset(line.split()[-1].partition(".")[0] for line in listed.splitlines() if line.strip())


def rehearsed(tests: Sequence[Program]) -> list[Program]:
    """The tests with what they meet, the quickest first; `UnitsUnfit` unless all pass as things are."""
    return sorted(map(_rehearsed, tests), key=lambda program: program.seconds)


def _rehearsed(program: Program) -> Program:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        code, said = _ended(program, {ENVIRONMENT: "0", MET_FOLDER: folder})
        seconds = time.monotonic() - begun
        if code != 0:
            raise UnitsUnfit(f"without a mutant the {program.kind} fail: {_failed(program, said)}")
        met: set[int] = set()
        for path in Path(folder).iterdir():
            marks = numpy.frombuffer(path.read_bytes(), dtype=numpy.uint8)
            met.update(map(int, numpy.flatnonzero(marks)))
    return replace(program, met=frozenset(met), seconds=seconds)


def kind_for(mutant: Mutant) -> str:
    """C tests, or twin tests for the extension, which those lack."""
    return TWIN_TESTS if mutant.file.startswith("core/native") else C_TESTS


def failure(mutant: Mutant, tests: Sequence[Program]) -> Failure | None:
    """What of the tests for it fails with a mutant."""
    kind = kind_for(mutant)
    for program in tests:
        if program.kind == kind and mutant.number in program.met:
            code, said = _ended(program, {ENVIRONMENT: str(mutant.number)})
            if code != 0:
                return Failure(kind, _failed(program, said))
    return None


def _failed(program: Program, said: str) -> str:
    named = FAILED.search(said)
    return named[1] if named else program.name


def _ended(program: Program, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code, -1 after too long a time, and what was said."""
    try:
        done = subprocess.run(
            (*LIMITED, *program.command), cwd=program.folder, env={**os.environ, **environment},
            capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -1, ""
    return done.returncode, done.stdout
