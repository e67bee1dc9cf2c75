"""Whether the files that are to be published are made of what a sign-off judged.

An extension module must be one that was compared: by the sign-off itself, or under one of the Pythons of its
matrix.  All else in a wheel or source distribution must be a file of the checkout, to the byte.  The files
that pass are recorded as `SHA256SUMS` in the sign-off's folder, which the manifest covers, so that whoever
uploads them can tell that they are the same ones (`require_signed`).
"""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from driftgate.base import strict_json
from driftgate.base.checkout import git
from driftgate.base.exit_codes import ExitCode, Unfit

from .evidence import Evidence
from .own import SUMS

EXTENSIONS = (".so", ".pyd")
_UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error)


def files_of(dist: Path) -> list[Path]:
    """Raises `Unfit` where there are none."""
    found = sorted(dist.iterdir()) if dist.is_dir() else []
    if not found:
        raise Unfit(f"{dist} holds nothing to publish; run: make wheels")
    return found


def problems(dist: Path, evidence: Evidence, root: Path) -> list[str]:
    """What in a folder of distributions was not judged, a sentence for each file."""
    judged = {evidence.parity.candidate.sha256}
    judged.update(row.sha256 for row in evidence.matrix or () if row.sha256 and row.code == ExitCode.PASS)
    sources = set(_sources(root))
    return [
        f"{path.name}: {problem}"
        for path in files_of(dist)
        if (problem := _problem(path, judged, sources)) is not None
    ]


def sums(dist: Path) -> str:
    """The digests as `sha256sum` writes and checks them."""
    return "".join(f"{_sha256(path.read_bytes())}  {path.name}\n" for path in files_of(dist))


def require_signed(dist: Path, folder: Path, level: str, commit: str) -> list[str]:
    """What keeps these very files from being published, by what a finished sign-off says.

    The folder's own digests are for `verify`; only what is read here is checked.  Raises `Unfit` for a folder
    that is no whole sign-off.
    """
    manifest, found = (_object(folder / name) for name in ("manifest.json", "signoff.json"))
    try:
        recorded = (folder / SUMS).read_bytes()
        for name in ("signoff.json", SUMS):
            if manifest["files"][name] != _sha256((folder / name).read_bytes()):
                raise Unfit(f"{folder}: {name} is not the file that the manifest names")
        of = {"level": found["level"], "commit": found["commit"]["id"], "verdict": found["verdict"]}
    except (OSError, KeyError, TypeError) as error:
        raise Unfit(f"{folder} holds no sign-off of files to publish: {error}") from error
    wanted = {"level": level, "commit": commit, "verdict": "GO"}
    wrong = [
        f"the sign-off's {name} is {of[name]}, not {one}" for name, one in wanted.items() if of[name] != one
    ]
    lines = (line.partition("  ") for line in recorded.decode("utf-8").splitlines())
    signed = {name: digest for digest, _, name in lines}
    given = {path.name: _sha256(path.read_bytes()) for path in files_of(dist)}
    for name in sorted(signed.keys() | given.keys()):
        if name not in given:
            wrong.append(f"{name} was signed off and is missing")
        elif name not in signed:
            wrong.append(f"{name} was not signed off")
        elif given[name] != signed[name]:
            wrong.append(f"{name} is not the file that was signed off")
    return wrong


def _problem(path: Path, judged: set[str], sources: set[str]) -> str | None:
    if not path.name.endswith((".whl", ".tar.gz")):
        return "is neither a wheel nor a source distribution"
    try:
        for name, data in _members(path):
            digest = _sha256(data)
            if name.endswith(EXTENSIONS):
                if digest not in judged:
                    return f"{name} was not judged ({digest[:12]})"
            elif digest not in sources:
                return f"{name} is no file of the checkout"
    except _UNREADABLE as error:
        return f"cannot be read: {error}"
    return None


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of all files but for what the build tools write about the distribution."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and not PurePosixPath(name).parts[0].endswith(".dist-info"):
                    yield name, archive.read(name)
        return
    with tarfile.open(path) as archive:
        for member in archive:
            name = "/".join(PurePosixPath(member.name).parts[1:])
            if not member.isfile() and not member.isdir():
                raise ValueError(f"{name} is no plain file")
            content = archive.extractfile(member)
            if content is not None and name != "PKG-INFO":
                yield name, content.read()


def _sources(root: Path) -> Iterator[str]:
    for name in git(root, "ls-files", "-z").split("\0"):
        path = root / name
        if name and path.is_file():
            yield _sha256(path.read_bytes())


def _object(path: Path) -> dict[str, Any]:
    try:
        found = strict_json.parse(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Unfit(f"{path.parent} holds no whole sign-off: {path.name}: {error}") from error
    if not isinstance(found, dict):
        raise Unfit(f"{path.parent} holds no whole sign-off: {path.name} is no object")
    return found


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
