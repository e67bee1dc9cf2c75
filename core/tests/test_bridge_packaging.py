"""What tools that carry a program elsewhere see of the bridge and the core: freezers, zip archives."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import driftcore
import driftcore_native
import pytest

from .sanitizers import without_sanitizers

PACKAGE, NATIVE = Path(driftcore.__file__).parent, Path(driftcore_native.__file__).parent
CALLS = (
    "from driftcore import bridge; print(bridge.log_startup()); print(bridge.deterministic_hash_jsonable({}))"
)


@pytest.mark.parametrize(
    ("package", "module"),
    [(PACKAGE, "driftcore_native"), (NATIVE, "driftcore.reference")],
    ids=["bridge", "core"],
)
def test_what_is_imported_late_stands_in_an_import_statement(package: Path, module: str) -> None:
    """A program that freezes applications reads statements: it runs nothing, and sees nothing of C."""
    statements = [
        alias.name
        for source in package.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert module in statements


def run(archive: Path, *path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-S", str(archive)],
        env={"PYTHONPATH": os.pathsep.join(map(str, path))},
        cwd=archive.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def archive_of(folder: Path, *packages: Path) -> Path:
    source = folder / "source"
    for package in packages:
        shutil.copytree(package, source / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "__main__.py").write_text(CALLS, encoding="ascii")
    zipapp.create_archive(source, folder / "application.pyz")
    return folder / "application.pyz"


def test_a_core_in_an_archive_is_told_to_be_left_out(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, PACKAGE, NATIVE)
    line, digest = run(archive)
    assert digest == "None"
    assert f"{archive / 'driftcore_native'} is in an archive, from which Python loads no extension" in line
    assert "leave it out, and pip install driftcore-native beside the archive" in line
    assert "--force-reinstall" not in line


@without_sanitizers
def test_a_bridge_in_an_archive_finds_the_core_beside_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "driftcore_native").symlink_to(NATIVE)
    line, digest = run(archive_of(tmp_path, PACKAGE), site)
    assert line.startswith("driftcore_native is enabled (") and len(digest) == 64


def test_a_core_of_another_python_is_told_by_the_file_that_is_missing(tmp_path: Path) -> None:
    shutil.copytree(
        NATIVE, tmp_path / "driftcore_native", ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )
    (tmp_path / "driftcore").symlink_to(PACKAGE)
    (tmp_path / "program.py").write_text(CALLS, encoding="ascii")
    line, digest = run(tmp_path / "program.py")
    assert digest == "None"
    assert f"{tmp_path / 'driftcore_native'} has no _core." in line
    assert line.count("pip install --force-reinstall driftcore-native") == 1
