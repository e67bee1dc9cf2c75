"""Each measuring process gets copies of its own of the packages that hold compiled code."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from bench.pairs import placement
from bench.pairs.placement import private_copies
from bench.pairs.tasks import PAIR, Task, subjects_of


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def test_compiled_packages_are_copied_and_others_are_not() -> None:
    with private_copies(["native", "rust", "reference", "sdk", "json", "no such module"]) as folder:
        assert names(folder) == {"driftcore_native", "drift_core"}
    assert not folder.exists()


def test_every_process_has_other_files() -> None:
    with private_copies(["native"]) as first, private_copies(["native"]) as second:
        files = [next(folder.rglob(f"*{EXTENSION_SUFFIXES[-1]}")) for folder in (first, second)]
        assert files[0].read_bytes() == files[1].read_bytes()
        assert not files[0].samefile(files[1])


def test_packages_on_pythonpath_are_found_and_huge_ones_are_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"_core{EXTENSION_SUFFIXES[0]}").write_bytes(b"x" * 100)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with private_copies(["mine.inner"]) as folder:
        assert names(folder) == {"mine"}
    monkeypatch.setattr(placement, "LARGEST", 99)
    with private_copies(["mine"]) as folder:
        assert names(folder) == set()


@pytest.mark.parametrize("against", ["native again", "native slowed by 5%", "native", "sha256"])
def test_a_task_names_its_subjects(against: str) -> None:
    task = Task(PAIR, "normalize_json", "empty", "native", against)
    assert subjects_of(task) == {"native"} | ({"sha256"} if against == "sha256" else set())
