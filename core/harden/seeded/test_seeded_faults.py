"""A fault of each class, seeded into a copy of the sources, is caught by the check that is there for it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

import pytest

from .. import memory, sanitizers, suites
from ..check import Outcome
from ..workspace import ROOT, Workspace

COPIED = ("CMakeLists.txt", "CMakePresets.json", "core", "fixtures/golden")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A copy of what the C builds need, with no builds in it.

    Within `build`, where a compiler's paths are as long as ever and nobody looks for sources.
    """
    root = ROOT / "build" / "seeded"
    shutil.rmtree(root, ignore_errors=True)
    for part in COPIED:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (root / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, root / part)
    yield Workspace(root)
    shutil.rmtree(root, ignore_errors=True)


def seed(workspace: Workspace, file: str, found: str, fault: str) -> None:
    """Replace the one place in a file that a pattern finds."""
    path = workspace.root / file
    text, count = re.subn(found, fault, path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert count == 1, f"{file} has {count} places like {found!r}; the fault needs a new home"
    path.write_text(text, encoding="utf-8")


def at_start_of(function: str) -> str:
    """A pattern for the opening of a function's body."""
    return rf"(\n[\w \*]+\b{function}\([^;{{}}]*\)\s*\n\{{\n)"


def assert_caught(outcome: Outcome, sign: str) -> None:
    assert any(sign in finding for finding in outcome.findings), outcome.findings


def test_an_overread_by_one_byte(workspace: Workspace) -> None:
    seed(
        workspace,
        "core/src/context.c",
        at_start_of("driftcore_normalize_json"),
        r"\1    if (((const volatile char *)json.data)[json.size] == 1)\n        return DRIFTCORE_PUNT;\n",
    )
    outcome = suites.ctest("replay", "sanitize", "replay_reader", sanitizers.LEAKS)(workspace)
    assert_caught(outcome, "AddressSanitizer: heap-buffer-overflow")


def test_a_leak(workspace: Workspace) -> None:
    seed(
        workspace,
        "core/src/memory.c",
        r"buffer->allocator->release\(buffer->allocator->state, buffer->data\);\n",
        "",
    )
    assert_caught(
        suites.ctest("context", "sanitize", "context", sanitizers.LEAKS)(workspace), "LeakSanitizer"
    )


def test_a_race(workspace: Workspace) -> None:
    seed(
        workspace,
        "core/src/memory.c",
        at_start_of("buffer_grow"),
        r"\1    static size_t times;\n    times++;\n",
    )
    assert_caught(sanitizers.c_threads(workspace), "ThreadSanitizer: data race")


def test_a_missing_decref(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CALLS_PER_FUNCTION", 400)
    monkeypatch.setattr(memory, "CALLS_PER_ERROR", 400)
    seed(workspace, "core/native/state.c", r"(PyObject_Vectorcall\(.*?\n)\s*Py_DECREF\(function\);\n", r"\1")
    assert_caught(memory.references(workspace), "references after 400 refused calls")


def test_an_unchecked_allocation(workspace: Workspace) -> None:
    seed(workspace, "core/src/memory.c", r"    if \(data == NULL\)\n        return false;\n", "")
    assert_caught(memory.failing_allocations_in_c(workspace), "no-memory-c")


def test_a_quadratic_loop(workspace: Workspace) -> None:
    seed(
        workspace,
        "core/src/tree.h",
        at_start_of("tree_close"),
        r"\1    for (volatile size_t i = 0; i < tree->count; i++) {\n    }\n",
    )
    assert_caught(suites.ctest("growth", "tests", "^growth$")(workspace), "growth")


Check = Callable[[Workspace], Outcome]


@pytest.mark.parametrize(
    ("check", "file"),
    [
        (suites.ctest("keys", "sanitize", "keys", sanitizers.LEAKS), "keys"),
        (memory.failing_allocations_in_c, "memory"),
    ],
    ids=["sanitizers", "memory"],
)
def test_without_a_fault_nothing_is_found(workspace: Workspace, check: Check, file: str) -> None:
    assert Path(workspace.root, "core", "src", f"{file}.c").exists()
    assert check(workspace).findings == ()
