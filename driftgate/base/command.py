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
from collections.abc import Callable
from typing import Any, NoReturn

from . import interrupts, streams
from .exit_codes import CommandError, ExitCode, Inconclusive, Unfit

OLDEST = (3, 9)

INTERRUPTED = "interrupted before its end"


class ParserExit(SystemExit):
    """The parser has said all there is to say: help was shown, or the usage is wrong."""


class Parser(argparse.ArgumentParser):
    """A parser whose help keeps its line breaks and whose complaint is one line."""

    def __init__(self, *given: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*given, **{"allow_abbrev": False, **options})

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        if message:
            print(message, end="", file=sys.stderr)
        raise ParserExit(status)

    def error(self, message: str) -> NoReturn:
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


Main = Callable[..., ExitCode]


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
    python = f"{sys.executable} (Python {'.'.join(map(str, sys.version_info[:3]))})"
    if sys.version_info < OLDEST:
        raise Unfit(f"{python} is too old; this needs Python {'.'.join(map(str, OLDEST))} or newer")
    try:
        with interrupts.noted() as asked:
            main: Main = importlib.import_module(module).main
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        what = f"has no package {error.name!r}" if missing else f"cannot import {module}: {error}"
        raise Unfit(f"{python} {what}; `make build` makes .venv, and .venv/bin/python has all") from error
    if asked():
        raise KeyboardInterrupt
    return main


def _ended(error: BaseException) -> ExitCode:
    """Say in one line why a command ends; its code."""
    if isinstance(error, KeyboardInterrupt) or interrupts.came():
        error = Inconclusive(INTERRUPTED)
    elif isinstance(error, SystemExit):
        error = Unfit(f"something that the command ran asked the process to exit with {error.code!r}")
    elif isinstance(error, MemoryError):
        error = Unfit("there is not enough memory")
    elif isinstance(error, OSError) and error.errno is not None:
        where = "" if error.filename is None else f"{error.filename}: "
        error = Unfit(f"{where}{error.strerror}")
    if isinstance(error, CommandError):
        print(f"{error.code.name}: {error}", file=sys.stderr)
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
