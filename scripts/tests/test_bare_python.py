"""A printed command pasted under a Python that lacks the packages says so in one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .commands import ROOT, modules


@pytest.mark.parametrize("module", modules())
def test_a_python_without_the_packages_is_told_in_one_line(module: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-S", "-E", "-m", module.removesuffix(".cli"), "--help"]
    found = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    if found.returncode:  # a command may need nothing but Python itself
        assert (found.returncode, found.stdout, found.stderr.count("\n")) == (4, "", 1)
        assert " has no package " in found.stderr and ".venv/bin/python has all" in found.stderr
