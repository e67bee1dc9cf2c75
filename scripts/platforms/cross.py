"""C core, tests and extension for a platform without a Python here, compiled by zig."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from driftgate.base.exit_codes import Inconclusive, Unfit
from scripts.wheels.check import check_wheel
from scripts.wheels.extension import offered_by

from .abroad import SOURCES, ZIG, environment_for, python_for
from .steps import C_TESTS, COMPILED, FOLDER, ROOT, WHEEL, Step, run
from .targets import Cross

TOOLCHAIN = ROOT / "core" / "cmake" / "zig.cmake"


def steps_of(target: Cross) -> list[Step]:
    """Compile and link; run the C tests where something runs them; build and check the wheel."""
    steps: list[Step] = [(COMPILED, lambda: _compile(target))]
    if target.emulator is not None:
        steps.append((C_TESTS, lambda: _run_tests(target)))
    if target.wheel:
        steps.append((WHEEL, lambda: _build_wheel(target)))
    return steps


def _compile(target: Cross) -> str:
    _require_zig()
    build = FOLDER / target.name / "build"
    command = ["cmake", "-S", str(ROOT), "-B", str(build), "-G", "Ninja", "--log-level=WARNING"]
    command += [*_chosen(target), "-DDRIFTCORE_TESTS=ON", "-DDRIFTCORE_WERROR=ON"]
    command += [f"-DDRIFTCORE_TEST_SOURCES={SOURCES}", f"-DPROTOBUF_C_INCLUDE={SOURCES / 'protobuf-c'}"]
    command += [f"-DPython_EXECUTABLE={sys.executable}"]
    if target.extension:
        command += ["-DDRIFTCORE_EXTENSION=ON", *python_for(target)]
    run(command)
    run(["cmake", "--build", str(build)])
    version = run([str(ZIG), "version"]).strip()
    made = "C core, its tests and the extension" if target.extension else "C core and its tests"
    return f"{made}, by zig {version}"


def _run_tests(target: Cross) -> str:
    if target.emulator and shutil.which(target.emulator) is None:
        raise Inconclusive(f"compiled and linked, not run: there is no {target.emulator}")
    wine = {"WINEPREFIX": str(FOLDER / "wine"), "WINEDEBUG": "-all"}
    build = str(FOLDER / target.name / "build")
    said = run(
        ["ctest", "--test-dir", build, "--no-tests=error", "--parallel", "2", "--output-on-failure"], wine
    )
    counted = re.search(r"tests passed, 0 tests failed out of (\d+)", said)
    if counted is None:
        raise Unfit("ctest did not say how many tests there were", said[-2_000:])
    where = f" under {target.emulator.partition('-')[0]}" if target.emulator else ""
    return f"{counted[1]} of {counted[1]} passed{where}"


def _build_wheel(target: Cross) -> str:
    """auditwheel finds the tag.  It knows musl's library by the name it has on Alpine, and only by that."""
    _require_zig()
    out = FOLDER / target.name / "wheel"
    shutil.rmtree(out, ignore_errors=True)
    settings = [f"-Ccmake.define.{one[2:]}" for one in _chosen(target)]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out / "plain")]
    run([*command, *settings, str(ROOT)], {**environment_for(target), "PATH": path})
    (plain,) = (out / "plain").iterdir()
    command = [sys.executable, "-m", "auditwheel", "repair", "--exclude", "libc.so", "--wheel-dir", str(out)]
    run([*command, str(plain)], {"PATH": path})
    (wheel,) = out.glob("*.whl")
    wrong = check_wheel(wheel, offered_by(Path(sys.executable).resolve()))
    if wrong:
        raise Unfit(f"{wheel.name} is wrong", "\n".join(wrong))
    return f"{'-'.join(wheel.stem.split('-')[2:])}: tag, symbols and size are right; never imported"


def _chosen(target: Cross) -> list[str]:
    return [f"-DCMAKE_TOOLCHAIN_FILE={TOOLCHAIN}", f"-DZIG_TARGET={target.triple}"]


def _require_zig() -> None:
    if not ZIG.exists():
        raise Inconclusive("zig could not be had; run: make portability")
