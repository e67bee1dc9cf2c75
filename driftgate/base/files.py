"""Files written whole: checked first, written beside, swapped last.

A target is a regular file or nothing yet; a symbolic link is followed, so that the link stays.  The new
text stands beside it until it is complete, and nothing of the old is lost before.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .exit_codes import Unfit, UsageError

LONGEST_NAME = 255 - len(".12345678.part")
"""Bytes of a file's name, so that the name of what is written beside it fits too."""


def is_file(path: Path) -> bool:
    """Whether a regular file is there; what is no usable path is none."""
    try:
        _, mode = _followed(path)
    except UsageError:
        return False
    return mode is not None and stat.S_ISREG(mode)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's content, 64 hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def require_file(path: Path) -> Path:
    """`path`, if it is a regular file that can be read; raises `UsageError` for anything else."""
    _, mode = _followed(path)
    if mode is None:
        raise UsageError(f"there is no file {path}")
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path} is no regular file")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{path} cannot be read")
    return path


def require_in_folder(path: Path) -> Path:
    """`path`, if it is a folder that can be read; raises `UsageError` for anything else."""
    _, mode = _followed(path)
    if mode is None:
        raise UsageError(f"there is no folder {path}")
    if not stat.S_ISDIR(mode):
        raise UsageError(f"{path} is not a folder")
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageError(f"the folder {path} cannot be read")
    return path


def require_target(path: Path) -> Path:
    """Where `path` leads, if a file can be written there; raises `UsageError` for anything else."""
    target, mode = _followed(path)
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise UsageError(f"{path} has too long a name")
    if mode is not None:
        if stat.S_ISDIR(mode):
            raise UsageError(f"{path} is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path} is no regular file")
        if not mode & 0o222 or not os.access(target, os.W_OK):
            raise UsageError(f"{path} is read-only")
    require_folder(target.parent)
    return target


def require_new(path: Path) -> Path:
    """`path`, if nothing stands there and a file can be written there."""
    if os.path.lexists(path):
        raise UsageError(f"{path} is there already")
    require_target(path)
    return path


def require_own(path: Path, what: str, *beginnings: bytes) -> Path:
    """Likewise, if what stands there is empty or begins as one's own files do; `what` they hold."""
    target = require_target(path)
    if target.exists() and target.stat().st_size:
        with target.open("rb") as file:
            head = file.read(max(map(len, beginnings)))
        if not head.startswith(beginnings):
            raise UsageError(f"{path} holds no {what} and is not replaced; write elsewhere, or remove it")
    return target


def require_folder(path: Path) -> Path:
    """Where `path` leads, if files can be written to that folder, or it can be made."""
    target, mode = _followed(path)
    nearest = target
    while mode is None:
        nearest = nearest.parent
        _, mode = _followed(nearest)
    if not stat.S_ISDIR(mode):
        raise UsageError(f"{nearest} is not a folder")
    if not mode & 0o222 or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"the folder {nearest} cannot be written to")
    return target


def _followed(path: Path) -> tuple[Path, int | None]:
    """Where a path leads, and the mode of what is there."""
    try:
        target = path.resolve()
        return target, target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return target, None
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL byte, a name too long
        raise UsageError(f"{str(path)!r} is no usable path: {error}") from error


def write_whole(path: Path, data: str | bytes) -> Path:
    """Put `data` into a file at once, or leave what stood there; its folder is made."""
    target = require_target(path)
    descriptor, beside = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=_made(target.parent))
    try:
        with named(path), os.fdopen(descriptor, "wb") as out:
            out.write(data.encode("utf-8") if isinstance(data, str) else data)
        Path(beside).chmod(_mode_for(target))
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def write_new(path: Path, data: str | bytes) -> Path:
    """Likewise, but only where nothing stands yet; raises `UsageError` where something does."""
    folder = _made(require_new(path).parent)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=folder) as beside:
        whole = write_whole(Path(beside) / path.name, data)
        try:
            os.link(whole, path)  # which replaces nothing, even if it came up this moment
        except FileExistsError:
            raise UsageError(f"{path} is there already") from None
    return path


def append_line(path: Path, line: str) -> None:
    """Add a line to a file, whole or not at all, in turn with others who do so.

    Raises `Unfit` where the last line has no end: what is added would become a part of it.
    """
    target = require_target(path)
    _made(target.parent)
    with _held(target, fcntl.LOCK_EX) as file:
        end = file.seek(0, os.SEEK_END)
        if end and os.pread(file.fileno(), 1, end - 1) != b"\n":
            raise Unfit(f"{path}: its last line has no end; mend it before more is added")
        rest = f"{line}\n".encode()
        try:
            with named(path):
                while rest:
                    rest = rest[os.write(file.fileno(), rest) :]
        except BaseException:
            os.truncate(file.fileno(), end)
            if not end:
                target.unlink()
            raise


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An `OSError` of writing names the file, as one of opening does."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _mode_for(target: Path) -> int:
    """The mode of what is replaced, else that of any new file."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def open_alone(path: Path) -> IO[bytes]:
    """Open a file to read and write, which no other run may do until this one ends, however it ends.

    Raises `UsageError` where another run has it.  The file is made if it is missing and not truncated.
    """
    try:
        return _held(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"another run is writing to {path}; let it end, or write elsewhere") from None


def _held(path: Path, lock: int) -> IO[bytes]:
    """An open file with a lock on what has that name now."""
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b")
        try:
            fcntl.flock(file, lock)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except FileNotFoundError:
            pass
        except BaseException:
            file.close()
            raise
        file.close()  # another one has just ended, and given the file its final name or removed it


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder against other runs; raises `UsageError` where another has it.

    The lock is on the folder itself, so that nothing is left of it, whatever becomes of the run.
    """
    while True:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(f"another run is at work in {folder}; let it end") from None
            if os.path.samestat(os.fstat(descriptor), folder.stat()):
                yield
                return
        finally:
            os.close(descriptor)  # else a run has just ended and put a new folder in its place
