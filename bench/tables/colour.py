"""Verdicts in colour on a terminal, plain elsewhere.

Colour is put on the finished text: it then cannot disturb the columns, and what is tested
is the plain text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import IO

_COLOURS: Mapping[str, str] = {
    "PASS": "32",
    "FAIL": "1;31",
    "INCONCLUSIVE": "33",
    "UNFIT": "1;35",
    "VOID": "1;31",
}
_VERDICT = re.compile(rf"\b({'|'.join(_COLOURS)})\b")
_HEADING = re.compile(r"^([A-Z][^\n]*)\n(?=  )", re.MULTILINE)


def paint(text: str, out: IO[str]) -> str:
    """The text for this stream; see https://no-color.org for the variable that forbids colour."""
    if not out.isatty() or "NO_COLOR" in os.environ:
        return text
    text = _VERDICT.sub(lambda found: f"\033[{_COLOURS[found[1]]}m{found[1]}\033[0m", text)
    return _HEADING.sub(lambda found: f"\033[1m{found[1]}\033[0m\n", text)
