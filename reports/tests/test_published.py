"""What is published was judged: extensions compared, sources of the checkout, digests as signed off."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from driftgate.base.checkout import commit_of
from driftgate.base.exit_codes import ExitCode
from parity.matrix import Row, Suite
from reports.cli import main
from reports.evidence import Evidence, read_folder
from reports.provenance import ROOT
from reports.published import problems, sums

from . import samples

WHEEL, SDIST = "driftcore_native-0.1.0-cp313-cp313-linux_x86_64.whl", "driftcore-0.1.0.tar.gz"
JUDGED, SOURCE = b"an extension", b"print('a source')\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one source."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "source.py").write_bytes(SOURCE)
    for words in (["init", "-q"], ["add", "source.py"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """That of a campaign which compared the extension."""
    found = read_folder(samples.brief().write(tmp_path / "evidence"))
    candidate = replace(found.parity.candidate, sha256=hashlib.sha256(JUDGED).hexdigest())
    return replace(found, parity=replace(found.parity, candidate=candidate), matrix=None)


def wheel(dist: Path, extension: bytes = JUDGED, source: bytes = SOURCE) -> None:
    dist.mkdir(exist_ok=True)
    with ZipFile(dist / WHEEL, "w") as archive:
        archive.writestr("driftcore_native/_core.so", extension)
        archive.writestr("driftcore_native/__init__.py", source)
        archive.writestr("driftcore_native-0.1.0.dist-info/METADATA", "Name: driftcore-native")


def sdist(dist: Path, source: bytes = SOURCE, link: str = "") -> None:
    dist.mkdir(exist_ok=True)
    with tarfile.open(dist / SDIST, "w:gz") as archive:
        for name, data in (("source.py", source), ("PKG-INFO", b"Name: driftcore")):
            member = tarfile.TarInfo(f"driftcore-0.1.0/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        if link:
            member = tarfile.TarInfo("driftcore-0.1.0/link")
            member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)


def test_what_was_compared_and_files_of_the_checkout_may_be_published(
    tmp_path: Path, root: Path, evidence: Evidence
) -> None:
    wheel(tmp_path / "dist")
    sdist(tmp_path / "dist")
    assert problems(tmp_path / "dist", evidence, root) == []


def row(extension: bytes, verdict: int) -> Row:
    sha256 = hashlib.sha256(extension).hexdigest()
    return Row("py313", verdict, (), "CPython 3.13.18", sha256, 4300, Suite(5, 0, 0), ())


def test_an_extension_of_another_python_counts_by_its_row_of_the_matrix(
    tmp_path: Path, root: Path, evidence: Evidence
) -> None:
    wheel(tmp_path / "dist", b"another")
    assert problems(tmp_path / "dist", replace(evidence, matrix=(row(b"another", 0),)), root) == []
    for rows in ((), (row(b"another", 1),), (row(b"a third", 0),)):
        [problem] = problems(tmp_path / "dist", replace(evidence, matrix=rows), root)
        assert problem.startswith(f"{WHEEL}: driftcore_native/_core.so was not judged (")


def test_what_is_no_file_of_the_checkout_is_refused(tmp_path: Path, root: Path, evidence: Evidence) -> None:
    dist = tmp_path / "dist"
    wheel(dist, source=b"changed")
    sdist(dist, source=b"changed")
    (dist / "notes.txt").write_text("")
    (dist / "broken.whl").write_bytes(b"PK")
    found = problems(dist, evidence, root)
    assert found[0].startswith("broken.whl: cannot be read: ")
    assert found[1:] == [
        f"{SDIST}: source.py is no file of the checkout",
        f"{WHEEL}: driftcore_native/__init__.py is no file of the checkout",
        "notes.txt: is neither a wheel nor a source distribution",
    ]


def test_a_link_in_a_source_distribution_is_refused(tmp_path: Path, root: Path, evidence: Evidence) -> None:
    sdist(tmp_path / "dist", link="/nowhere")
    assert problems(tmp_path / "dist", evidence, root) == [f"{SDIST}: cannot be read: link is no plain file"]


def test_without_anything_to_publish_it_is_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = samples.brief().write(tmp_path / "folder")
    (tmp_path / "dist").mkdir()
    command = ["publishable", str(tmp_path / "dist"), "--signoff", str(folder), "--record"]
    assert main(command) == ExitCode.UNFIT
    assert "holds nothing to publish; run: make wheels" in capsys.readouterr().err
    assert not (folder / "SHA256SUMS").exists()


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """(what is to be published, a sign-off of it that says GO)"""
    dist, folder = tmp_path / "dist", tmp_path / "signed"
    wheel(dist)
    sdist(dist)
    folder.mkdir()
    commit = commit_of(ROOT)
    assert commit is not None
    told = {"verdict": "GO", "level": "release", "commit": {"id": commit.id}}
    (folder / "signoff.json").write_text(json.dumps(told))
    (folder / "SHA256SUMS").write_text(sums(dist))
    seal(folder)
    return dist, folder


def seal(folder: Path) -> None:
    names = ("signoff.json", "SHA256SUMS")
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "manifest.json").write_text(json.dumps({"files": files}))


def publishable(signed: tuple[Path, Path]) -> ExitCode:
    return main(["publishable", str(signed[0]), "--signoff", str(signed[1])])


def test_the_files_that_were_signed_off_may_be_published(
    signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert publishable(signed) == ExitCode.PASS
    assert capsys.readouterr().out == "PASS: 2 files may be published.\n"
    check = ["sha256sum", "--check", "--strict", str(signed[1] / "SHA256SUMS")]
    assert subprocess.run(check, cwd=signed[0], capture_output=True, check=False).returncode == 0


def test_a_file_that_was_changed_is_missing_or_new_stops_it(
    signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    dist = signed[0]
    wheel(dist, b"tampered with")
    (dist / SDIST).rename(dist / "driftcore-0.1.1.tar.gz")
    assert publishable(signed) == ExitCode.FAIL
    assert capsys.readouterr().out.splitlines() == [
        f"  {SDIST} was signed off and is missing",
        "  driftcore-0.1.1.tar.gz was not signed off",
        f"  {WHEEL} is not the file that was signed off",
        "FAIL: 3 reasons against publishing 2 files.",
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"verdict": "INCONCLUSIVE"}, "the sign-off's verdict is INCONCLUSIVE, not GO"),
        ({"level": "gate"}, "the sign-off's level is gate, not release"),
        ({"commit": {"id": "0" * 40}}, f"the sign-off's commit is {'0' * 40}, not "),
    ],
)
def test_another_verdict_level_or_commit_stops_it(
    changed: dict[str, object], why: str, signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = signed[1] / "signoff.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))
    assert publishable(signed) == ExitCode.UNFIT
    assert "signoff.json is not the file that the manifest names" in capsys.readouterr().err
    seal(signed[1])
    assert publishable(signed) == ExitCode.FAIL
    assert why in capsys.readouterr().out


@pytest.mark.parametrize("name", ["signoff.json", "SHA256SUMS", "manifest.json"])
def test_half_a_sign_off_is_none(
    name: str, signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (signed[1] / name).unlink()
    assert publishable(signed) == ExitCode.UNFIT
    found = capsys.readouterr().err
    assert found.startswith("UNFIT: ") and found.count("\n") == 1
