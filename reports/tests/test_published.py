"""What is published was judged: extensions where they were compared, each file in its place, and digests."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from driftgate.base.checkout import Commit, git
from driftgate.base.exit_codes import ExitCode
from parity.matrix import Row, Suite
from reports.cli import main
from reports.evidence import Evidence, read_folder
from reports.policy import POLICY, level_of
from reports.provenance import ROOT
from reports.published import problems
from reports.signed import sums

from . import samples
from .distributions import (
    DROPIN,
    EXTENSION,
    INFO,
    JUDGED,
    NATIVE,
    NATIVE_SDIST,
    PURE,
    SDIST,
    Members,
    build,
    checkout,
    read,
    tamper,
    wheel_file,
)

COMMIT = git(ROOT, "rev-parse", "HEAD")
LINUX, MAC = "Linux-6.1-x86_64-with-glibc2.36", "macOS-14.5-arm64-arm-64bit"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("built") / "dist"
    build(root, dist)
    return dist


@pytest.fixture
def dist(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "dist"))


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """That of a campaign which compared the extension under CPython 3.13 on Linux."""
    return compared(read_folder(samples.brief().write(tmp_path / "evidence")), JUDGED, LINUX)


def compared(evidence: Evidence, extension: bytes, platform: str, python: str = "CPython 3.13.1") -> Evidence:
    candidate = replace(evidence.parity.candidate, sha256=hashlib.sha256(extension).hexdigest())
    parity = replace(evidence.parity, candidate=candidate, platform=platform, python=python)
    return replace(evidence, parity=parity, matrix=None)


def test_what_the_backends_make_of_a_checkout_may_be_published(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    assert len(list(dist.iterdir())) == 6
    assert problems(dist, evidence, root) == []


def row(extension: bytes, verdict: int, python: str = "3.13.18", platform: str = LINUX) -> Row:
    sha256 = hashlib.sha256(extension).hexdigest()
    return Row("py", verdict, (), f"CPython {python}", platform, sha256, 4300, Suite(5, 0, 0), ())


def test_an_extension_of_another_python_counts_by_its_row_of_the_matrix(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    tamper(dist / NATIVE, lambda members: members.update({EXTENSION: b"another"}))
    assert problems(dist, replace(evidence, matrix=(row(b"another", 0),)), root) == []
    for rows in ((), (row(b"another", 1),), (row(b"a third", 0),)):
        [problem] = problems(dist, replace(evidence, matrix=rows), root)
        assert problem.startswith(f"{NATIVE}: {EXTENSION} was not judged (")


@pytest.mark.parametrize(
    ("python", "platform", "place"),
    [
        ("3.9.18", LINUX, "cp39 on linux_x86_64"),
        ("3.13.18", "Linux-6.1.0-13-arm64-aarch64-with-glibc2.36", "cp313 on linux_aarch64"),
        ("3.13.18", "macOS-13.6-x86_64-i386-64bit", "cp313 on macos_x86_64"),
        ("3.13.18", "macOS-26.0-arm64-arm-64bit-Mach-O", "cp313 on macos_arm64"),
        ("3.13.18", MAC, "cp313 on macos_arm64"),
    ],
)
def test_an_extension_counts_only_where_it_was_compared(
    python: str, platform: str, place: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    evidence = compared(evidence, b"the sign-off's own", LINUX)
    rows = (row(JUDGED, 0, python, platform),)
    assert problems(dist, replace(evidence, matrix=rows), root) == [
        f"{NATIVE}: {EXTENSION} was judged as {place}, not as cp313 on linux_x86_64"
    ]


@pytest.mark.parametrize("platform", ["Linux-6.1-x86_64-with", "Windows-11-10.0.22631-SP0", ""])
def test_where_no_wheel_is_published_for_a_comparison_counts_for_none(
    platform: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    [problem] = problems(dist, compared(evidence, JUDGED, platform), root)
    assert "was not judged" in problem


def renamed(dist: Path, tag: str, extension: str, *tags: str) -> str:
    """The native wheel for another tag, its own files in agreement; its new name."""

    def change(members: Members) -> None:
        members[extension] = members.pop(EXTENSION)
        members[f"{INFO}WHEEL"] = wheel_file(*(tags or (tag,)))

    tamper(dist / NATIVE, change)
    name = f"driftcore_native-0.1.0-{tag}.whl"
    (dist / NATIVE).rename(dist / name)
    return name


def test_a_judged_extension_in_the_wheel_of_another_python_is_refused(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    extension = "driftcore_native/_core.cpython-39-x86_64-linux-gnu.so"
    name = renamed(dist, "cp39-cp39-manylinux_2_28_x86_64", extension)
    assert problems(dist, evidence, root) == [
        f"{name}: {extension} was judged as cp313 on linux_x86_64, not as cp39 on linux_x86_64"
    ]


def test_an_extension_whose_name_its_python_does_not_look_for_is_refused(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    right = "driftcore_native/_core.cpython-39-x86_64-linux-gnu.so"
    name = renamed(dist, "cp39-cp39-manylinux_2_28_x86_64", EXTENSION)
    assert problems(dist, replace(evidence, matrix=(row(JUDGED, 0, "3.9.18"),)), root) == [
        f"{name}: has {EXTENSION}, where its tag asks for {right}"
    ]


def test_a_wheel_of_a_mac_is_known_by_its_tag(dist: Path, root: Path, evidence: Evidence) -> None:
    renamed(dist, "cp313-cp313-macosx_11_0_arm64", "driftcore_native/_core.cpython-313-darwin.so")
    assert problems(dist, compared(evidence, JUDGED, MAC), root) == []


def test_a_wheel_may_have_several_tags_of_one_platform(dist: Path, root: Path, evidence: Evidence) -> None:
    tags = [f"cp313-cp313-{one}_x86_64" for one in ("manylinux2014", "manylinux_2_17")]
    name = renamed(dist, "cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64", EXTENSION, *tags)
    assert problems(dist, evidence, root) == [], name


@pytest.mark.parametrize(
    "tag",
    [
        "cp313-abi3-manylinux_2_28_x86_64",
        "cp313-cp313t-manylinux_2_28_x86_64",
        "cp313-cp313-musllinux_1_2_x86_64",
        "cp313-cp313-win_amd64",
        "cp313-cp313-any",
        "py3-none-any",
        "cp313-cp313-manylinux_2_28_x86_64.macosx_11_0_arm64",
        "cp312.cp313-cp313-manylinux_2_28_x86_64",
        "cp312-cp313-manylinux_2_28_x86_64",
    ],
)
def test_a_native_wheel_is_for_one_python_on_one_platform_that_was_compared(
    tag: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    name = renamed(dist, tag, EXTENSION)
    found = problems(dist, evidence, root)
    assert f"{name}: has no tag of one CPython on one platform where campaigns compare" in found


def swap(one: str, other: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[one], members[other] = members[other], members[one]

    return change


def put(name: str, data: bytes = b"") -> Callable[[Members], None]:
    return lambda members: members.update({name: data})


def without(name: str) -> Callable[[Members], object]:
    return lambda members: members.pop(name)


def said(name: str, old: bytes, new: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


TOP, DROPIN_INFO = "driftcore-0.1.0/", "driftcore_dropin-0.1.0.dist-info/"


@pytest.mark.parametrize(
    ("file", "change", "found"),
    [
        pytest.param(
            PURE,
            swap("driftcore/reference/schema.py", "driftcore/reference/verify.py"),
            [
                "driftcore/reference/schema.py is not core/driftcore/reference/schema.py of the checkout",
                "driftcore/reference/verify.py is not core/driftcore/reference/verify.py of the checkout",
            ],
            id="files of the checkout in each other's place",
        ),
        pytest.param(
            SDIST,
            swap(f"{TOP}reference/schema.py", f"{TOP}bridge/calls.py"),
            [
                "bridge/calls.py is not core/driftcore/bridge/calls.py of the checkout",
                "reference/schema.py is not core/driftcore/reference/schema.py of the checkout",
            ],
            id="the same in a source distribution",
        ),
        pytest.param(
            NATIVE_SDIST,
            put("driftcore_native-0.1.0/core/src/reader.c", b"changed"),
            ["core/src/reader.c is not core/src/reader.c of the checkout"],
            id="a changed source",
        ),
        pytest.param(
            NATIVE_SDIST,
            put("driftcore_native-0.1.0/setup.py"),
            ["setup.py is none of its files"],
            id="setup",
        ),
        pytest.param(
            NATIVE,
            without("driftcore_native/_whole.py"),
            ["lacks driftcore_native/_whole.py"],
            id="a file is missing",
        ),
        pytest.param(
            PURE, put("driftcore.pth", b"import os"), ["driftcore.pth is none of its files"], id="pth"
        ),
        pytest.param(
            PURE,
            put("driftcore-0.1.0.data/scripts/x"),
            ["driftcore-0.1.0.data/scripts/x is none of its files"],
            id="a script",
        ),
        pytest.param(
            PURE,
            put("other-1.dist-info/METADATA"),
            ["other-1.dist-info/METADATA is none of its files"],
            id="another distribution inside",
        ),
        pytest.param(
            NATIVE,
            without(EXTENSION),
            ["has 0 extension modules driftcore_native/_core instead of one"],
            id="a native wheel without an extension",
        ),
        pytest.param(
            NATIVE,
            put("driftcore_native/_core.abi3.so", JUDGED),
            ["has 2 extension modules driftcore_native/_core instead of one"],
            id="two extensions",
        ),
        pytest.param(
            NATIVE,
            put("driftcore_native/_other.cpython-313-x86_64-linux-gnu.so", JUDGED),
            ["driftcore_native/_other.cpython-313-x86_64-linux-gnu.so is none of its files"],
            id="an extension of another name",
        ),
        pytest.param(
            PURE,
            put("driftcore/_core.cpython-313-x86_64-linux-gnu.so", JUDGED),
            ["driftcore/_core.cpython-313-x86_64-linux-gnu.so is none of its files"],
            id="a plain wheel with an extension",
        ),
        pytest.param(
            NATIVE,
            said(f"{INFO}METADATA", b"Requires-Dist: driftcore==0.1.0", b"Requires-Dist: driftc0re==0.1.0"),
            [f"{INFO}METADATA says Requires-Dist driftc0re==0.1.0, pyproject.toml driftcore==0.1.0"],
            id="a requirement",
        ),
        pytest.param(
            NATIVE,
            said(f"{INFO}METADATA", b"Requires-Dist: driftcore==0.1.0", b"Requires-Dist: @@@"),
            [f"{INFO}METADATA says Requires-Dist @@@, pyproject.toml driftcore==0.1.0"],
            id="no requirement at all",
        ),
        pytest.param(
            SDIST,
            said(f"{TOP}PKG-INFO", b"Version: 0.1.0", b"Version: 0.2.0"),
            ["PKG-INFO says Version 0.2.0, pyproject.toml 0.1.0"],
            id="a version",
        ),
        pytest.param(
            DROPIN,
            said(f"{DROPIN_INFO}METADATA", b"Name: driftcore-dropin", b"Name: driftcore"),
            [f"{DROPIN_INFO}METADATA says Name driftcore, pyproject.toml driftcore-dropin"],
            id="a name",
        ),
        pytest.param(
            DROPIN,
            said(f"{DROPIN_INFO}METADATA", b"Name:", b"Requires-External: x\nName:"),
            [f"{DROPIN_INFO}METADATA says Requires-External x, pyproject.toml nothing"],
            id="a field more",
        ),
        pytest.param(
            DROPIN,
            said(
                f"{DROPIN_INFO}METADATA", b"driftcore-native==0.1.0\n", b"driftcore-native==0.1.0\n\nRead\n"
            ),
            [f"{DROPIN_INFO}METADATA has a description, which pyproject.toml does not"],
            id="a description",
        ),
        pytest.param(
            DROPIN,
            said(f"{DROPIN_INFO}METADATA", b"Name:", b"License-File: x\nName:"),
            [f"{DROPIN_INFO}METADATA names licences that are not there: x"],
            id="a licence that is not there",
        ),
        pytest.param(
            NATIVE,
            said(f"{INFO}WHEEL", b"Generator", b"Build: 1\nGenerator"),
            [f"{INFO}WHEEL has a field Build"],
            id="a field more in WHEEL",
        ),
        pytest.param(
            NATIVE,
            put("other-1.dist-info/"),
            ["cannot be read: other-1.dist-info/ is an empty folder"],
            id="a folder",
        ),
        pytest.param(SDIST, without(f"{TOP}PKG-INFO"), ["lacks PKG-INFO"], id="no PKG-INFO"),
        pytest.param(NATIVE, without(f"{INFO}METADATA"), [f"lacks {INFO}METADATA"], id="no METADATA"),
        pytest.param(
            NATIVE,
            said(f"{INFO}WHEEL", b"cp313-cp313-", b"cp39-cp39-"),
            [
                f"{INFO}WHEEL says Tag cp39-cp39-manylinux_2_28_x86_64, "
                "the file name cp313-cp313-manylinux_2_28_x86_64"
            ],
            id="a tag",
        ),
        pytest.param(
            NATIVE,
            said(f"{INFO}WHEEL", b"false", b"true"),
            [f"{INFO}WHEEL says Root-Is-Purelib true, not false"],
            id="where it is unpacked to",
        ),
        pytest.param(
            NATIVE,
            put(f"{INFO}licenses/LICENSE", b"none"),
            [f"{INFO}licenses/LICENSE is not LICENSE of the checkout"],
            id="a licence",
        ),
        pytest.param(
            DROPIN,
            put(f"{DROPIN_INFO}entry_points.txt", b"[console_scripts]\nx = y:z\n"),
            [f"{DROPIN_INFO}entry_points.txt is none of its files"],
            id="entry points",
        ),
        pytest.param(
            DROPIN,
            put(f"{DROPIN_INFO}direct_url.json", b"{}"),
            [f"{DROPIN_INFO}direct_url.json is none of its files"],
            id="another file about the distribution",
        ),
    ],
)
def test_what_was_tampered_with_is_refused_though_record_fits(
    file: str,
    change: Callable[[Members], object],
    found: list[str],
    dist: Path,
    root: Path,
    evidence: Evidence,
) -> None:
    tamper(dist / file, change)
    assert problems(dist, evidence, root) == [f"{file}: {one}" for one in found]


RECORD = f"{INFO}RECORD"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (said(RECORD, b"_whole.py,sha256=", b"_whole.py,sha256=0"), "has another digest or size of "),
        (said(RECORD, b"driftcore_native/_whole.py", b"driftcore_native/more.py"), "lacks "),
        (said(RECORD, b",,", b",,\ndriftcore_native/py.typed,,"), "has driftcore_native/py.typed 2 times"),
        (put(RECORD, b"one\n"), "has a line that is no path, digest and size"),
    ],
)
def test_a_record_must_fit_the_files(
    change: Callable[[Members], object], found: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    tamper(dist / NATIVE, change, renewed=False)
    got = problems(dist, evidence, root)
    assert any(one.startswith(f"{NATIVE}: {RECORD} {found}") for one in got), got


@pytest.mark.parametrize(
    "name",
    [
        "other-0.1.0.tar.gz",
        "driftcore-0.2.0.tar.gz",
        "driftcore-0.1.0.post1.tar.gz",
        "Driftcore-0.1.0.tar.gz",
        "driftcore_native_0.1.0-0.1.0-py3-none-any.whl",
        "driftcore-0.2.0-py3-none-any.whl",
    ],
)
def test_only_our_distributions_of_this_version_are_published(
    name: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    (dist / (PURE if name.endswith(".whl") else SDIST)).rename(dist / name)
    known = "driftcore_native-0.1.0, driftcore-0.1.0, driftcore_dropin-0.1.0"
    assert problems(dist, evidence, root) == [f"{name}: is named for none of {known}"]


def test_a_distribution_under_the_name_of_another_is_refused(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    shutil.copy(dist / PURE, dist / DROPIN)
    found = problems(dist, evidence, root)
    assert f"{DROPIN}: lacks driftcore_dropin.py" in found and f"{DROPIN}: lacks {DROPIN_INFO}WHEEL" in found
    assert f"{DROPIN}: driftcore/__init__.py is none of its files" in found


def test_a_build_number_lets_no_second_wheel_go_before_the_judged_one(
    dist: Path, root: Path, evidence: Evidence
) -> None:
    name = PURE.replace("-py3", "-1-py3")
    shutil.copy(dist / PURE, dist / name)
    assert problems(dist, evidence, root) == [f"{name}: has a build number"]


def test_a_plain_wheel_is_for_every_python(dist: Path, root: Path, evidence: Evidence) -> None:
    name = PURE.replace("py3-", "py2.py3-")
    (dist / PURE).rename(dist / name)
    assert f"{name}: is plain Python, so its tag is py3-none-any" in problems(dist, evidence, root)


def test_what_is_no_distribution_is_refused(dist: Path, root: Path, evidence: Evidence) -> None:
    (dist / "notes.txt").write_text("")
    (dist / "folder.whl").mkdir()
    (dist / PURE).write_bytes(b"PK")
    (dist / SDIST).write_bytes(b"")
    found = problems(dist, evidence, root)
    assert found[0].startswith(f"{PURE}: cannot be read: ")
    assert found[1].startswith(f"{SDIST}: cannot be read: ")
    assert found[2:] == [
        f"{name}: is neither a wheel nor a source distribution" for name in ("folder.whl", "notes.txt")
    ]


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        (f"{TOP}link", tarfile.SYMTYPE, "link is no plain file"),
        (f"{TOP}py.typed", tarfile.REGTYPE, f"{TOP}py.typed is there 2 times"),
        ("driftcore-0.2.0/x", tarfile.REGTYPE, "driftcore-0.2.0/x is not in the folder driftcore-0.1.0"),
        ("/etc/x", tarfile.REGTYPE, "/etc/x is not in the folder driftcore-0.1.0"),
    ],
)
def test_a_source_distribution_holds_each_file_once_and_in_one_folder(
    name: str, kind: bytes, found: str, dist: Path, root: Path, evidence: Evidence
) -> None:
    members = read(dist / SDIST)
    with tarfile.open(dist / SDIST, "w:gz") as archive:
        for path, data in (*members.items(), (name, b"")):
            member = tarfile.TarInfo(path)
            member.size = len(data)
            if path == name and not data:
                member.type, member.linkname = kind, "/nowhere"
            archive.addfile(member, io.BytesIO(data))
    assert problems(dist, evidence, root) == [f"{SDIST}: cannot be read: {found}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_wheel_holds_each_file_once(dist: Path, root: Path, evidence: Evidence) -> None:
    """Of two, installers and this check could take another one each."""
    with ZipFile(dist / PURE, "a") as archive:
        archive.writestr("driftcore/py.typed", "")
    assert problems(dist, evidence, root) == [f"{PURE}: cannot be read: driftcore/py.typed is there 2 times"]


def test_the_evidence_of_a_sign_off_is_what_a_real_wheel_is_held_against(
    dist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = samples.brief().write(tmp_path / "folder")
    assert main(["publishable", str(dist), "--signoff", str(folder), "--record"]) == ExitCode.FAIL
    assert f"  {NATIVE}: {EXTENSION} was not judged (" in capsys.readouterr().out
    assert not (folder / "SHA256SUMS").exists()
    (dist / NATIVE).unlink()
    assert main(["publishable", str(dist), "--signoff", str(folder), "--record"]) == ExitCode.PASS
    assert (folder / "SHA256SUMS").read_text() == sums(dist)


def test_without_anything_to_publish_it_is_unfit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = samples.brief().write(tmp_path / "folder")
    (tmp_path / "dist").mkdir()
    command = ["publishable", str(tmp_path / "dist"), "--signoff", str(folder), "--record"]
    assert main(command) == ExitCode.UNFIT
    assert "holds nothing to publish; run: make wheels" in capsys.readouterr().err
    assert not (folder / "SHA256SUMS").exists()


def test_a_name_in_an_archive_does_not_speak_to_the_terminal(
    dist: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = samples.brief().write(tmp_path / "folder")
    tamper(dist / SDIST, put(f"{TOP}\x1b[2J\n.py"))
    assert main(["publishable", str(dist), "--signoff", str(folder), "--record"]) == ExitCode.FAIL
    assert f"  {SDIST}: \\x1b[2J\\n.py is none of its files\n" in capsys.readouterr().out


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """(what is to be published, a sign-off of it that says GO)"""
    dist, folder = tmp_path / "to publish", tmp_path / "signed"
    for path in (dist, folder):
        path.mkdir()
    for name in (NATIVE, SDIST):
        (dist / name).write_bytes(name.encode())
    commit_told = asdict(Commit(COMMIT, 0))
    policy = asdict(level_of("release", POLICY))
    told = {"verdict": "GO", "level": "release", "commit": commit_told, "policy": policy}
    (folder / "signoff.json").write_text(json.dumps(told))
    shutil.copy(POLICY, folder)
    (folder / "SHA256SUMS").write_text(sums(dist))
    seal(folder)
    return dist, folder


def seal(folder: Path) -> None:
    names = ("signoff.json", "policy.toml", "SHA256SUMS")
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
    (dist / NATIVE).write_bytes(b"tampered with")
    (dist / SDIST).rename(dist / "driftcore-0.1.1.tar.gz")
    assert publishable(signed) == ExitCode.FAIL
    assert capsys.readouterr().out.splitlines() == [
        f"  {SDIST} was signed off and is missing",
        "  driftcore-0.1.1.tar.gz was not signed off",
        f"  {NATIVE} is not the file that was signed off",
        "FAIL: 3 reasons against publishing 2 files.",
    ]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"verdict": "INCONCLUSIVE"}, "the sign-off's verdict is INCONCLUSIVE, not GO"),
        ({"level": "gate"}, "the sign-off's level is gate, not release"),
        (
            {"commit": {"id": "0" * 40, "changed_files": 0}},
            f"the sign-off's commit is {'0' * 40}, not ",
        ),
        (
            {"commit": {"id": COMMIT, "changed_files": 3}},
            "the sign-off judged 3 changed files, which no commit has",
        ),
        (
            {"policy": {"sentence": "all is well"}},
            "the sign-off's policy is not the checkout's reports/policy.toml",
        ),
    ],
)
def test_another_verdict_level_commit_or_policy_stops_it(
    changed: dict[str, object], why: str, signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = signed[1] / "signoff.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))
    assert publishable(signed) == ExitCode.UNFIT
    assert "signoff.json is not the file that the manifest names" in capsys.readouterr().err
    seal(signed[1])
    assert publishable(signed) == ExitCode.FAIL
    assert why in capsys.readouterr().out


@pytest.mark.parametrize("name", ["signoff.json", "policy.toml", "SHA256SUMS", "manifest.json"])
def test_half_a_sign_off_is_none(
    name: str, signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (signed[1] / name).unlink()
    assert publishable(signed) == ExitCode.UNFIT
    found = capsys.readouterr().err
    assert found.startswith("UNFIT: ") and found.count("\n") == 1


def test_a_sign_off_by_an_easier_policy_stops_it(
    signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = signed[1] / "policy.toml"
    file.write_text(file.read_text().replace("cases = 1_000_000", "cases = 1"))
    seal(signed[1])
    assert publishable(signed) == ExitCode.FAIL
    assert capsys.readouterr().out.splitlines()[0] == (
        "  the sign-off's policy is not the checkout's reports/policy.toml"
    )


def test_a_level_that_the_checkout_does_not_know_is_wrong_use(
    signed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["publishable", str(signed[0]), "--signoff", str(signed[1]), "--level", "no"]) == ExitCode.USAGE
    )
    assert "has no level 'no'" in capsys.readouterr().err


def test_who_uploads_needs_nothing_but_the_standard_library(signed: tuple[Path, Path]) -> None:
    """`-S`: no package that was installed can be imported."""
    command = [sys.executable, "-S", "-m", "reports.signed", str(signed[0]), "--signoff", str(signed[1])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "PASS: 2 files may be published.\n", "")
