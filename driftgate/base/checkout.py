"""The commit of a checkout, asked of its own repository and of no other.

Inside a hook, git sets `GIT_DIR` and more, and whoever inherits that speaks of another repository: a
verdict would name a commit that was never judged.  So nothing called `GIT_…` is passed on.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .exit_codes import Unfit


@dataclass(frozen=True)
class Commit:
    """A commit, and how many files of the checkout differ from it or are not part of it."""

    id: str
    changed_files: int

    @property
    def is_dirty(self) -> bool:
        return self.changed_files > 0

    @property
    def marked(self) -> str:
        """The id, with `+` behind it if files differ."""
        return self.id + "+" * self.is_dirty


class NoCommit(Unfit):
    """A folder is no checkout, or git does not tell its commit; the message says which."""


def commit_of(root: Path) -> Commit | None:
    """The commit of a checkout; None where `root` is not the top of one, or git does not tell."""
    try:
        return known_commit(root)
    except NoCommit:
        return None


def known_commit(root: Path) -> Commit:
    """The commit of a checkout; raises `NoCommit`."""
    if not (root / ".git").exists():
        raise NoCommit(f"{root} is not the top of a checkout")
    try:
        top = Path(git(root, "rev-parse", "--show-toplevel"))
        if top.resolve() != root.resolve():
            raise NoCommit(f"{root} is not the top of a checkout")
        head = git(root, "rev-parse", "HEAD")
        status = git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal")
    except NoCommit:
        raise
    except Unfit as error:
        raise NoCommit(f"the commit of {root} is not known: {error}") from error
    return Commit(head, status.count("\0"))


def git(root: Path, *arguments: str) -> str:
    """What git prints about a checkout; raises `Unfit` with git's own first line.

    The harness is run from the checkout, so whom the folder belongs to is no reason for git to be silent.
    """
    settings = (f"safe.directory={root.resolve()}", "core.fsmonitor=false")
    options = [word for setting in settings for word in ("-c", setting)]
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *options, "-C", str(root), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=without_git(),
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unfit(f"git cannot be run: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() or f"ended with {done.returncode}"
        raise Unfit(f"git {arguments[0]}: {said.splitlines()[0]}")
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def without_git() -> dict[str, str]:
    """The environment for a process that must not take another repository for its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
