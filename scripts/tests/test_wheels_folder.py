"""The folder of artefacts is never emptied: it changes when the new ones are whole, and holds no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, UsageError
from scripts.wheels import cli
from scripts.wheels.build import BuildError
from scripts.wheels.folder import renewed, require_artefacts

OLD = ("driftcore-0.0.9.tar.gz", "driftcore_native-0.0.9-cp39-cp39-linux_x86_64.whl")
NEW = ("driftcore-0.1.0.tar.gz", "driftcore_dropin-0.1.0-py3-none-any.whl")


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in OLD:
        (folder / name).write_text("old")
    return folder


def test_new_artefacts_take_the_place_of_the_old(dist: Path) -> None:
    with renewed(dist) as beside:
        for name in NEW:
            (beside / name).write_text("new")
        assert [name for name in names(dist) if not name.startswith(".")] == sorted(OLD)
    assert names(dist) == sorted(NEW)


def test_a_build_that_fails_leaves_the_old(dist: Path) -> None:
    with pytest.raises(BuildError), renewed(dist) as beside:
        (beside / NEW[0]).write_text("half")
        raise BuildError("it does not build")
    assert names(dist) == sorted(OLD)


def test_what_a_killed_build_left_is_removed(dist: Path) -> None:
    (dist / ".wheels.killed").mkdir()
    (dist / ".wheels.killed" / NEW[0]).write_text("half")
    require_artefacts(dist)
    with renewed(dist) as beside:
        (beside / NEW[0]).write_text("new")
    assert names(dist) == [NEW[0]]


def test_two_builds_do_not_share_a_folder(dist: Path) -> None:
    with renewed(dist), pytest.raises(UsageError, match="another run"), renewed(dist):
        pass


@pytest.mark.parametrize("name", ["notes.txt", "numpy-2.0-cp312-none-any.whl", "driftcore", ".git"])
def test_a_folder_with_anything_else_is_refused_untouched(
    name: str, dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (dist / name).write_text("mine")
    with pytest.raises(SystemExit) as stop:
        cli.main(["--out", str(dist)])
    assert stop.value.code == ExitCode.USAGE
    assert f"it holds {name}; choose another" in capsys.readouterr().err
    assert names(dist) == sorted((*OLD, name))


def test_a_wheel_that_links_elsewhere_is_not_ones_own(dist: Path) -> None:
    (dist / NEW[0]).symlink_to(dist / OLD[0])
    with pytest.raises(UsageError, match="is no folder of artefacts"):
        require_artefacts(dist)


def test_a_home_or_a_checkout_is_no_folder_of_artefacts() -> None:
    for folder in (Path("/"), Path(__file__).parent, Path(__file__).parents[2]):
        with pytest.raises(UsageError, match="is no folder of artefacts"):
            require_artefacts(folder)
