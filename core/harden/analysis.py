"""Point 7: static analysis of the C core: gcc's analyzer, cppcheck, clang-tidy, a lint of our own."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from . import c_lint
from .check import Outcome
from .workspace import Workspace

GCC = ["-std=c11", "-O1", "-fanalyzer", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow",
       "-Wstrict-prototypes", "-Wvla", "-Wwrite-strings", "-Werror", "-c", "-o", "/dev/null"]  # fmt: skip
CLANG_TIDY = (
    # swappable parameters and magic names of feature macros are matters of taste; sizeof(*pointers) is the
    # house's way to size arrays of pointers; a macro of a function name cannot take parentheses
    "-*,bugprone-*,cert-*,clang-analyzer-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,"
    "-cert-dcl37-c,-cert-dcl51-cpp,-bugprone-sizeof-expression,-bugprone-macro-parentheses,"
    "-bugprone-narrowing-conversions,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
)
CPPCHECK_SUPPRESSED = (
    # Right shifts of negative ints are arithmetic on every compiler this builds with.
    "shiftNegativeLHS",
    # It does not see that a status guards a variable, and loses Py_RETURN_NONE without Python's headers.
    "uninitvar",
    "missingReturn",
    "missingIncludeSystem",
    # Its own limit, not the code's.
    "normalCheckLevelMaxBranches",
)


def _sources(workspace: Workspace) -> list[str]:
    root = workspace.root
    return [
        str(path.relative_to(root))
        for folder in ("core/src", "core/native")
        for path in sorted((root / folder).glob("*.c"))
    ]


def _includes(workspace: Workspace) -> list[str]:
    messages = workspace.build("tests")
    python = sysconfig.get_path("include")
    return [
        "-Icore/include", "-Icore/src", "-isystem", str(messages / "core"), "-isystem", python,
        '-DDRIFTCORE_VERSION="0"',
    ]  # fmt: skip


def _messages(output: str) -> tuple[str, ...]:
    return tuple(line for line in output.splitlines() if ": warning: " in line or ": error: " in line)


def gcc(workspace: Workspace) -> Outcome:
    """gcc -fanalyzer and its warnings of lossy conversions."""
    findings: list[str] = []
    sources, includes = _sources(workspace), _includes(workspace)
    for source in sources:
        done = workspace.run(f"gcc-{Path(source).stem}", ["gcc", *GCC, *includes, source])
        findings += _messages(done.output) or done.problems(source)
    return Outcome({"files": len(sources)}, tuple(findings))


def cppcheck(workspace: Workspace) -> Outcome:
    """cppcheck over all sources at once."""
    suppressed = [f"--suppress={name}" for name in CPPCHECK_SUPPRESSED]
    done = workspace.run(
        "cppcheck",
        ["cppcheck", "--quiet", "--std=c11", "--enable=warning,performance,portability", "--error-exitcode=1",
         "--template=gcc", *suppressed, "-Icore/include", "-Icore/src", "core/src", "core/native"],
    )  # fmt: skip
    return Outcome({"files": len(_sources(workspace))}, _messages(done.output) or done.problems("cppcheck"))


def clang_tidy(workspace: Workspace) -> Outcome:
    """clang-tidy's bug-prone patterns, CERT rules and path-sensitive analyzer."""
    sources = _sources(workspace)
    done = workspace.run(
        "clang-tidy",
        ["clang-tidy", "--quiet", "--warnings-as-errors=*", f"--checks={CLANG_TIDY}", *sources, "--",
         "-std=c11", *_includes(workspace)],
    )  # fmt: skip
    return Outcome({"files": len(sources)}, _messages(done.output) or done.problems("clang-tidy"))


def house_lint(workspace: Workspace) -> Outcome:
    """Reserve before write, and no recursion."""
    return Outcome({"files": len(_sources(workspace))}, tuple(c_lint.lint_tree(workspace.root)))
