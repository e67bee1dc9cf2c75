"""The frame of every command: how it starts, and the one place that decides its exit code.

A package's `__main__` calls `run_command` and imports nothing else, so that an interrupt, a closed
stream or a missing package is met from the first moment on.  `main` itself wears `@command`, which
turns every foreseeable end into a line and a code; the rest is a traceback and UNFIT, because
Python's own 1 would say that a mismatch was found.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import sys
import traceback
from typing import Any, Callable, NoReturn

from . import interrupts, streams
from .exit_codes import CommandError, ExitCode, Inconclusive, Unfit

OLDEST = (3, 9)

INTERRUPTED = "interrupted before its end"

LONGEST_LINE = 2_000
"""Characters of a complaint that are shown: it may repeat what was given, and that may be a file."""

WITH_ALL = "`make build` makes .venv, and .venv/bin/python has all"

Main = Callable[..., ExitCode]


class ParserExit(SystemExit):
    """The parser has said all there is to say: help was shown, or the usage is wrong."""


class Parser(argparse.ArgumentParser):
    """A parser whose help teaches by examples and whose complaint is one line.

    Subcommands are added by `add_command`; they tell the exit codes of the whole.
    """

    def __init__(self, *given: Any, examples: str = "", exit_codes: str = "", **options: Any) -> None:
        self.exit_codes = exit_codes
        self._commands: argparse._SubParsersAction[Parser] | None = None
        # One example is a line or more below this heading.
        heading = f"examples:\n{examples.strip(chr(10))}" if examples else ""
        epilog = "\n\n".join(filter(None, (heading, exit_codes)))
        shape = argparse.RawDescriptionHelpFormatter
        super().__init__(
            *given, **{"epilog": epilog, "formatter_class": shape, "allow_abbrev": False, **options}
        )

    def add_command(
        self, name: str, help: str, examples: str, act: Callable[..., ExitCode] | None = None, **options: Any
    ) -> Parser:
        """The parser of a subcommand; what it parses has `act`, which does the work."""
        if self._commands is None:
            self._commands = self.add_subparsers(dest="command", required=True, metavar="COMMAND")
        sentence = f"{help[0].upper()}{help[1:]}."
        made = self._commands.add_parser(
            name,
            help=help,
            examples=examples,
            exit_codes=self.exit_codes,
            **{"description": sentence, **options},
        )
        if act is not None:
            made.set_defaults(act=act)
        return made

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        if message:
            print(message, end="", file=sys.stderr)
        raise ParserExit(status)

    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"{self.prog}: {one_line(message)}; see {self.prog} --help\n")


def one_line(text: str) -> str:
    """A text that neither breaks the line nor speaks to the terminal, and has an end."""
    shown = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in shown)


def command(main: Main) -> Main:
    """Let a command end with a code whatever happens in it, but for what its parser says."""

    @functools.wraps(main)
    def framed(*given: Any, **options: Any) -> ExitCode:
        interrupts.forget()
        try:
            return main(*given, **options)
        except ParserExit:
            raise
        except BaseException as error:
            return _ended(error)

    return framed


def run_command(module: str) -> NoReturn:
    """Import a module and end the process with what its `main` says; the whole of a `__main__`."""
    try:
        streams.prepare()
        interrupts.interrupt_on_all()
        code: Any = _main_of(module)()
    except ParserExit as stop:
        code = stop.code
    except BaseException as error:
        code = _ended(error)
    _end(code)


def _main_of(module: str) -> Main:
    if sys.version_info < OLDEST:
        raise Unfit(f"{_python()} is too old; this needs Python {'.'.join(map(str, OLDEST))} or newer")
    with interrupts.noted() as asked:
        try:
            main: Main = importlib.import_module(module).main
        except ModuleNotFoundError:
            raise
        except ImportError as error:
            raise Unfit(f"{_python()} cannot import {module}: {error}; {WITH_ALL}") from error
    if asked():
        raise KeyboardInterrupt
    return main


def _python() -> str:
    return f"{sys.executable} (Python {'.'.join(map(str, sys.version_info[:3]))})"


def _ended(error: BaseException) -> ExitCode:
    """Say in one line why a command ends; its code."""
    interrupts.end()
    if isinstance(error, KeyboardInterrupt) or interrupts.came():
        error = Inconclusive(INTERRUPTED)
    elif isinstance(error, SystemExit):
        error = Unfit(f"something that the command ran asked the process to exit with {error.code!r}")
    elif isinstance(error, MemoryError):
        error = Unfit("there is not enough memory")
    elif isinstance(error, ModuleNotFoundError):
        error = Unfit(f"{_python()} has no package {error.name!r}; {WITH_ALL}")
    elif isinstance(error, OSError) and error.errno is not None:
        where = "" if error.filename is None else f"{error.filename}: "
        error = Unfit(f"{where}{error.strerror}")
    if isinstance(error, CommandError):
        print(f"{error.code.name}: {one_line(str(error))}", file=sys.stderr)
        if error.details:
            print(error.details, file=sys.stderr)
        return error.code
    traceback.print_exception(type(error), error, error.__traceback__)
    return ExitCode.UNFIT


def _end(code: Any) -> NoReturn:
    interrupts.ignore_all()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _ended(error)
    sys.exit(code)
