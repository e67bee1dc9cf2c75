"""Folders and groups of files written whole: made beside, swapped last.

A new folder takes the place of the old one by one exchange of names, so that at no time there is none or half
of one.  What goes wrong before leaves the old one as it was, and nothing beside it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .exit_codes import UsageError
from .files import alone_in, require_folder, require_target
from .interrupts import noted

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)
"""What a kernel or a file system says that cannot exchange two names."""


def require_swappable(path: Path, *kept: Path) -> Path:
    """Where `path` leads, if a folder there can be exchanged for another; raises `UsageError`.

    Never the root, a home, the folder one stands in, one of `kept`, or what holds any of these.
    """
    target = require_folder(path)
    for one in (Path.home(), Path.cwd(), *kept):
        if target in (one.resolve(), *one.resolve().parents):
            raise UsageError(f"the folder {target} is not replaced: it is, or holds, {one.resolve()}")
    if os.path.ismount(target):
        raise UsageError(f"the folder {target} is a mount point and cannot be replaced; name one inside it")
    require_folder(target.parent)
    return target


@contextmanager
def held(target: Path) -> Iterator[None]:
    """Hold the place of a folder against other runs; raises `UsageError` where another has it.

    The lock is on the folder that stands there, which is made for that if there is none, and removed again
    if nothing came into it.  What a killed run left beside it goes, and what it moved away comes back.
    """
    _bring_back(target)
    made = [one for one in (target, *target.parents) if not one.exists()]
    try:
        target.mkdir(parents=True, exist_ok=True)
        with alone_in(target):
            for path in _left(target.parent, target.name, "new"):
                shutil.rmtree(path, ignore_errors=True)
            yield
    finally:
        for path in made:
            with suppress(OSError):
                path.rmdir()


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, to be made the new one by `swap`; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent))
    try:
        folder.chmod(target.stat().st_mode & 0o7777)
        yield folder
    finally:
        with noted():
            shutil.rmtree(folder, ignore_errors=True)


def swap(new: Path, target: Path) -> None:
    """Exchange two folders, both there: whatever happens, each name has one of the two."""
    with noted():
        if not _exchanged(new, target):
            away = new.with_suffix(".old")
            target.rename(away)
            try:
                new.rename(target)
            except BaseException:
                away.rename(target)
                raise
            away.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two names at once; False where this system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))


def _bring_back(target: Path) -> None:
    """A run without exchange that was killed between its two renames left nothing in the old one's place."""
    if not target.exists():
        for path in _left(target.parent, target.name, "old")[:1]:
            path.rename(target)


def _left(folder: Path, name: str, kind: str) -> list[Path]:
    """The folders that runs made in `folder` and did not live to remove."""
    if not folder.is_dir():
        return []
    pattern = re.compile(rf"\.{re.escape(name)}\.\w{{8}}\.{kind}", re.ASCII)
    return [
        one
        for one in sorted(folder.iterdir())
        if pattern.fullmatch(one.name) and one.is_dir() and not one.is_symlink()
    ]


STAGING = "staging"


def write_together(folder: Path, files: Mapping[str, str | bytes], without: Sequence[str] = ()) -> None:
    """Put files into a folder in place of earlier ones, and take away those of `without`, all or none.

    All are written into a folder inside first.  The last of `files` is to vouch for the others: its
    earlier one goes first and the new one comes last, so that a process that is killed in between leaves
    nothing that is believed; `remove_staging` takes the rest away.  Whoever calls holds the folder.
    """
    for name in (*files, *without):
        _require_file(folder / name)
    *others, last = files
    staging = Path(tempfile.mkdtemp(prefix=f".{STAGING}.", suffix=".new", dir=folder))
    try:
        for name, data in files.items():
            (staging / name).write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
            if (folder / name).exists():
                (staging / name).chmod((folder / name).stat().st_mode & 0o7777)
        with noted():
            for name in (last, *without):
                (folder / name).unlink(missing_ok=True)
            for name in (*others, last):
                (staging / name).replace(folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def remove_staging(folder: Path) -> None:
    """Remove what a killed `write_together` left in a folder."""
    for path in _left(folder, STAGING, "new"):
        shutil.rmtree(path, ignore_errors=True)


def _require_file(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise UsageError(f"{path} is no regular file")
    require_target(path)
