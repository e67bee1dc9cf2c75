"""Which build of the extension this Python would import, told without importing it.

What is imported may exit, die or lie; its file cannot.
"""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path

from driftgate.base.files import digest_of
from parity.subjects import KNOWN


def extension_digest(name: str = "native") -> str | None:
    """The SHA-256 of the one extension module of a known subject; None where there is no such file."""
    try:
        spec = find_spec(KNOWN[name].module)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    places = [Path(spec.origin)] if spec.origin else []
    for folder in spec.submodule_search_locations or ():
        places += sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []
    files = [path for path in places if path.name.endswith(tuple(EXTENSION_SUFFIXES)) and path.is_file()]
    return digest_of(files[0]) if len(files) == 1 else None
