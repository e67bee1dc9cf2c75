"""A lint for the two habits no compiler knows: reserve before write, and no recursion.

It reads C as text, comments and strings blanked, function by function.

- reserve: a function that appends (`tree_push(`, `->data[x->size] =`, ...) has reserved room before.
- recursion: no function calls itself, directly or through others of its file, since a thread's stack may be
  as small as 32 KiB.  What nests is walked in a loop.

Where another function keeps the habit for it, `c_lint_exceptions.txt` says so, one line each with the
reason.  An exception that nothing needs any more is a fault too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NOISE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.DOTALL)
FUNCTION = re.compile(
    r"^[A-Za-z_][\w \t\*]*?\b(?P<name>[A-Za-z_]\w*)\((?P<parameters>[^;{}]*?)\)\s*\n\{\n(?P<body>.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
APPENDS = re.compile(r"\btree_(?:push|push_text|open)\(|->size\+\+|\bdata\[[^\]]*\bsize\b[^\]]*\]\s*=[^=]")
RESERVES = re.compile(r"\b\w*(?:reserve|grow|arena_take|tree_room|_room)\w*\(")
EXCEPTIONS = Path(__file__).with_name("c_lint_exceptions.txt")


@dataclass(frozen=True)
class Function:
    """A function of a C file; `line` counts from 1."""

    file: Path
    line: int
    name: str
    parameters: str
    body: str


@dataclass(frozen=True)
class Fault:
    """A habit a function does not keep; `rule` is reserve or recursion."""

    function: Function
    rule: str
    message: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.function.file.as_posix(), self.function.name, self.rule

    def __str__(self) -> str:
        return f"{self.function.file}:{self.function.line}: {self.function.name}() {self.message}"


def functions(file: Path, text: str) -> Iterator[Function]:
    """The functions of a C file, bodies without comments and literals."""
    blank = NOISE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    for match in FUNCTION.finditer(blank):
        line = blank.count("\n", 0, match.start()) + 1
        yield Function(file, line, match["name"], match["parameters"], match["body"])


def faults(file: Path, text: str) -> list[Fault]:
    """What a file's functions do against the two habits, exceptions not heard."""
    found = list(functions(file, text))
    return [fault for function in found for fault in (*_unreserved(function), *_recurring(function, found))]


def _unreserved(function: Function) -> Iterator[Fault]:
    appended = APPENDS.search(function.body)
    reserved = RESERVES.search(function.body)
    if appended is not None and (reserved is None or reserved.start() > appended.start()):
        yield Fault(function, "reserve", f"appends by `{appended.group().strip()}` with no reserve before it")


def _recurring(function: Function, others: Sequence[Function]) -> Iterator[Fault]:
    if function.name in _reached(function, others):
        yield Fault(function, "recursion", "calls itself")


def _reached(function: Function, others: Sequence[Function]) -> set[str]:
    """Names of the file's functions that a function calls, at first or any further hand."""
    calls = {one.name: set(re.findall(r"\b([A-Za-z_]\w*)\(", one.body)) for one in others}
    reached: set[str] = set()
    waiting = set(calls[function.name])
    while waiting:
        name = waiting.pop()
        if name in calls and name not in reached:
            reached.add(name)
            waiting |= calls[name]
    return reached


def exceptions(text: str) -> dict[tuple[str, str, str], str]:
    """{(file, function, rule): reason} of lines `file function rule: reason`; `#` starts a comment line."""
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            what, _, reason = line.partition(": ")
            file, function, rule = what.split()
            assert reason.strip(), f"{EXCEPTIONS.name}: {what} gives no reason"
            found[file, function, rule] = reason.strip()
    return found


def judge(found: Sequence[Fault], allowed: dict[tuple[str, str, str], str]) -> list[str]:
    """Faults that no exception explains, then exceptions that explain none."""
    keys = {fault.key for fault in found}
    unused = [key for key in allowed if key not in keys]
    return [str(fault) for fault in found if fault.key not in allowed] + [
        f"{EXCEPTIONS.name}: {' '.join(key)}: nothing needs this exception; remove it" for key in unused
    ]


def lint_tree(root: Path) -> list[str]:
    """What is wrong with the C core's sources."""
    files = sorted(path for folder in ("core/src", "core/native") for path in (root / folder).glob("*.[ch]"))
    found = [
        fault for file in files for fault in faults(file.relative_to(root), file.read_text(encoding="utf-8"))
    ]
    return judge(found, exceptions(EXCEPTIONS.read_text(encoding="utf-8")))
