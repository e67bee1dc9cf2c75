"""The commit is that of the checkout itself, with the files that differ from it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from reports.provenance import commit_of

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *IDENTITY, *arguments], check=True, capture_output=True)


def repository(root: Path) -> Path:
    git(root, "init", "--quiet")
    (root / "file").write_text("one")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "first")
    return root


def test_clean_checkout_is_its_commit(tmp_path: Path) -> None:
    commit = commit_of(repository(tmp_path))
    assert commit is not None
    assert len(commit.id) == 40 and not commit.is_dirty


def test_changed_and_new_files_make_it_dirty(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "file").write_text("two")
    (tmp_path / "new\nline").write_text("")
    commit = commit_of(tmp_path)
    assert commit is not None
    assert commit.is_dirty and commit.changed_files == 2


def test_folder_inside_a_foreign_checkout_has_no_commit(tmp_path: Path) -> None:
    """Else an unpacked archive is reported as the commit of whatever it lies in."""
    inside = repository(tmp_path) / "unpacked"
    inside.mkdir()
    assert commit_of(inside) is None


def test_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path / "absent") is None
