"""TOML files, by the standard library where it has a reader."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

# tomli is the same code, which the standard library took over.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


def read_toml(path: Path) -> dict[str, Any]:
    """Raises OSError, or ValueError for text that is not TOML."""
    try:
        document: dict[str, Any] = tomllib.loads(path.read_bytes().decode("utf-8"))
    except RecursionError:
        raise ValueError("is nested too deep") from None
    return document
