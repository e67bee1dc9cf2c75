"""The CPythons on this machine: on PATH under their plain names, and pyenv's."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

SUPPORTED = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")


@dataclass(frozen=True)
class Python:
    """An interpreter; `tag` is its wheel tag, such as `cp312`."""

    version: str
    executable: Path

    @property
    def tag(self) -> str:
        return f"cp{self.version.replace('.', '')}"


def find_pythons(versions: Sequence[str] = SUPPORTED) -> list[Python]:
    """One interpreter a version, in that order; versions that are not found are left out."""
    found = []
    for version in versions:
        paths = filter(None, (_probed(path, version) for path in _candidates(version)))
        found += [Python(version, path) for path in islice(paths, 1)]
    return found


def _candidates(version: str) -> Iterator[Path]:
    on_path = shutil.which(f"python{version}")
    if on_path is not None:
        yield Path(on_path)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)


def _probed(path: Path, version: str) -> Path | None:
    """The interpreter behind a path, if it runs, is CPython of that version and has its headers.

    pyenv's shims may lead to it or say that they lead nowhere.
    """
    try:
        run = subprocess.run([path, "-c", _PROBE], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return None
    told = run.stdout.splitlines()
    return Path(told[3]) if told[:3] == ["cpython", version, "True"] else None


_PROBE = """\
import os, sys, sysconfig
print(sys.implementation.name)
print("%d.%d" % sys.version_info[:2])
print(os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))
print(os.path.realpath(sys.executable))
"""
