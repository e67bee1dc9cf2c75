"""Files are checked first, written beside and swapped last; what cannot be written is refused untouched."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from driftgate.base.exit_codes import Unfit, UsageError
from driftgate.base.files import (
    alone_in,
    append_line,
    require_folder,
    require_own,
    require_target,
    write_new,
    write_whole,
)

ROOT = Path(__file__).resolve().parents[2]


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


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    assert write_new(tmp_path / "below" / "new", "mine").read_text() == "mine"
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("below/new", "below", "dangling"):
        with pytest.raises(UsageError, match="is there already"):
            write_new(tmp_path / name, "other")
    assert (names(tmp_path), names(tmp_path / "below")) == (["below", "dangling"], ["new"])
    assert (tmp_path / "below" / "new").read_text() == "mine"


def test_a_new_file_replaces_nothing_that_came_up_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    (tmp_path / "new").write_text("theirs")
    with pytest.raises(UsageError, match="is there already"):
        write_new(tmp_path / "new", "mine")
    assert ((tmp_path / "new").read_text(), names(tmp_path)) == ("theirs", ["new"])


APPENDING = """
import pathlib, sys
from driftgate.base.files import append_line
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    append_line(pathlib.Path(sys.argv[1]), sys.argv[2] * 9000)
"""


def test_lines_are_appended_whole_by_many_at_once(tmp_path: Path) -> None:
    path = tmp_path / "history"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDING, str(path), letter, "200"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for letter in "abc"
    ]
    assert [writer.stdout.readline() for writer in writers if writer.stdout] == ["ready\n"] * 3
    for writer in writers:  # all at once, as far as the machine allows
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    lines = path.read_text().splitlines()
    assert len(lines) == 600 and {line[0] * 9000 for line in lines} == set(lines)


def test_a_line_is_appended_to_whole_lines_only(tmp_path: Path) -> None:
    (tmp_path / "torn").write_text("whole\nhalf")
    with pytest.raises(Unfit, match="its last line has no end"):
        append_line(tmp_path / "torn", "next")
    assert (tmp_path / "torn").read_text() == "whole\nhalf"


def test_a_line_that_does_not_fit_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("first\n")
    for name in ("history", "new"):
        words = [sys.executable, "-c", APPENDING, str(tmp_path / name), "x", "1"]
        short = ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash", *words]
        done = subprocess.run(short, cwd=ROOT, input="\n", capture_output=True, text=True, check=False)
        assert f"File too large: '{tmp_path / name}'" in done.stderr
    assert ((tmp_path / "history").read_text(), names(tmp_path)) == ("first\n", ["history"])


def test_a_file_of_others_is_not_replaced(tmp_path: Path) -> None:
    for name, text in (("empty", ""), ("own", "{own: 1}"), ("theirs", "# A page"), ("short", "{o")):
        (tmp_path / name).write_text(text)
    for name in ("missing", "empty", "own"):
        assert require_own(tmp_path / name, "results", b"{own", b"{also") == tmp_path / name
    for name in ("theirs", "short"):
        with pytest.raises(UsageError, match="holds no results and is not replaced"):
            require_own(tmp_path / name, "results", b"{own", b"{also")


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(UsageError, match="another run"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):
        assert names(tmp_path) == []
