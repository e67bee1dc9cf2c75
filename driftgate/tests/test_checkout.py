"""The commit is that of the checkout itself, whatever the environment says of other repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from driftgate.base.checkout import NoCommit, commit_of, git, known_commit, without_git
from driftgate.base.exit_codes import Unfit

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def asked(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(root), *IDENTITY, *arguments], check=True, capture_output=True, env=without_git()
    )


def repository(root: Path, text: str = "one") -> Path:
    root.mkdir(exist_ok=True)
    asked(root, "init", "--quiet")
    (root / "file").write_text(text)
    asked(root, "add", ".")
    asked(root, "commit", "--quiet", "-m", "first")
    return root


def test_a_clean_checkout_is_its_commit(tmp_path: Path) -> None:
    commit = known_commit(repository(tmp_path))
    assert len(commit.id) == 40 and not commit.is_dirty
    assert commit.marked == commit.id


def test_changed_and_new_files_make_it_dirty(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / "file").write_text("two")
    (tmp_path / "new\nline").write_text("")
    commit = known_commit(tmp_path)
    assert commit.changed_files == 2
    assert commit.marked == commit.id + "+"


@pytest.mark.parametrize(
    "lies",
    [
        ("GIT_DIR",),
        ("GIT_DIR", "GIT_WORK_TREE"),
        ("GIT_INDEX_FILE",),
        ("GIT_OBJECT_DIRECTORY",),
        ("GIT_CEILING_DIRECTORIES",),
        ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"),
        ("GIT_CONFIG_PARAMETERS",),
        ("GIT_CONFIG_GLOBAL",),
        ("GIT_NAMESPACE",),
    ],
)
def test_variables_of_git_do_not_lead_to_another_repository(
    tmp_path: Path, lies: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As inside a hook of another repository."""
    here, other = repository(tmp_path / "here"), repository(tmp_path / "other", "another")
    right = known_commit(here)
    assert right != known_commit(other)
    (other / "wrong.cfg").write_text("[core]\nrepositoryformatversion = 99\n")
    values = {
        "GIT_DIR": f"{other}/.git",
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": f"{other}/.git/index",
        "GIT_OBJECT_DIRECTORY": f"{other}/.git/objects",
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.worktree",
        "GIT_CONFIG_VALUE_0": str(other),
        "GIT_CONFIG_PARAMETERS": "'core.bare=true'",
        "GIT_CONFIG_GLOBAL": f"{other}/wrong.cfg",
        "GIT_NAMESPACE": "elsewhere",
    }
    for name in lies:
        monkeypatch.setenv(name, values[name])
    assert commit_of(here) == right


def test_a_folder_inside_a_foreign_checkout_has_no_commit(tmp_path: Path) -> None:
    """Else an unpacked archive is reported as the commit of whatever it lies in."""
    inside = repository(tmp_path) / "unpacked"
    inside.mkdir()
    assert commit_of(inside) is None


def test_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path / "absent") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_checkout_of_somebody_else_is_asked_too(tmp_path: Path) -> None:
    here = repository(tmp_path / "here")
    right = known_commit(here)
    for path in (here, here / ".git"):
        os.chown(path, 12345, 12345)
    assert commit_of(here) == right


def test_what_git_complains_about_is_told(tmp_path: Path) -> None:
    here = repository(tmp_path / "here")
    (here / ".git" / "HEAD").write_text("no head\n")
    with pytest.raises(NoCommit, match=r"the commit of .*here is not known: git rev-parse: fatal: .+"):
        known_commit(here)
    with pytest.raises(Unfit, match="git log: fatal"):
        git(here, "log")
