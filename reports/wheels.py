"""The wheels that ship, and proof that what was judged lies inside them."""

from __future__ import annotations

import hashlib
import sys
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from driftgate.base.exit_codes import Unfit
from driftgate.base.result_file import DamagedResults

_UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Wheel:
    """A wheel file, and the digests by which results name what they judged.

    `contents` holds the SHA-256 of each extension module, and of each Python package over all
    its `.py` files as `parity.subjects` computes it.
    """

    file: str
    size: int
    sha256: str
    contents: dict[str, str]

    def holds(self, sha256: str) -> bool:
        return sha256 in self.contents.values()


def read_wheel(path: Path) -> Wheel:
    """A wheel's digests; raises `DamagedResults` for a file that is none."""
    try:
        data = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            contents = _contents(archive)
    except _UNREADABLE as error:
        raise DamagedResults(f"{path}: cannot be read as a wheel: {error}") from error
    return Wheel(path.name, len(data), hashlib.sha256(data).hexdigest(), contents)


class NotForThisPython(Unfit):
    """A wheel that this Python cannot run; the message names both."""


def unpack(wheel: Path, to: Path) -> None:
    """Unpack a wheel into a folder to be put on the path; raises `DamagedResults` or `NotForThisPython`."""
    try:
        _, _, _, tags = parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as error:
        raise DamagedResults(f"{wheel}: {error}") from error
    if not tags & set(sys_tags()):
        version = ".".join(map(str, sys.version_info[:2]))
        raise NotForThisPython(f"{wheel.name} does not run under this Python {version}")
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(to)
    except _UNREADABLE as error:
        raise DamagedResults(f"{wheel}: cannot be read as a wheel: {error}") from error


def _contents(archive: zipfile.ZipFile) -> dict[str, str]:
    files = {name: archive.read(name) for name in archive.namelist() if name.endswith((".py", ".so", ".pyd"))}
    found = {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if not name.endswith(".py")
    }
    packages = {str(PurePosixPath(name).parent) for name in files if name.endswith("/__init__.py")}
    for package in sorted(packages):
        sources = {
            name[len(package) + 1 :]: data
            for name, data in files.items()
            if name.endswith(".py") and name.startswith(f"{package}/")
        }
        found[package] = _digest(sources.items())
    return found


def _digest(sources: Iterable[tuple[str, bytes]]) -> str:
    """As `parity.subjects` does it: each file's bytes behind its name, in the order of the names."""
    digest = hashlib.sha256()
    for name, data in sorted(sources, key=lambda one: PurePosixPath(one[0])):
        digest.update(name.encode("utf-8"))
        digest.update(data)
    return digest.hexdigest()
