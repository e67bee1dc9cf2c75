"""Deployments gone wrong: a clear message, the right exit code, nothing half-written; the bridge goes on."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Optional

import driftcore_native
import pytest

from driftgate.base.exit_codes import ExitCode

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = Path(driftcore_native.__file__).parent
RUN = ["-m", "parity", "run", "--cases", "200", "--workers", "1"]
GUARD_SECONDS = 300

FALLS_BACK = """
from driftcore import bridge
assert bridge.deterministic_hash_jsonable({"a": 1}) is None
print(bridge.startup_status())
"""


def python(
    arguments: list[str], site: Optional[Path] = None, before: Optional[Callable[[], None]] = None
) -> subprocess.CompletedProcess[str]:
    """A Python process of the checkout; `site` goes before what is installed.

    Without the SDK's switches, which the subject `sdk` sets for the process that loads it.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TUSK_")}
    if site:
        environment["PYTHONPATH"] = str(site)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=GUARD_SECONDS,
        check=False,
    )


def truncated(extension: Path) -> None:
    extension.write_bytes(extension.read_bytes()[:5000])


def of_another_python(extension: Path) -> None:
    tag = f"cpython-{sys.version_info.major}{sys.version_info.minor}"
    assert tag in extension.name
    extension.rename(extension.with_name(extension.name.replace(tag, "cpython-36m")))


def without_a_library(extension: Path) -> None:
    """As on a machine that lacks one of the libraries the extension names."""
    whole = extension.read_bytes()
    assert b"\0libc.so.6\0" in whole
    extension.write_bytes(whole.replace(b"\0libc.so.6\0", b"\0libq.so.6\0"))


def not_a_library(extension: Path) -> None:
    extension.write_text("<html>not found</html>" * 100)


@pytest.mark.parametrize(
    ("damage", "sign"),
    [
        (truncated, r"is truncated: 5000 bytes"),
        (of_another_python, r"_core"),
        (without_a_library, r"libq\.so\.6"),
        (not_a_library, r"ELF"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_extension_is_unfit_for_the_gate_and_no_matter_for_the_bridge(
    tmp_path: Path, damage: Callable[[Path], None], sign: str
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "driftcore_native", ignore=shutil.ignore_patterns("__pycache__"))
    (extension,) = (tmp_path / "driftcore_native").glob("_core*.so")
    damage(extension)
    judged = python([*RUN, "--out", str(tmp_path / "parity.ndjson")], tmp_path)
    assert judged.returncode == ExitCode.UNFIT, judged.stdout
    assert "UNFIT" in judged.stderr
    assert re.search(sign, judged.stderr)
    assert "Traceback" not in judged.stderr
    bridged = python(["-c", FALLS_BACK], tmp_path)
    assert bridged.returncode == 0, bridged.stderr
    assert re.search(sign, bridged.stdout)


def test_the_extension_needs_nothing_but_the_c_library() -> None:
    (extension,) = PACKAGE.glob("_core*.so")
    listed = subprocess.run(["readelf", "-d", extension], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.*?)\]", listed))
    assert needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "libpthread.so.0"}


def small_files() -> None:
    """Writing past 3000 bytes fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


def test_a_full_disk_leaves_no_result_file(tmp_path: Path) -> None:
    out = tmp_path / "parity.ndjson"
    done = python([*RUN, "--out", str(out)], before=small_files)
    assert done.returncode == ExitCode.UNFIT
    assert "File too large" in done.stderr
    assert not out.exists()


def test_a_place_where_nothing_can_be_written_is_named() -> None:
    done = python([*RUN, "--out", "/proc/driftcore/parity.ndjson"])
    assert done.returncode == ExitCode.USAGE
    assert "the folder /proc cannot be written to" in done.stderr and done.stderr.count("\n") == 1


def test_a_run_that_is_killed_leaves_no_result_file(tmp_path: Path) -> None:
    out = tmp_path / "parity.ndjson"
    part = tmp_path / "parity.ndjson.part"
    running = subprocess.Popen(
        [sys.executable, "-m", "parity", "run", "--cases", "3000000", "--out", str(out)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(6000):
        if part.exists() and part.stat().st_size > 0:
            break
        time.sleep(0.01)
    assert part.exists()
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(GUARD_SECONDS)
    assert not out.exists()


def test_no_duration_is_read_from_a_clock_that_can_be_set() -> None:
    """A clock that jumps must not make a run hang, end early or take a negative time."""
    sources = [
        path
        for folder in ("core/driftcore", "core/fuzz", "core/harden", "parity", "reports", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts
    ]
    assert len(sources) > 100
    users = [
        str(path.relative_to(ROOT)) for path in sources if re.search(r"\btime\.time\(", path.read_text())
    ]
    assert users == []
