"""Subjects are what they say they are."""

from __future__ import annotations

import hashlib
import inspect
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from driftgate.base.exit_codes import Unfit
from parity.operations import OPERATIONS
from parity.subjects import KNOWN, load, require_distinct
from parity.subjects.described import describe, described

from .doubles import written


def test_reference_offers_every_operation_with_the_arguments_of_the_table() -> None:
    reference = load("reference")
    assert set(reference.functions) == set(OPERATIONS)
    for name, function in reference.functions.items():
        assert tuple(inspect.signature(function).parameters) == OPERATIONS[name].arguments


def test_provenance_of_a_package_covers_all_its_sources() -> None:
    provenance = load("reference").provenance
    package = Path(provenance.file).parent
    digest = hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        digest.update(source.relative_to(package).as_posix().encode())
        digest.update(source.read_bytes())
    assert provenance.sha256 == digest.hexdigest()
    assert not provenance.compiled


def test_compiled_subject_names_its_extension_module() -> None:
    pytest.importorskip("drift_core")
    provenance = load("rust").provenance
    assert provenance.compiled
    assert not provenance.file.endswith(".py")
    assert provenance.sha256 == hashlib.sha256(Path(provenance.file).read_bytes()).hexdigest()


def test_known_compiled_subject_written_in_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = KNOWN["native"]
    monkeypatch.setitem(KNOWN, "native", type(known)("parity.tests.lacking", known.distribution, True))
    with pytest.raises(Unfit, match="is to be a compiled module, but has functions written in Python"):
        load("native")


def test_module_without_any_of_the_functions_is_refused() -> None:
    with pytest.raises(Unfit, match="offers none of the nine functions"):
        load("json")


def test_two_names_of_one_build_are_refused() -> None:
    reference = load("reference")
    with pytest.raises(Unfit, match="same module"):
        require_distinct(reference, load("driftcore.reference"))


def test_copy_of_a_build_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = load("reference")
    shutil.copytree(Path(reference.provenance.file).parent, tmp_path / "copied_reference")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Unfit, match="same build"):
        require_distinct(reference, load("copied_reference"))


def test_a_description_says_what_is_loaded_and_imports_nothing_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = written(tmp_path, "described_subject")
    told = describe((name, "reference"))
    assert name not in sys.modules
    assert told == {name: described(load(name)), "reference": described(load("reference"))}
    assert told[name].operations == {"normalize_json"}


def test_two_names_of_one_build_are_refused_without_importing_them_here() -> None:
    with pytest.raises(Unfit, match="same module"):
        describe(("reference", "driftcore.reference"), [("reference", "driftcore.reference")])


def test_the_process_of_a_campaign_never_imports_its_subjects(tmp_path: Path) -> None:
    """What a subject leaves for the end of its process, or breaks in it, has no say in the exit code."""
    leaves = "atexit.register(os._exit, 0); sys.exit = print; os.environ.clear()"
    name = written(tmp_path, "leaving_subject", at_import=leaves, in_call="return 'another'")
    for command in (
        ["run", "--operation", "normalize_json", "--cases", "0", "--out", str(tmp_path / "run.ndjson")],
        ["replay", "g2:everyday:0:0:normalize_json"],
    ):
        ran = [sys.executable, "-m", "parity", *command, "--candidate", name]
        done = subprocess.run(
            ran, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
        )
        wanted = 1 if command[0] == "run" else 0
        assert (done.returncode, done.stderr) == (wanted, "")
