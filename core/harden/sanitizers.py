"""Point 1: what makes tests and campaigns run under ASan and UBSan; threads under TSan."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

from .check import Outcome
from .workspace import BuildFailed, Workspace

LEAKS = {"ASAN_OPTIONS": "detect_leaks=1"}
"""Of C programs only: Python itself keeps memory until it ends."""
ADDRESS = "detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1"


def _runtime(compiler: str, *libraries: str) -> str:
    """Paths of a compiler's sanitizer runtimes, as LD_PRELOAD wants them."""
    found = []
    for library in libraries:
        path = subprocess.run(
            [compiler, f"-print-file-name={library}"], capture_output=True, text=True, check=True
        ).stdout.strip()
        if not path.startswith("/"):
            raise BuildFailed(f"{compiler} has no {library}: run `make harden-setup`")
        found.append(path)
    return " ".join(found)


def _preload(preset: str) -> str:
    if preset.endswith("-clang"):
        return _runtime("clang", "libclang_rt.asan-x86_64.so")
    return _runtime("gcc", "libasan.so", "libubsan.so")


def environment(preset: str) -> Callable[[Workspace], dict[str, str]]:
    """What makes Python import the extension of a sanitizing preset, which is built for it."""

    def made(workspace: Workspace) -> dict[str, str]:
        return {
            "PYTHONPATH": str(workspace.site(preset, workspace.python)),
            "LD_PRELOAD": _preload(preset),
            "PYTHONMALLOC": "malloc",
            "ASAN_OPTIONS": ADDRESS,
        }

    return made


def campaign(preset: str) -> Callable[[Workspace], Outcome]:
    """A parity campaign against the extension under ASan and UBSan."""

    def run(workspace: Workspace) -> Outcome:
        cases = workspace.campaign_cases
        done = workspace.run(
            f"campaign-{preset}",
            [workspace.python, "-m", "parity", "run", "--cases", str(cases), "--seed", "6"],
            environment(preset)(workspace),
        )
        return Outcome({"cases": cases}, done.problems("campaign"))

    return run


def _without_randomised_addresses(command: list[str]) -> list[str]:
    """ThreadSanitizer of gcc 12 cannot map its shadow where a new kernel spreads addresses far."""
    return [shutil.which("setarch") or "setarch", "-R", *command]


def c_threads(workspace: Workspace) -> Outcome:
    """Contexts in eight threads, under ThreadSanitizer."""
    workspace.build("sanitize-thread")
    command = ["build/sanitize-thread/core/tests/test_threads"]
    done = workspace.run("threads-c", _without_randomised_addresses(command))
    return Outcome({}, done.problems("threads with contexts of their own"))


def first_load(workspace: Workspace) -> Outcome:
    """Eight threads make the bridge's first call at once, under ThreadSanitizer."""
    site = workspace.site("extension-thread", workspace.python)
    done = workspace.run(
        "threads-first-load",
        _without_randomised_addresses([workspace.python, "core/harden/probes/first_load.py"]),
        {"PYTHONPATH": str(site), "LD_PRELOAD": _runtime("gcc", "libtsan.so")},
    )
    return Outcome({}, done.problems("the bridge's first load"))
