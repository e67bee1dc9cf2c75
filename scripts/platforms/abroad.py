"""The Python of a target that no Python runs on: headers, import library, and what it says of itself.

Headers are those of the Python that runs this.  So is `pyconfig.h`, which is right for what public headers
ask of it on any 64-bit POSIX system; for Windows it is that of CPython's source.  There an extension is
linked against the names that this Python exports: what is no part of the C API is missing then.
"""

from __future__ import annotations

import importlib
import pprint
import re
import shutil
import sys
import sysconfig
from pathlib import Path

from driftgate.base.exit_codes import Inconclusive
from scripts.wheels.extension import offered_by

from .steps import FOLDER, ROOT, run
from .targets import Cross

ZIG = ROOT / "build" / "zig" / "ziglang" / "zig"
SOURCES = ROOT / "build" / "sources"

NAMES_ITS_MACHINE = ("SOABI", "EXT_SUFFIX", "MULTIARCH")


def python_for(target: Cross) -> list[str]:
    """CMake's definitions of it; raises `Inconclusive` where Windows has no headers for this Python."""
    place = FOLDER / target.name / "python"
    shutil.rmtree(place, ignore_errors=True)
    include = place / "include"
    shutil.copytree(sysconfig.get_path("include"), include)
    defined = [f"-DPython_INCLUDE_DIR={include}"]
    if target.is_windows:
        shutil.copyfile(_config_of_windows(), include / "pyconfig.h")
        defined.append(f"-DPython_LIBRARY={_import_library(place)}")
    else:
        shutil.copyfile(sysconfig.get_config_h_filename(), include / "pyconfig.h")
    return defined


def environment_for(target: Cross) -> dict[str, str]:
    """In which this Python, asked for names and platform, answers as that of a target with Linux would.

    It is how CPython's own build compiles for another machine.
    """
    place = FOLDER / target.name / "answers"
    place.mkdir(parents=True, exist_ok=True)
    told = importlib.import_module(_module_of_answers()).build_time_vars
    changed = {name: told[name].replace(told["MULTIARCH"], target.triple) for name in NAMES_ITS_MACHINE}
    text = f"build_time_vars = {pprint.pformat({**told, **changed})}\n"
    (place / "_sysconfigdata_target.py").write_text(text, encoding="utf-8")
    return {
        "PYTHONPATH": str(place),
        "_PYTHON_SYSCONFIGDATA_NAME": "_sysconfigdata_target",
        "_PYTHON_HOST_PLATFORM": f"linux-{target.triple.partition('-')[0]}",
    }


def _module_of_answers() -> str:
    return f"_sysconfigdata_{sys.abiflags}_{sys.platform}_{sysconfig.get_config_var('MULTIARCH')}"


def _config_of_windows() -> Path:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for path in SOURCES.glob(f"python{version}-*/PC/pyconfig.h"):
        return path
    raise Inconclusive(f"the source of Python {version} is not at hand, only that of Debian's own")


def _import_library(place: Path) -> Path:
    """Of all names that this Python exports."""
    name = f"python{sys.version_info[0]}{sys.version_info[1]}"
    definitions, library = place / f"{name}.def", place / f"lib{name}.dll.a"
    offered = offered_by(Path(sys.executable).resolve())
    exports = "".join(f"{symbol}\n" for symbol in sorted(offered) if re.match(r"_?Py", symbol))
    definitions.write_text(f"LIBRARY {name}.dll\nEXPORTS\n{exports}", encoding="ascii")
    run([str(ZIG), "dlltool", "-m", "i386:x86-64", "-d", str(definitions), "-l", str(library)])
    return library
