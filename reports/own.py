"""What a sign-off may replace: what it wrote itself, and results that it reads.

A folder is known by all of its entries.  One that is none of them is somebody's, and the folder with it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from driftgate.base.exit_codes import UsageError
from driftgate.base.folders import STAGING
from driftgate.base.result_file import beginning

from .evidence import KNOWN_FORMATS, MADE_ELSEWHERE, WHEELS
from .signed import SUMS

KEPT = "kept"
"""The folder, beside the evidence, of results that this sign-off did not take in and a later one may."""

HEAD = 1 << 16
"""Bytes of a file that are looked at."""

_MARKS = {
    "signoff.json": b'"format": "driftcore sign-off"',
    "signoff.md": b"# driftcore sign-off: ",
    "signoff.html": b"driftcore sign-off</title>",
    "signoff.sarif": b'"name": "driftcore"',
    "junit.xml": b'name="driftcore sign-off: ',
    "annotations.txt": b" title=driftcore ",
    "policy.toml": b"format = ",
    "history.jsonl": b'"claims": ',
    "manifest.json": b'"format": "driftcore manifest"',
    "attestation.json": b'"https://in-toto.io/Statement/v1"',
    "diff.md": b"# driftcore: two sign-offs compared",
    "diff.html": b"driftcore: two sign-offs compared",
    "tests.xml": b"<testsuite",
    SUMS: b"  driftcore",
}
"""Files by name, each with words that stand at its beginning."""

_RESULTS = tuple(map(beginning, KNOWN_FORMATS))
_RESULTS_OF_OTHERS = tuple(map(beginning, MADE_ELSEWHERE))

_CUT_OFF = re.compile(r"(?P<of>.+\.ndjson)\.part|\.(?P<beside>.+)\.\w{8}\.part", re.ASCII)
_LEFT = re.compile(rf"\.{STAGING}\.\w{{8}}\.new", re.ASCII)


def require_own(folder: Path) -> None:
    """Raise `UsageError`, by name, for an entry of a folder that is none of ours, or is being written."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if not _is_own(path):
            raise UsageError(f"{folder} is not replaced: {path.name} in it is no file of a sign-off")
        if path.name.endswith(".part") and _is_held(path):
            raise UsageError(f"another run is writing to {path}; let it end")


def require_own_reports(folder: Path, names: tuple[str, ...]) -> None:
    """Raise `UsageError` for a file that has the name of a report and is somebody's."""
    for name in names:
        path = folder / name
        if (path.exists() or path.is_symlink()) and not _is_own_file(path):
            raise UsageError(f"{path} is no file of a sign-off and is not replaced")


def is_made_elsewhere(path: Path) -> bool:
    """Whether a file holds results that no sign-off makes, such as those of an hour of hardening."""
    with path.open("rb") as file:
        return file.read(HEAD).startswith(_RESULTS_OF_OTHERS)


def told_of(folder: Path) -> str:
    """Which sign-off stands in a folder, in words."""
    try:
        found = json.loads((folder / "signoff.json").read_text(encoding="utf-8"))
        commit = found["commit"]["id"][:12] if found["commit"] else "an unknown commit"
        return f"{folder} still holds the sign-off of {commit}, made {found['made']}: {found['verdict']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{folder} holds no sign-off"


def _is_own(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        inside = _FOLDERS.get(path.name)
        return bool(_LEFT.fullmatch(path.name)) or (
            inside is not None and all(inside(one) for one in path.iterdir())
        )
    return _is_own_file(path)


def _is_own_file(path: Path) -> bool:
    """A regular file of a known name with the beginning that goes with it, or an empty one."""
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        return False
    cut_off = _CUT_OFF.fullmatch(path.name)
    if cut_off and cut_off["beside"]:
        return cut_off["beside"] in _MARKS or cut_off["beside"].endswith(".ndjson")
    if not path.stat().st_size:
        return cut_off is not None or path.suffix == ".ndjson" or path.name in _MARKS
    with path.open("rb") as file:
        head = file.read(HEAD)
    if cut_off or path.suffix == ".ndjson":
        return head.startswith(_RESULTS)
    return path.name in _MARKS and _MARKS[path.name] in head


def _is_wheel(path: Path) -> bool:
    return path.suffix == ".whl" and path.is_file() and not path.is_symlink()


def _is_kept(path: Path) -> bool:
    return path.suffix in (".ndjson", ".part") and _is_own_file(path)


def _is_diff(path: Path) -> bool:
    return path.name in ("diff.md", "diff.html") and _is_own_file(path)


_FOLDERS: dict[str, Callable[[Path], bool]] = {WHEELS: _is_wheel, KEPT: _is_kept, "diff": _is_diff}


def _is_held(path: Path) -> bool:
    """Whether a run is writing to a file at this moment."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
