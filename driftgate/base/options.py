"""Types of options: what a person typed is checked whole before any work begins.

Each is a `type=` of argparse.  Give defaults as text, so that they are checked too.
"""

from __future__ import annotations

import math
import os
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from .exit_codes import CommandError
from .files import require_folder, require_target
from .result_file import require_replaceable

_WHOLE = re.compile(r"[+-]?[0-9]{1,25}", re.ASCII)
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in plain digits, within bounds."""

    def whole_number(text: str) -> int:
        if _WHOLE.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"{_quoted(text)} is not a whole number from {least:,} to {most:,}")

    return whole_number


def number(least: float, most: float) -> Callable[[str], float]:
    """A finite number within bounds."""

    def finite_number(text: str) -> float:
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if least <= value <= most:
            return value
        raise ArgumentTypeError(f"{_quoted(text)} is not a number from {least:,g} to {most:,g}")

    return finite_number


cases = whole(0, 1_000_000_000)
"""How many cases: a day's work of a large cluster at most."""

processes = whole(1, 1_024)

seed = whole(-(1 << 63), (1 << 63) - 1)

seconds = number(0.001, 86_400)
"""How long something may take: a millisecond to a day."""


def in_file(text: str) -> Path:
    """A regular file that can be read."""
    path = Path(text)
    if path.is_dir():
        raise ArgumentTypeError(f"{path} is a folder, not a file")
    if not path.exists():
        raise ArgumentTypeError(f"there is no file {path}")
    if not path.is_file():
        raise ArgumentTypeError(f"{path} is no regular file")
    if not os.access(path, os.R_OK):
        raise ArgumentTypeError(f"{path} cannot be read")
    return path


def in_folder(text: str) -> Path:
    """A folder that is there."""
    path = Path(text)
    if not path.is_dir():
        raise ArgumentTypeError(f"{path} is not a folder" if path.exists() else f"there is no folder {path}")
    return path


def out_file(text: str) -> Path:
    """Where a file can be written: a regular file, which is replaced, or nothing yet; links are followed."""
    return _checked(require_target, text)


def out_results(text: str) -> Path:
    """Likewise for a result file: what is there and holds no results is not replaced."""
    return _checked(require_replaceable, text)


def out_folder(text: str) -> Path:
    """A folder that files can be written to, or one that can be made."""
    return _checked(require_folder, text)


def _checked(require: Callable[[Path], Path], text: str) -> Path:
    if not text:
        raise ArgumentTypeError("names no file")
    try:
        return require(Path(text))
    except (CommandError, OSError, ValueError) as error:
        raise ArgumentTypeError(str(error)) from error


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
