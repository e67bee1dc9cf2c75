"""Every command of the checkout, found by its entry point, and every subcommand, found in its parser."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from driftgate.base.command import Parser

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("bench", "core", "driftgate", "fixtures", "parity", "reports", "scripts")

_ENTRY = re.compile(r'^ {4}run_command\("([\w.]+)"\)$', re.MULTILINE)


@cache
def modules() -> tuple[str, ...]:
    """Those that stand in the frame of commands."""
    sources = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return tuple(
        sorted({name for path in sources for name in _ENTRY.findall(path.read_text(encoding="utf-8"))})
    )


@dataclass(frozen=True)
class Command:
    """A command or subcommand: the module that has `main` and `parser`, and the words that choose it."""

    module: str
    words: tuple[str, ...]
    parser: Parser

    def __str__(self) -> str:
        return " ".join((self.module.removesuffix(".cli"), *self.words))

    @property
    def actions(self) -> list[argparse.Action]:
        return [one for one in self.parser._actions if not isinstance(one, argparse._HelpAction)]

    def parsed(self, arguments: Sequence[str]) -> argparse.Namespace:
        whole: Parser = importlib.import_module(self.module).parser()
        return whole.parse_args([*self.words, *arguments])

    def run(self, arguments: Sequence[str]) -> int:
        """The code that it ends with, in this process."""
        try:
            return int(importlib.import_module(self.module).main([*self.words, *arguments]))
        except SystemExit as stop:
            return int(stop.code or 0)


def _below(module: str, parser: Parser, words: tuple[str, ...]) -> Iterator[Command]:
    subcommands: Any = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    yield Command(module, words, parser)
    for action in subcommands:
        for name, below in action.choices.items():
            yield from _below(module, below, (*words, name))


@cache
def all_commands() -> tuple[Command, ...]:
    """Groups of subcommands too, before what is in them."""
    return tuple(
        command
        for module in modules()
        for command in _below(module, importlib.import_module(module).parser(), ())
    )


@cache
def doing() -> tuple[Command, ...]:
    """Those that do something: no groups."""
    return tuple(
        one
        for one in all_commands()
        if not any(isinstance(a, argparse._SubParsersAction) for a in one.actions)
    )
