"""Verdicts in colour on a terminal, plain elsewhere.

Colour is put on the finished text: it then cannot disturb the columns, and what is tested
is the plain text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import IO

_GOOD, _BAD, _OPEN, _BROKEN = "1;32", "1;31", "1;33", "1;35"
_COLOURS: Mapping[str, str] = {
    "PASS": _GOOD,
    "FAIL": _BAD,
    "INCONCLUSIVE": _OPEN,
    "UNFIT": _BROKEN,
    "VOID": _BAD,
    "NO-GO": _BAD,
    "GO": _GOOD,
}
_VERDICT = re.compile(rf"\b({'|'.join(_COLOURS)})\b")
_HEADING = re.compile(r"^([A-Z][^\n]*)\n(?=  )", re.MULTILINE)


def paint(text: str, out: IO[str]) -> str:
    """The text for this stream; see https://no-color.org for the variable that forbids colour."""
    if not out.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    text = _VERDICT.sub(lambda found: f"\033[{_COLOURS[found[1]]}m{found[1]}\033[0m", text)
    return _HEADING.sub(lambda found: f"\033[1m{found[1]}\033[0m\n", text)
