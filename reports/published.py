"""Whether the files that are to be published are made of what a sign-off judged.

An extension module must be one that was compared, by the sign-off itself or under one of the Pythons of its
matrix, and lie in the wheel of that very Python and platform.  All else in a wheel or source distribution
must be the file of the checkout that belongs there, to the byte, or say of the distribution what
`pyproject.toml` says.  The files that pass are recorded as `SHA256SUMS` in the sign-off's folder, which the
manifest covers, so that whoever uploads them can tell that they are the same ones (`signed`).
"""

from __future__ import annotations

import csv
import hashlib
import re
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Optional

from packaging.tags import Tag
from packaging.utils import parse_wheel_filename

from driftgate.base.exit_codes import ExitCode

from .dist_info import Members, metadata_problems, wheel_problems
from .evidence import Evidence
from .projects import Files, Project, projects_of
from .signed import files_of

_UNREADABLE = (
    *(OSError, ValueError, EOFError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, csv.Error),
)

Place = tuple[str, str]
"""(tag of a Python, system and processor), such as `("cp313", "linux_x86_64")`."""

Judged = Mapping[str, set[Place]]
"""Where each extension was compared, by its digest."""

_PURE = Tag("py3", "none", "any")
_CPYTHON = re.compile(r"CPython (\d+)\.(\d+)\.")
_PLATFORMS = {
    "linux": re.compile(r"Linux-.*-(x86_64|aarch64)-with-glibc"),
    "macos": re.compile(r"macOS-[\d.]+-(x86_64|arm64)-"),
}
_TAGS = {
    "linux": re.compile(r"(?:manylinux(?:\d+|_\d+_\d+)|linux)_(x86_64|aarch64)"),
    "macos": re.compile(r"macosx_\d+_\d+_(x86_64|arm64)"),
}
_ENDINGS = {"linux": ".cpython-{digits}-{machine}-linux-gnu.so", "macos": ".cpython-{digits}-darwin.so"}


def problems(dist: Path, evidence: Evidence, root: Path) -> list[str]:
    """What in a folder of distributions was not judged, in sentences that begin with the file's name."""
    projects, judged = projects_of(root), judged_in(evidence)
    return [
        f"{path.name}: {problem}"
        for path in files_of(dist)
        for problem in _problems(path, projects.values(), judged)
    ]


def judged_in(evidence: Evidence) -> Judged:
    """All extensions that a campaign compared, with the places where it did."""
    rows = [row for row in evidence.matrix or () if row.code == ExitCode.PASS]
    parity = evidence.parity
    found = [(parity.candidate.sha256, parity.python, parity.platform)]
    found += [(row.sha256 or "", row.python or "", row.platform or "") for row in rows]
    judged: dict[str, set[Place]] = {}
    for sha256, python, platform in found:
        place = _place(python, platform)
        if place is not None:
            judged.setdefault(sha256, set()).add(place)
    return judged


def _place(python: str, platform: str) -> Optional[Place]:
    """Of an interpreter and a platform as a campaign names them; None where no wheel is built for it."""
    version = _CPYTHON.match(python)
    for system, known in _PLATFORMS.items():
        found = known.match(platform)
        if version and found:
            return f"cp{version[1]}{version[2]}", f"{system}_{found[1]}"
    return None


def _problems(path: Path, projects: Collection[Project], judged: Judged) -> list[str]:
    if not path.name.endswith((".whl", ".tar.gz")) or not path.is_file():
        return ["is neither a wheel nor a source distribution"]
    try:
        for project in projects:
            stem = f"{project.name}-{project.version}"
            if path.name == f"{stem}.tar.gz":
                return list(_sdist_problems(path, project))
            if path.name.startswith(f"{stem}-") and path.suffix == ".whl":
                return list(_wheel_problems(path, project, judged))
    except _UNREADABLE as error:
        return [f"cannot be read: {error}"]
    names = ", ".join(f"{one.name}-{one.version}" for one in projects)
    return [f"is named for none of {names}"]


def _wheel_problems(path: Path, project: Project, judged: Judged) -> Iterator[str]:
    *_, build, tags = parse_wheel_filename(path.name)
    if build:
        yield "has a build number"
    members = _wheel_members(path)
    folder = f"{project.name}-{project.version}.dist-info/"
    packed = {name: data for name, data in members.items() if not name.startswith(folder)}
    if project.extension is None:
        if tags != {_PURE}:
            yield f"is plain Python, so its tag is {_PURE}"
    else:
        extensions = [
            name for name in packed if name.startswith(f"{project.extension}.") and _is_binary(name)
        ]
        contents = {name: packed.pop(name) for name in extensions}
        if len(contents) != 1:
            yield f"has {len(contents)} extension modules {project.extension} instead of one"
        else:
            yield from _extension_problems(project, tags, *contents.popitem(), judged)
    yield from _differences(packed, project.wheel)
    yield from wheel_problems(project, tags, folder, members)


def _is_binary(name: str) -> bool:
    return name.endswith((".so", ".pyd"))


def _extension_problems(
    project: Project, tags: Iterable[Tag], name: str, data: bytes, judged: Judged
) -> Iterator[str]:
    """Sentences about an extension that is not the one which was compared where its wheel will run."""
    places = {_place_of(tag) for tag in tags}
    if len(places) != 1 or None in places:
        yield "has no tag of one CPython on one platform where campaigns compare"
        return
    [place] = filter(None, places)
    system, _, machine = place[1].partition("_")
    ending = _ENDINGS[system].format(digits=place[0][2:], machine=machine)
    if name != f"{project.extension}{ending}":
        yield f"has {name}, where its tag asks for {project.extension}{ending}"
    sha256 = hashlib.sha256(data).hexdigest()
    known = judged.get(sha256, set())
    if not known:
        yield f"{name} was not judged ({sha256[:12]})"
    elif place not in known:
        others = ", ".join(sorted(" on ".join(one) for one in known))
        yield f"{name} was judged as {others}, not as {' on '.join(place)}"


def _place_of(tag: Tag) -> Optional[Place]:
    for system, known in _TAGS.items():
        found = known.fullmatch(tag.platform)
        if found and tag.interpreter == tag.abi and re.fullmatch(r"cp\d+", tag.abi):
            return tag.interpreter, f"{system}_{found[1]}"
    return None


def _sdist_problems(path: Path, project: Project) -> Iterator[str]:
    members = _sdist_members(path)
    told = members.pop("PKG-INFO", None)
    yield from _differences(members, project.sdist)
    if told is None:
        yield "lacks PKG-INFO"
    else:
        yield from metadata_problems(project, "PKG-INFO", told)


def _differences(packed: Members, wanted: Files) -> Iterator[str]:
    for name in sorted(packed.keys() | wanted.keys()):
        if name not in packed:
            yield f"lacks {name}"
        elif name not in wanted:
            yield f"{name} is none of its files"
        elif hashlib.sha256(packed[name]).hexdigest() != wanted[name].sha256:
            yield f"{name} is not {wanted[name].path} of the checkout"


def _wheel_members(path: Path) -> dict[str, bytes]:
    """The content of all files by name."""
    with zipfile.ZipFile(path) as archive:
        _require_once(archive.namelist())
        files = [name for name in archive.namelist() if not name.endswith("/")]
        above = {f"{parent}/" for name in files for parent in PurePosixPath(name).parents}
        for name in set(archive.namelist()) - set(files) - above:
            raise ValueError(f"{name} is an empty folder")
        return {name: archive.read(name) for name in files}


def _sdist_members(path: Path) -> dict[str, bytes]:
    """The content of all files by their path below the one folder that a source distribution has."""
    top, found = path.name[: -len(".tar.gz")], {}
    with tarfile.open(path, "r:gz") as archive:
        _require_once(archive.getnames())
        for member in archive:
            name = member.name[len(top) + 1 :]
            if f"{top}/{name}" != member.name and member.name != top:
                raise ValueError(f"{member.name} is not in the folder {top}")
            if member.isfile():
                content = archive.extractfile(member)
                found[name] = content.read() if content else b""
            elif not member.isdir():
                raise ValueError(f"{name} is no plain file")
    return found


def _require_once(names: Iterable[str]) -> None:
    for name, many in Counter(names).items():
        if many > 1:
            raise ValueError(f"{name} is there {many} times")
