"""What the distributions of a checkout hold, file by file, by the `pyproject.toml` of each.

The patterns are those of gitignore, as both build backends read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Optional

from pathspec import GitIgnoreSpec

from driftgate.base.checkout import git
from driftgate.base.exit_codes import Unfit
from driftgate.base.files import digest_of
from driftgate.base.toml import read_toml

FOLDERS = (".", "core/driftcore", "core/dropin")
"""Of the checkout, each with the `pyproject.toml` of a distribution."""

EXTENSION = "_core"

_LICENCES = GitIgnoreSpec.from_lines(["/LICEN[CS]E*"])


@dataclass(frozen=True)
class Origin:
    """A file of the checkout, and its digest."""

    path: str
    sha256: str


Files = Mapping[str, Origin]
"""By the path in a distribution."""


@dataclass(frozen=True)
class Project:
    """A distribution; `name` as file names have it, `declared` the table `project` with nothing left open.

    `extension` is the path of the one extension module up to its ending, None for plain Python.
    """

    name: str
    declared: Mapping[str, Any]
    extension: Optional[str]
    wheel: Files
    licences: Files
    sdist: Files

    @property
    def version(self) -> str:
        return str(self.declared["version"])


def projects_of(root: Path) -> dict[str, Project]:
    """By name.  Raises `Unfit` for a checkout whose distributions are not known."""
    tracked = [name for name in git(root, "ls-files", "-z").split("\0") if (root / name).is_file()]
    try:
        found = [_project(root, folder, tracked) for folder in FOLDERS]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfit(f"the distributions of {root} are not known: {error}") from error
    return {one.name: one for one in found}


def _project(root: Path, folder: str, tracked: Sequence[str]) -> Project:
    document = read_toml(root / folder / "pyproject.toml")
    declared, tools = document["project"], document["tool"]
    inside = PurePosixPath(folder)
    own = [str(PurePosixPath(one).relative_to(inside)) for one in tracked if inside in _above(one)]
    native = "scikit-build" in tools
    packed = (
        _scikit(tools["scikit-build"], own) if native else _hatch(tools["hatch"]["build"]["targets"], own)
    )
    wheel, sdist = (_origins(root, inside, pairs) for pairs in packed)
    if not native and ".gitignore" in tracked:
        sdist[".gitignore"] = _origin(root, ".gitignore")  # hatchling adds the one that it follows
    licences = _origins(root, inside, ((one, one) for one in _LICENCES.match_files(own)))
    if "dependencies" in declared.get("dynamic", ()):
        # Of what is published, by core/native/checkout_backend.py.
        declared = {**declared, "dependencies": [f"driftcore=={declared['version']}"]}
    name = declared["name"].replace("-", "_")
    return Project(name, declared, f"{name}/{EXTENSION}" if native else None, wheel, licences, sdist)


Pairs = Iterable[tuple[str, str]]
"""(path in a distribution, path in its folder)"""


def _scikit(tool: Mapping[str, Any], own: Sequence[str]) -> tuple[Pairs, Pairs]:
    left_out = GitIgnoreSpec.from_lines(tool["wheel"]["exclude"])
    packages = [PurePosixPath(one) for one in tool["wheel"]["packages"]]
    wheel = (
        (str(PurePosixPath(package.name) / PurePosixPath(one).relative_to(package)), one)
        for package in packages
        for one in own
        if package in _above(one) and not left_out.match_file(one)
    )
    # scikit-build-core lets what is included go before what is excluded, and here all is excluded.
    included = GitIgnoreSpec.from_lines(tool["sdist"]["include"])
    return wheel, ((one, one) for one in included.match_files(own))


def _hatch(targets: Mapping[str, Any], own: Sequence[str]) -> tuple[Pairs, Pairs]:
    table = targets["wheel"]
    lines = [f"/{one}" for one in table["only-include"]] if "only-include" in table else table["include"]
    packed = GitIgnoreSpec.from_lines(lines).match_files(own)
    wheel = ((_moved(one, table.get("sources", {})), one) for one in packed)
    return wheel, ((one, one) for one in own)


def _moved(path: str, sources: Mapping[str, str]) -> str:
    for source, target in sources.items():
        if PurePosixPath(source) in _above(path):
            return str(PurePosixPath(target) / PurePosixPath(path).relative_to(source))
    return path


def _above(path: str) -> Iterator[PurePosixPath]:
    yield from PurePosixPath(path).parents


def _origins(root: Path, folder: PurePosixPath, pairs: Pairs) -> dict[str, Origin]:
    return {name: _origin(root, str(folder / path)) for name, path in pairs}


def _origin(root: Path, path: str) -> Origin:
    return Origin(path, digest_of(root / path))
