"""Types of options: what a person typed is checked whole before any work begins.

Each is a `type=` of argparse.  Give defaults as text, so that they are checked too.
"""

from __future__ import annotations

import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .exit_codes import UsageError
from .files import require_file, require_folder, require_in_folder, require_target
from .result_file import require_replaceable

_WHOLE = re.compile(r"[+-]?[0-9]{1,25}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]{1,25}\.?[0-9]{0,25}|\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)
_DOTTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}", re.ASCII)
_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


@dataclass(frozen=True)
class Whole:
    """A whole number in plain digits, within bounds."""

    least: int
    most: int

    def __call__(self, text: str) -> int:
        if _WHOLE.fullmatch(text) and self.least <= int(text) <= self.most:
            return int(text)
        raise ArgumentTypeError(f"{quoted(text)} is not a whole number from {self.least:,} to {self.most:,}")


@dataclass(frozen=True)
class Number:
    """A finite number within bounds."""

    least: float
    most: float

    def __call__(self, text: str) -> float:
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if self.least <= value <= self.most:
            return value
        raise ArgumentTypeError(f"{quoted(text)} is not a number from {self.least:,g} to {self.most:,g}")


cases = Whole(0, 1_000_000_000)
"""How many cases: a day's work of a large cluster at most."""

processes = Whole(1, 1_024)

seed = Whole(-(1 << 63), (1 << 63) - 1)

seconds = Number(0.001, 86_400)
"""How long something may take: a millisecond to a day."""


def names(text: str) -> list[str]:
    """Names set apart by commas, each once, in the order given."""
    found = list(dict.fromkeys(filter(None, text.split(","))))
    if not found:
        raise ArgumentTypeError("names nothing")
    return found


def name(text: str) -> str:
    """A name for something new, which is a file's name in any folder and stays in it."""
    if not _NAME.fullmatch(text):
        raise ArgumentTypeError(
            f"{quoted(text)} is no plain name: up to 100 letters, digits, '-' and '_', the first no sign"
        )
    return text


def known_name(text: str) -> str:
    """Likewise of something that is there and may have dots in its name, as of a version."""
    if not _DOTTED.fullmatch(text):
        raise ArgumentTypeError(f"{quoted(text)} is no plain name")
    return text


def module(text: str) -> str:
    """What `import` could find."""
    if not _MODULE.fullmatch(text):
        raise ArgumentTypeError(f"{quoted(text)} is no name of a module")
    return text


@dataclass(frozen=True)
class Place:
    """A path that `require`, which raises `UsageError`, lets pass."""

    require: Callable[[Path], object]

    def __call__(self, text: str) -> Path:
        if not text:
            raise ArgumentTypeError("names no file")
        try:
            self.require(Path(text))
        except (UsageError, OSError) as error:
            raise ArgumentTypeError(str(error)) from error
        return Path(text)


in_file = Place(require_file)
"""A regular file that can be read."""

in_folder = Place(require_in_folder)
"""A folder that is there."""

out_file = Place(require_target)
"""Where a file can be written: a regular file, which is replaced, or nothing yet; links are followed."""

out_results = Place(require_replaceable)
"""Likewise for a result file: what is there and holds no results is not replaced."""

out_folder = Place(require_folder)
"""A folder that files can be written to, or one that can be made."""


def quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
