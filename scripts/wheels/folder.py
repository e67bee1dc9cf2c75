"""The folder of release artefacts: it holds nothing else, and changes only when the new ones are whole."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from driftgate.base.exit_codes import UsageError
from driftgate.base.files import alone_in, require_folder

from .build import PROJECTS

_OWN = re.compile(rf"({'|'.join(PROJECTS)})-[^/]*\.(whl|tar\.gz)")
_BESIDE = ".wheels."


def require_artefacts(folder: Path) -> None:
    """Raises `UsageError` unless artefacts can be put there and nothing else lies there."""
    target = require_folder(folder)
    if target.is_dir():
        for one in target.iterdir():
            if not (_is_own(one) or one.name.startswith(_BESIDE)):
                raise UsageError(f"{folder} is no folder of artefacts, it holds {one.name}; choose another")


@contextmanager
def renewed(folder: Path) -> Iterator[Path]:
    """A folder to build in.  What is in it at the end takes the place of the artefacts that were there.

    Where an exception leaves the block, all stays as it was.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        for left in folder.glob(f"{_BESIDE}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_BESIDE, dir=folder) as beside:
            yield Path(beside)
            new = {one.name for one in Path(beside).iterdir()}
            for name in sorted(new):
                (Path(beside) / name).replace(folder / name)
            for old in folder.iterdir():
                if _is_own(old) and old.name not in new:
                    old.unlink()


def _is_own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and _OWN.fullmatch(path.name) is not None
