"""Points 3 and 4: failing allocations, references on a debug Python, the heap over a million calls."""

from __future__ import annotations

import json
import shutil
import sysconfig
from pathlib import Path

from . import suites
from .check import Outcome
from .workspace import BuildFailed, Workspace

CALLS_PER_FUNCTION, CALLS_PER_ERROR = 100_000, 2_000
REFERENCES_AT_REST = 50
"""What caches of the interpreter may add over all calls; a leak adds one per call."""
HEAP_CALLS = 1_000_000
HEAP_AT_REST = 64 * 1024


failing_allocations_in_c = suites.ctest("no-memory-c", "tests", "^(memory|context)$")
"""Every allocation of every public function fails once, and from there on, by the allocator."""

_failing_allocations_in_python = suites.pytest("no-memory-python", "core/tests/test_no_memory.py")
"""The same by _testcapi.set_nomemory."""


def failing_allocations(workspace: Workspace) -> Outcome:
    """Every allocation fails in turn, in C and in Python."""
    c, python = failing_allocations_in_c(workspace), _failing_allocations_in_python(workspace)
    skipped = (
        ("_testcapi is missing, nothing failed to allocate",) if suites.SKIPPED in python.figures else ()
    )
    return Outcome(python.figures, (*c.findings, *python.findings, *skipped))


def debug_python(workspace: Workspace) -> tuple[str, Path]:
    """A debug build of Python and the extension for it."""
    python = shutil.which("python3-dbg")
    if python is None:
        raise BuildFailed("python3-dbg is not there: run `make harden-setup`")
    asked = workspace.run(
        "debug-python",
        [python, "-c", "import sysconfig as s; print(s.get_path('include'), s.get_config_var('LIBDIR'),"
         " s.get_config_var('LDLIBRARY'))"],
    )  # fmt: skip
    include, libraries, library = asked.output.split()
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    places = [Path(libraries, library), Path(libraries, multiarch, library)]
    found = next((place for place in places if place.exists()), places[0])
    site = workspace.site(
        "extension-debug", python, f"-DPython_INCLUDE_DIR={include}", f"-DPython_LIBRARY={found}"
    )
    return python, site


def references(workspace: Workspace) -> Outcome:
    """The total reference count stays, and arguments stay as they were."""
    python, site = debug_python(workspace)
    done = workspace.run(
        "references",
        [python, "-m", "core.harden.probes.references", str(CALLS_PER_FUNCTION), str(CALLS_PER_ERROR)],
        {"PYTHONPATH": f"{site}:core"},
    )
    if done.status != 0:
        return Outcome({}, done.problems("references"))
    rows = json.loads(done.output.splitlines()[-1])
    findings = [
        f"{row['function']}: {row['moved']} references after {row['calls']} "
        f"{'answered' if row['answered'] else 'refused'} calls"
        for row in rows
        if abs(row["moved"]) > REFERENCES_AT_REST
    ]
    findings += [f"{row['function']} changed its arguments" for row in rows if row["arguments_changed"]]
    figures = {
        "calls": sum(row["calls"] for row in rows),
        "most references moved": max(abs(row["moved"]) for row in rows),
    }
    return Outcome(figures, tuple(findings))


def heap(workspace: Workspace) -> Outcome:
    """What malloc() has given out stays the same over a million calls."""
    done = workspace.run(
        "heap",
        [workspace.python, "-m", "core.harden.probes.heap", str(HEAP_CALLS)],
        {"PYTHONMALLOC": "malloc"},
    )
    if done.status != 0:
        return Outcome({}, done.problems("heap"))
    figures = json.loads(done.output.splitlines()[-1])
    grown = figures["late"] - figures["early"]
    findings = (f"{grown} bytes more after {HEAP_CALLS} calls",) if grown > HEAP_AT_REST else ()
    return Outcome({"calls": HEAP_CALLS, "bytes grown": grown}, findings)
