"""The reference of all commands, from their own help."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMMANDS = (
    "parity", "parity.matrix", "parity.endtoend", "parity.mutation", "bench", "bench.scenarios", "reports",
    "reports.signed", "core.harden", "core.fuzz", "scripts.wheels", "scripts.platforms", "scripts.scaling",
    "scripts.workflow_steps",
)  # fmt: skip
"""Modules run by `python -m`; their subcommands are found in their help."""

_SUBCOMMAND = re.compile(r"^    ([a-z][a-z-]*)(?:  |$)", re.MULTILINE)


def page() -> str:
    """A Markdown page with the help of every command and subcommand."""
    parts = [
        "# Commands",
        "Each is run from the checkout, with the Python of `.venv`.  This page is made from their `--help`.",
    ]
    for module in COMMANDS:
        for words in _all_of((module,)):
            level = "##" if len(words) == 1 else "###"
            parts.append(f"{level} python -m {' '.join(words)}\n\n```text\n{help_of(words)}\n```")
    return "\n\n".join(parts) + "\n"


@cache
def help_of(words: tuple[str, ...]) -> str:
    """What `python -m WORDS --help` prints, at a fixed width."""
    run = subprocess.run(
        [sys.executable, "-m", *words, "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.rstrip()


def _all_of(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A command and all its subcommands, at any depth."""
    yield words
    for name in subcommands(help_of(words)):
        yield from _all_of((*words, name))


def subcommands(text: str) -> list[str]:
    """Of a help text the names in the section of positional arguments, if it is a list of commands."""
    _, *rest = re.split(r"positional arguments:\n  [A-Z]+\n(?=    [a-z])", text)
    return _SUBCOMMAND.findall(rest[0].split("\n\n")[0]) if rest else []
