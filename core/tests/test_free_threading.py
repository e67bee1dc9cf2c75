"""A free-threaded Python is refused where the extension is built, with one clear line.

The core has not been proved without the GIL, and importing it would switch the GIL on for the whole process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINE = "driftcore-native does not support free-threaded builds of Python"


def test_a_free_threaded_python_is_refused_when_the_build_is_configured(tmp_path: Path) -> None:
    if not all(map(shutil.which, ("cmake", "ninja", "cc"))):
        pytest.skip("needs CMake, Ninja and a C compiler")
    (tmp_path / "sitecustomize.py").write_text(
        "import sysconfig\nsysconfig.get_config_vars()['Py_GIL_DISABLED'] = 1\n", encoding="utf-8"
    )
    done = subprocess.run(
        [
            *("cmake", "-G", "Ninja", "-S", str(ROOT), "-B", str(tmp_path / "build")),
            "-DDRIFTCORE_EXTENSION=ON",
            f"-DPython_EXECUTABLE={sys.executable}",
        ],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert LINE in " ".join(done.stderr.split())


def test_a_free_threaded_python_is_refused_by_the_compiler_too(tmp_path: Path) -> None:
    compiler, headers = shutil.which("cc"), sysconfig.get_paths()["include"]
    if compiler is None or not Path(headers, "Python.h").exists():
        pytest.skip("needs a C compiler and Python's headers")
    source = tmp_path / "asked.c"
    source.write_text('#include "state.h"\n', encoding="utf-8")
    folders = [headers, ROOT / "core/native", ROOT / "core/src", ROOT / "core/include"]
    command = [compiler, "-std=c11", "-fsyntax-only", *(f"-I{folder}" for folder in folders), str(source)]
    for define, refused in (([], False), (["-DPy_GIL_DISABLED=1"], True)):
        done = subprocess.run([*command, *define], capture_output=True, text=True, timeout=60, check=False)
        assert (LINE in done.stderr) is refused
