"""Distributions of a copy of this checkout as their build backends make them, and ways to tamper."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from driftgate.base.checkout import git, without_git
from reports.projects import FOLDERS
from reports.provenance import ROOT

Members = dict[str, bytes]

NATIVE = "driftcore_native-0.1.0-cp313-cp313-manylinux_2_28_x86_64.whl"
PURE, DROPIN = "driftcore-0.1.0-py3-none-any.whl", "driftcore_dropin-0.1.0-py3-none-any.whl"
NATIVE_SDIST, SDIST = "driftcore_native-0.1.0.tar.gz", "driftcore-0.1.0.tar.gz"
INFO = "driftcore_native-0.1.0.dist-info/"
EXTENSION = "driftcore_native/_core.cpython-313-x86_64-linux-gnu.so"
JUDGED = b"an extension"

_BUILD = """
import sys
sys.path.insert(0, "core/native")
backend = __import__(sys.argv[1], fromlist=["build_sdist"])
for one in sys.argv[3:]:
    getattr(backend, one)(sys.argv[2])
"""


def checkout(to: Path) -> Path:
    """The files of this checkout that distributions are made of, in a repository of their own."""
    wanted = (".gitignore", "CMakeLists.txt", "LICENSE", "README.md", "core", "pyproject.toml")
    names = git(ROOT, "ls-files", "-z", "--", *wanted).split("\0")
    for name in filter(None, names):
        if "tests" not in name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=to, check=True, env=without_git())
    return to


def build(root: Path, dist: Path) -> None:
    """All of them; the native wheel is put together by hand, with `JUDGED` in it."""
    build_plain(root, dist)
    _run(root, "checkout_backend", dist, "build_sdist")
    sources = root / "core/native/driftcore_native"
    members = {
        **{f"driftcore_native/{path.name}": path.read_bytes() for path in sources.iterdir()},
        EXTENSION: JUDGED,
        f"{INFO}METADATA": read(dist / NATIVE_SDIST)["driftcore_native-0.1.0/PKG-INFO"],
        f"{INFO}licenses/LICENSE": (root / "LICENSE").read_bytes(),
        f"{INFO}WHEEL": wheel_file("cp313-cp313-manylinux_2_28_x86_64"),
    }
    write(dist / NATIVE, recorded(members, INFO))


def build_plain(root: Path, dist: Path) -> None:
    """Those that are plain Python."""
    dist.mkdir()
    for folder in FOLDERS[1:]:
        _run(root / folder, "hatchling.build", dist, "build_sdist", "build_wheel")


def _run(folder: Path, backend: str, dist: Path, *wanted: str) -> None:
    subprocess.run(
        [sys.executable, "-B", "-c", _BUILD, backend, str(dist), *wanted],
        cwd=folder,
        env={**without_git(), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )


def wheel_file(*tags: str) -> bytes:
    lines = ["Wheel-Version: 1.0", "Generator: by hand", "Root-Is-Purelib: false"]
    return "\n".join([*lines, *(f"Tag: {tag}" for tag in tags), ""]).encode()


def recorded(members: Members, info: str) -> Members:
    """With a RECORD that fits."""
    name, lines = f"{info}RECORD", []
    for path, data in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        lines.append(f"{path},sha256={digest},{len(data)}" if path != name else f"{name},,")
    lines += [] if name in members else [f"{name},,"]
    return {**members, name: "\n".join([*lines, ""]).encode()}


def read(path: Path) -> Members:
    if path.suffix == ".whl":
        with ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    with tarfile.open(path) as archive:
        files = {one.name: archive.extractfile(one) for one in archive if one.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def write(path: Path, members: Members) -> None:
    if path.suffix == ".whl":
        with ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def tamper(path: Path, change: Callable[[Members], object], *, renewed: bool = True) -> None:
    """Change what is in a distribution; the RECORD of a wheel fits again if `renewed`."""
    members = read(path)
    change(members)
    info = next((name[: -len("RECORD")] for name in members if name.endswith(".dist-info/RECORD")), None)
    write(path, recorded(members, info) if renewed and info else members)
