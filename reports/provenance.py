"""Which state of the sources a report was made from."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
"""The checkout this harness runs from."""


@dataclass(frozen=True)
class Commit:
    """A commit, and how many files of the checkout differ from it or are not part of it."""

    id: str
    changed_files: int

    @property
    def is_dirty(self) -> bool:
        return self.changed_files > 0


def commit_of(root: Path = ROOT) -> Optional[Commit]:
    """The commit of a checkout; None where `root` is not the top of one or git is not there."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top.strip()).resolve() != root.resolve():
        return None
    head = _git(root, "rev-parse", "HEAD")
    status = _git(root, "status", "--porcelain", "-z", "--no-renames")
    if head is None or status is None:
        return None
    return Commit(head.strip(), status.count("\0"))


def _git(root: Path, *arguments: str) -> Optional[str]:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "surrogateescape")
