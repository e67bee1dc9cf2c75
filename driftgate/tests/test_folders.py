"""A folder is replaced by one exchange or left as it was; of two runs with one the second is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from driftgate.base import folders
from driftgate.base.exit_codes import UsageError
from driftgate.base.files import alone_in
from driftgate.base.folders import beside, held, remove_staging, require_swappable, swap, write_together

ROOT = Path(__file__).resolve().parents[2]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir(mode=0o750)
    (folder / "kept").write_text("old")
    return folder


def replace(target: Path) -> None:
    with held(target), beside(target) as new:
        (new / "made").write_text("new")
        swap(new, target)


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
def test_the_new_takes_the_place_of_the_old_and_nothing_is_left_beside(
    old: Path, exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        monkeypatch.setattr(folders, "_exchanged", lambda one, other: False)
    replace(old)
    assert (names(old), names(old.parent)) == (["made"], ["out"])
    assert old.stat().st_mode & 0o777 == 0o750


def test_where_nothing_stood_a_folder_is_made(tmp_path: Path) -> None:
    replace(tmp_path / "a" / "b")
    assert names(tmp_path / "a" / "b") == ["made"]
    assert names(tmp_path / "a") == ["b"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_what_fails_before_the_swap_leaves_all_as_it_was(old: Path, failure: type[BaseException]) -> None:
    inode = old.stat().st_ino
    with pytest.raises(failure), held(old), beside(old) as new:
        (new / "half").write_text("new")
        raise failure
    assert (old.stat().st_ino, names(old), names(old.parent)) == (inode, ["kept"], ["out"])
    missing = old.parent / "no" / "where"
    with pytest.raises(failure), held(missing), beside(missing):
        raise failure
    assert names(old.parent) == ["out"]


def test_a_second_rename_that_fails_brings_the_old_back(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_exchanged", lambda one, other: False)
    with pytest.raises(OSError), held(old), beside(old) as new:
        new.rmdir()
        swap(new, old)
    assert (names(old), names(old.parent)) == (["kept"], ["out"])


def test_there_is_a_whole_folder_at_every_moment(old: Path) -> None:
    """Somebody else looks at it all the while."""
    look = f"""
import pathlib, sys
target, end = pathlib.Path({str(old)!r}), pathlib.Path({str(old.parent / "end")!r})
print("ready", flush=True)
while not end.exists():
    assert target.stat() and list(target.iterdir()), "empty"
"""
    looker = subprocess.Popen([sys.executable, "-c", look], stdout=subprocess.PIPE, text=True)
    assert looker.stdout is not None and looker.stdout.readline() == "ready\n"
    new = old.parent / ".out.abcdefgh.new"
    new.mkdir()
    (new / "made").write_text("new")
    for _ in range(2000):
        swap(new, old)
    (old.parent / "end").write_text("")
    assert looker.wait(timeout=60) == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from driftgate.base import folders
target = Path(sys.argv[1])
{before}
with folders.held(target), folders.beside(target) as new:
    (new / "made").write_text("new")
    {during}
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("before", "during", "there"),
    [
        ("", "pass", ["kept"]),
        ("", "folders.swap(new, target)", ["made"]),
        (
            "folders._exchanged = lambda one, other: False",
            "Path.rename = lambda self, to: (os.rename(self, to), os.kill(os.getpid(), signal.SIGKILL)); "
            "folders.swap(new, target)",
            ["kept"],
        ),
    ],
    ids=["before the swap", "after the swap", "between two renames"],
)
def test_a_run_that_is_killed_leaves_one_whole_folder_and_no_lock(
    old: Path, before: str, during: str, there: list[str]
) -> None:
    script = KILLED.format(before=before, during=during)
    done = subprocess.run(
        [sys.executable, "-c", script, str(old)], cwd=ROOT, check=False, timeout=60, stderr=subprocess.PIPE
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(names(old.parent)) > 1 or there == ["made"]
    with held(old):
        assert (names(old), names(old.parent)) == (there, ["out"])


def test_the_second_run_is_refused_also_after_an_exchange(old: Path) -> None:
    with held(old), beside(old) as new:
        with pytest.raises(UsageError, match="another run"), held(old):
            pass
        with pytest.raises(UsageError, match="another run"), alone_in(old):
            pass
        swap(new, old)
    replace(old)
    assert names(old) == ["made"]


def test_a_lock_on_what_was_exchanged_meanwhile_is_no_lock(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open
    new = old.parent / "new"
    new.mkdir()

    def slow(path: str, *rest: int) -> int:
        descriptor = opened(path, *rest)
        if new.exists():
            swap(new, old)
            new.rename(old.parent / "gone")
        return descriptor

    monkeypatch.setattr("driftgate.base.files.os.open", slow)
    with alone_in(old):
        monkeypatch.undo()
        with pytest.raises(UsageError, match="another run"), alone_in(old):
            pass


def test_a_link_is_followed(old: Path) -> None:
    link = old.parent / "link"
    link.symlink_to("out")
    assert require_swappable(link) == old


def test_what_must_stay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, checkout = tmp_path / "people" / "home", tmp_path / "checkout"
    home.mkdir(parents=True)
    (checkout / "below").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(checkout / "below")
    (tmp_path / "file").write_text("")
    for wrong in (Path("/"), home, home.parent, checkout, checkout / "below", Path()):
        with pytest.raises(UsageError, match="is not replaced"):
            require_swappable(wrong, checkout)
    for wrong in (tmp_path / "file", tmp_path / "file" / "x", Path("/proc"), Path("nul\0")):
        with pytest.raises(UsageError):
            require_swappable(wrong)
    assert require_swappable(home / "out", checkout) == home / "out"


def test_files_of_a_group_come_together_or_not_at_all(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_together(old, {"a": "1", "b": b"2", "seal": "3"})
    assert names(old) == ["a", "b", "kept", "seal"]
    with pytest.raises(UnicodeEncodeError):
        write_together(old, {"a": "4", "b": "half \ud800", "seal": "6"}, without=["kept"])
    assert [(old / name).read_text() for name in names(old)] == ["1", "2", "old", "3"]
    write_together(old, {"a": "4", "seal": "6"}, without=["b", "never"])
    assert {name: (old / name).read_text() for name in names(old)} == {"a": "4", "kept": "old", "seal": "6"}


def test_a_group_is_refused_whole_where_one_name_is_no_file(old: Path) -> None:
    (old / "folder").mkdir()
    (old / "link").symlink_to("kept")
    for wrong in ("folder", "link"):
        with pytest.raises(UsageError, match="no regular file"):
            write_together(old, {"a": "1", wrong: "2"})
        with pytest.raises(UsageError, match="no regular file"):
            write_together(old, {"a": "1"}, without=[wrong])
    assert names(old) == ["folder", "kept", "link"]


def test_a_group_cut_in_the_middle_has_no_seal(old: Path) -> None:
    write_together(old, {"a": "1", "b": "2", "seal": "3"})
    script = """
import os, signal, sys
from pathlib import Path
from driftgate.base import folders
moved = Path.replace
def once(self, to):
    moved(self, to)
    os.kill(os.getpid(), signal.SIGKILL)
Path.replace = once
folders.write_together(Path(sys.argv[1]), {"a": "4", "b": "5", "seal": "6"})
"""
    done = subprocess.run([sys.executable, "-c", script, str(old)], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert not (old / "seal").exists()
    remove_staging(old)
    assert names(old) == ["a", "b", "kept"]
