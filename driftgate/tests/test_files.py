"""Files are checked first, written beside and swapped last; what cannot be written is refused untouched."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from driftgate.base.exit_codes import UsageError
from driftgate.base.files import alone_in, require_folder, require_target, write_whole


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)
    assert names(tmp_path) == ["kept"]


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    path = write_whole(tmp_path / "below" / "new", b"\0")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_cannot_be_written_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half \ud800")
    assert (path.read_text(), names(tmp_path)) == ("old", ["kept"])


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link"
    link.symlink_to("far/file")
    write_whole(link, "new")
    assert link.is_symlink() and (tmp_path / "far" / "file").read_text() == "new"


def folder(path: Path) -> None:
    path.mkdir()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def looped(path: Path) -> None:
    path.symlink_to(path.name)


def read_only(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o444)


def to_device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (folder, "is a folder"),
        (fifo, "no regular file"),
        (looped, "no usable path"),
        (read_only, "read-only"),
        (to_device, "no regular file"),
    ],
)
def test_what_is_no_target_is_refused_untouched(
    tmp_path: Path, made: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / "target"
    made(path)
    before = path.lstat()
    with pytest.raises(UsageError, match=why):
        write_whole(path, "new")
    assert path.lstat() == before and names(tmp_path) == ["target"]


@pytest.mark.parametrize("name", ["file/below", "nul\0", "x" * 300, "locked/file"])
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "locked").mkdir(mode=0o555)
    with pytest.raises(UsageError):
        require_target(tmp_path / name)
    assert require_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert names(tmp_path) == ["file", "locked"]


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(UsageError, match="another run"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):
        assert names(tmp_path) == []
