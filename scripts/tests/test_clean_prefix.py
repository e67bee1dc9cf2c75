"""Installed from a folder of wheels into a new environment, with no compiler and no index.

pip has to find everything in `build/wheels`, as a deployment behind a wall does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / "build" / "wheels"

# Nothing may be installed, fetched or started: the audit hook ends the program if something is.
USE = """
import logging, sys
logging.basicConfig(format="%(levelname)s %(message)s", level="INFO", stream=sys.stdout)

def forbid(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect"):
        print("FORBIDDEN", event)

sys.addaudithook(forbid)
from driftcore import bridge, reference
bridge.log_startup()
value = {"price": 19.9, "id": 2**53 + 1}
native = bridge.process_export_payload_jsonable(value)
python = reference.process_export_payload_pyobject(value, None)
print("native" if native else "python", (native or {"decoded_value_hash": python[1]})["decoded_value_hash"])
"""
_NOT_INHERITED = ("CC", "PYTHONPATH", "TUSK_USE_RUST_CORE", "TUSK_USE_C_CORE")
HASH = "0e16ec899dd418f4d5ee1090b2875056756c4cbee7aa12a9aa2ee6dd5670e352"


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """A new environment."""
    assert list(WHEELS.glob("*.whl")), f"{WHEELS} is empty; run `make build`"
    folder = tmp_path / "prefix"
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def install(prefix: Path, requirement: str, links: Path = WHEELS) -> subprocess.CompletedProcess[str]:
    """pip of this environment at work in the new one, with nothing but `links` to take from."""
    pip = [sys.executable, "-m", "pip", "--python", str(prefix / "bin" / "python"), "install", "--quiet"]
    return subprocess.run(
        [*pip, "--no-index", "--find-links", str(links), requirement],
        env={**without_compiler(prefix), "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def without_compiler(prefix: Path) -> dict[str, str]:
    """An environment whose PATH holds the new prefix only."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return {**kept, "PATH": str(prefix / "bin")}


def use(prefix: Path, **switches: str) -> list[str]:
    """The lines that a program prints there."""
    run = subprocess.run(
        [str(prefix / "bin" / "python"), "-c", USE],
        cwd=prefix,
        env={**without_compiler(prefix), **switches},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_pure_python_works_and_says_how_to_get_the_wheel(prefix: Path) -> None:
    assert install(prefix, "driftcore").returncode == 0
    startup, answer = use(prefix)
    assert startup.startswith("WARNING driftcore_native is enabled but fell back to the Python path")
    assert "pip install 'driftcore[native]'" in startup
    assert answer == f"python {HASH}"


def test_pure_python_that_is_meant_says_nothing_of_it(prefix: Path) -> None:
    assert install(prefix, "driftcore").returncode == 0
    startup, answer = use(prefix, TUSK_USE_C_CORE="0")
    assert startup == "INFO driftcore_native is disabled, the Python path is used (TUSK_USE_C_CORE='0')."
    assert answer == f"python {HASH}"


def test_extra_native_brings_the_wheel(prefix: Path) -> None:
    assert install(prefix, "driftcore[native]").returncode == 0
    startup, answer = use(prefix)
    assert startup.startswith("INFO driftcore_native is enabled")
    assert answer == f"native {HASH}"


def test_without_the_wheel_the_extra_is_refused_and_pure_python_stays(prefix: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    shutil.copy(next(WHEELS.glob("driftcore-*.whl")), links)
    assert install(prefix, "driftcore", links).returncode == 0
    refused = install(prefix, "driftcore[native]", links)
    assert refused.returncode == 1
    assert "No matching distribution found for driftcore-native" in refused.stderr
    assert use(prefix)[-1] == f"python {HASH}"


def test_a_build_without_a_compiler_says_what_to_do(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("cmake", "ninja"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    environment = {name: value for name, value in os.environ.items() if name != "CC"}
    run = subprocess.run(
        [str(tools / "cmake"), "-G", "Ninja", "-S", str(ROOT), "-B", str(tmp_path / "build")],
        env={**environment, "PATH": str(tools)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    message = " ".join(run.stderr.split())
    assert "driftcore-native needs a C compiler here" in message
    assert "`pip install driftcore` without [native]" in message


# ---- from a checkout ----------------------------------------------------------


def test_a_checkout_needs_no_index_for_what_lies_in_it() -> None:
    """`pip install .` resolves to both distributions of the checkout; nothing is built or installed here."""
    options = ["--dry-run", "--ignore-installed", "--no-index", "--no-build-isolation", "--no-cache-dir"]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Would install driftcore-0.1.0 driftcore-native-0.1.0" in run.stdout


def test_a_wheel_to_publish_names_a_version_and_no_folder() -> None:
    (wheel,) = WHEELS.glob("driftcore_native-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = archive.read(name).decode()
    assert "\nRequires-Dist: driftcore==0.1.0\n" in metadata
    assert "file:" not in metadata
