"""Where in the C sources a mismatch is, as far as that is known.

A sanitizer or a crash names its line.  A mere difference does not; for it the line is named
at which the extension takes in the operation, the place from which to read on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .provenance import ROOT

_LINE = re.compile(r"(core/(?:src|native|include|driftcore)/[\w./-]+\.(?:c|h|py)):(\d+)")


@dataclass(frozen=True)
class Location:
    """A line of a source file, by its path within the checkout; `exact` if the fault itself named it."""

    file: str
    line: int
    exact: bool


def named_in(texts: Iterable[str]) -> Location | None:
    """The first line of our own sources that is named in some texts."""
    for text in texts:
        found = _LINE.search(text)
        if found and int(found[2]) > 0:
            return Location(found[1], int(found[2]), exact=True)
    return None


@lru_cache(maxsize=32)
def entry_of(operation: str, root: Path = ROOT) -> Location | None:
    """The line of the extension's table of functions that names an operation."""
    for path in sorted((root / "core" / "native").glob("*.c")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if f'"{operation}"' in line:
                return Location(path.relative_to(root).as_posix(), number, exact=False)
    return None
