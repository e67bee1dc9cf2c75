"""All that a worker needs to judge, as one archive named by its digest.

The harness, its inputs and the two distributions, taken from where this process has them, so
that a worker judges the very build that the client asked about.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HARNESS = ("driftgate", "parity", "reports", "fixtures")
DISTRIBUTIONS = ("driftcore", "driftcore-native")
LEFT_OUT = ("__pycache__", "tests", "endtoend", "out")
"""`reports/out` grows while the campaign runs, and so do hidden folders: the digest would change under it."""


def bundle() -> tuple[str, bytes]:
    """(SHA-256 over names and contents, the archive)"""
    content, digest = io.BytesIO(), hashlib.sha256()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(_files()):
            data = path.read_bytes()
            digest.update(f"{name}\0{len(data)}\0".encode() + data)
            archive.writestr(zipfile.ZipInfo(name), data)
    return digest.hexdigest(), content.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Unpack an archive and put the folder before all others that modules are imported from.

    A folder that is there is whole, and left as it is: an extension of it may be loaded.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent))
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            packed.extractall(part)
        part.rename(folder)
    sys.path.insert(0, str(folder))


def _files() -> Iterator[tuple[str, Path]]:
    for name in HARNESS:
        yield from _below(ROOT / name, ROOT)
    for name in DISTRIBUTIONS:
        distribution = importlib.metadata.distribution(name)
        for file in distribution.files or ():
            path = Path(str(distribution.locate_file(file)))
            if "__pycache__" not in file.parts and path.is_file():
                yield file.as_posix(), path


def _below(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(part in LEFT_OUT or part.startswith(".") for part in parts):
            yield path.relative_to(root).as_posix(), path
