"""Private copies of the extensions for each measuring process.

Where the pages of a file lie in memory is settled when the file is first read and stays so for every
process.  It decides which cache sets its code falls into, so two files with the same bytes can differ in
speed by some per cent, the same way in process after process, and no interval shows it.  A copy that is
made for one process has pages of its own: what was constant then varies with the process, the unit of
evidence.  The order in which a process loads the copies is that of its tasks, which is drawn anew in each.

Source: measured.  Two packages with the same bytes differed by 2.7 % in each of five runs, attached to the
file and not to the order; copied anew, the difference moved to another operation.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder
from pathlib import Path

from parity.subjects import KNOWN

LARGEST = 64 << 20
"""Bytes of a package that is still copied; a larger one is shared by all processes."""


@contextmanager
def private_copies(subjects: Iterable[str]) -> Iterator[Path]:
    """A folder with a copy of each subject's package that holds compiled code; gone afterwards.

    It has to come first on the path of the process that measures.
    """
    with tempfile.TemporaryDirectory(prefix="driftgate-placement-") as folder:
        for package in {package for name in subjects for package in _compiled_package(name)}:
            shutil.copytree(
                package, Path(folder) / package.name, ignore=shutil.ignore_patterns("__pycache__")
            )
        yield Path(folder)


def _compiled_package(subject: str) -> Iterator[Path]:
    """The folder of the top-level package that a subject is, if there is compiled code in it."""
    module = KNOWN[subject].module if subject in KNOWN else subject
    path = [*filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)), *sys.path]
    found = PathFinder.find_spec(module.partition(".")[0], path)
    for place in (found.submodule_search_locations or ()) if found else ():
        files = [path for path in Path(place).rglob("*") if path.is_file()]
        compiled = any(path.name.endswith(tuple(EXTENSION_SUFFIXES)) for path in files)
        if compiled and sum(path.stat().st_size for path in files) <= LARGEST:
            yield Path(place)
