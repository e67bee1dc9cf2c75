"""Commands that make files anew: with nothing but help to ask for, and no file before all are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.rewriting import rewriting


def test_files_are_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old").write_text("old")
    made = {tmp_path / "old": "new", tmp_path / "below" / "other": "two"}
    main, _ = rewriting("some.module", "Write it.", lambda: made)
    assert main([]) is ExitCode.PASS
    assert {path: path.read_text() for path in made} == made
    assert capsys.readouterr().out.splitlines() == [str(path) for path in made]


def test_files_that_cannot_be_made_leave_the_old(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")

    def fail() -> dict[Path, str]:
        raise Unfit("the reference is not there")

    main, _ = rewriting("some.module", "Write it.", fail)
    assert main([]) is ExitCode.UNFIT
    assert (tmp_path / "old").read_text() == "old"


@pytest.mark.parametrize("words", [["--help"], ["--nonsense"], ["x"]])
def test_help_and_misuse_write_nothing(words: list[str], tmp_path: Path) -> None:
    main, parser = rewriting("some.module", "Write it.", lambda: {tmp_path / "new": "text"})
    with pytest.raises(SystemExit):
        main(words)
    assert list(tmp_path.iterdir()) == []
    assert "python -m some.module && git diff --stat" in parser().format_help()
