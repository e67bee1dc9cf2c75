"""A folder that only this user can read and write, and new files in it.

Names under a folder for temporary files are anybody's to take: someone may have made the folder before, or
put a link in the place of the next file.  So everything goes through one descriptor of a folder that was
looked at after it was opened, and a file is only ever made, never opened or followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Refused(Exception):
    """The folder is not safe to write to; the message says why."""


def owner() -> int:
    """The number of the user whose folder it has to be.  Raises Refused where users have none."""
    if not hasattr(os, "geteuid") or os.open not in os.supports_dir_fd:
        raise Refused("on this platform no folder can be known to be private")
    return os.geteuid()


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A descriptor of the folder, which is made with mode 0700 if it is missing.

    Raises Refused for a link, for another user's folder, and for one that others may write to.
    """
    user = owner()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if folder.is_symlink():
        raise Refused(f"{folder} is a link")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        if status.st_uid != user:
            raise Refused(f"{folder} belongs to another user")
        if status.st_mode & 0o022:
            raise Refused(f"others may write to {folder}; chmod go-w")
        yield descriptor
    finally:
        os.close(descriptor)


def write_new(folder: int, name: str, content: bytes) -> None:
    """Make a file with mode 0600, whole or not at all.

    Raises FileExistsError where anything has this name, be it a link.
    """
    part = f".{name}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(part, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    finally:
        os.unlink(part, dir_fd=folder)
