"""What stands in for the actions of others when a job's commands are run here.

Artifacts go into a folder that the jobs of one run share, by the rules of version 4: a name is given once,
hidden files are left out unless asked for, paths begin below the folder or the pattern that is named.  A
Python is an environment of this one.  Wheels are those of this machine's Python, by `scripts.wheels`.
What whoever runs a job asked of `make`, pytest or the harness by a variable does not reach the job.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from driftgate.base.checkout import without_git

PYTHON = ".".join(map(str, sys.version_info[:2]))

Given = Mapping[str, str]

_MAKES = ("MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKEOVERRIDES", "MAKEFILES", "MAKELEVEL")
_READ = ("WHEEL", "DIST", "ENDING", "HYPOTHESIS_PROFILE", "PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS")
_OF_PROGRAMS = ("PYTEST_", "TOX_", "DRIFTCORE_", "TUSK_", "GITHUB_", "CI_")
_DEFAULT = re.compile(r"^(\w+) \?=", re.MULTILINE)


def inherited(clone: Path) -> dict[str, str]:
    """This environment without what would change what a job does, such as the variables of the Makefile."""
    makefile = clone / "Makefile"
    read = {*_MAKES, *_READ, *_DEFAULT.findall(makefile.read_text() if makefile.is_file() else "")}
    return {
        name: value
        for name, value in without_git().items()
        if name not in read and not name.startswith(_OF_PROGRAMS)
    }


class ActionFailed(Exception):
    """An action that would have failed its job; the message says why."""


@dataclass
class Place:
    """Where a job runs: its clone, what all jobs have uploaded, and what actions add to its environment."""

    clone: Path
    uploads: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """All that a command of the job finds in its environment."""
        return {**inherited(self.clone), **self.environment}


def upload(place: Place, given: Given) -> str:
    to = place.uploads / given["name"]
    if to.exists():
        raise ActionFailed(f"an artifact {given['name']} is there already")
    found = dict(_files(place.clone, given))
    for path, name in found.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to / name)
    if not found and given.get("if-no-files-found") == "error":
        raise ActionFailed(f"there are no files at {given['path']}")
    return f"{len(found)} files as {given['name']}"


def download(place: Place, given: Given) -> str:
    """One by its name, which must be there, or all of a pattern."""
    pattern = given.get("pattern") or given["name"]
    names = sorted(one.name for one in place.uploads.iterdir() if fnmatch(one.name, pattern))
    if "name" in given and not names:
        raise ActionFailed(f"there is no artifact {pattern}")
    to = place.clone / given["path"]
    for name in names:
        apart = "pattern" in given and given.get("merge-multiple") != "True"
        shutil.copytree(place.uploads / name, to / name if apart else to, dirs_exist_ok=True)
    return f"{', '.join(names) or 'nothing'} into {given['path']}"


def _files(clone: Path, given: Given) -> Iterator[tuple[Path, str]]:
    """(file, its path in the artifact) of what is to be uploaded."""
    for pattern in given["path"].split():
        for top in sorted(clone.glob(pattern)):
            inside = sorted(top.rglob("*")) if top.is_dir() else [top]
            for path in filter(Path.is_file, inside):
                hidden = any(part.startswith(".") for part in path.relative_to(clone).parts)
                if not hidden or given.get("include-hidden-files") == "True":
                    yield path, path.relative_to(top if top.is_dir() else top.parent).as_posix()


def set_up_python(place: Place, given: Given) -> str:
    folder = place.clone.parent / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], env=place.variables, check=True)
    place.environment["PATH"] = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", os.defpath)))
    return f"{PYTHON} for {given['python-version']}"


def build_wheels(place: Place, given: Given) -> str:
    command = [sys.executable, "-m", "scripts.wheels", "--python", PYTHON, "--out", "wheelhouse"]
    if subprocess.run(command, cwd=place.clone, env=place.variables, check=False).returncode:
        raise ActionFailed("no wheel that is right")
    return f"the wheel of {PYTHON} alone"


STAND_INS: Mapping[str, Callable[[Place, Given], str]] = {
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "actions/setup-python": set_up_python,
    "pypa/cibuildwheel": build_wheels,
}
