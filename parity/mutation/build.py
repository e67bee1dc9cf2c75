"""One build of the extension that holds all mutants of the C core.

The sources are copied, mutated and compiled with the project's own CMake graph.  A mutant that does
not compile (swapped fields of types that only look alike, arithmetic on pointers) is dropped.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from reports.provenance import ROOT

from .mutants import SWITCH, Mutant, mutate, siblings

FOLDERS = ("core/src", "core/native")
NOT_CODE = ("powers.h", "empty_string.c")
"""Generated tables and a lone constant."""

MOST_ROUNDS = 12
COMPILER = (
    "-O1 -fno-inline -ffunction-sections -w -D_GNU_SOURCE -Werror=int-conversion"
    " -Werror=incompatible-pointer-types -Werror=implicit-function-declaration"
)
ERROR = re.compile(r"(core/(?:src|native)/[\w.]+):(\d+):\d+: (?:fatal )?error:")


class CannotBuild(Exception):
    """The mutated sources do not compile; the message says where."""


@dataclass(frozen=True)
class Build:
    """A folder for PYTHONPATH with the mutated package, and its mutants."""

    site: Path
    mutants: tuple[Mutant, ...]


def build(folder: Path = ROOT / "build" / "mutation") -> Build:
    """Mutate and compile, dropping what does not compile."""
    tree = folder / "tree"
    dropped: set[tuple[str, ...]] = set()
    for _ in range(MOST_ROUNDS):
        mutants = _write(tree, frozenset(dropped))
        errors = _compile(tree)
        if not errors:
            site = _install(tree)
            shipped = _functions_in(next((site / "driftcore_native").glob("_core*.so")))
            return Build(site, tuple(one for one in mutants if one.function in shipped))
        faulty = {mutant.key for mutant in mutants if (mutant.file, mutant.line) in errors}
        if not faulty - dropped:
            raise CannotBuild(f"no mutant explains the errors at {sorted(errors)[:5]} (sources in {tree})")
        dropped |= faulty
    raise CannotBuild(f"still errors after {MOST_ROUNDS} rounds; sources are in {tree}")


def _write(tree: Path, dropped: frozenset[tuple[str, ...]]) -> tuple[Mutant, ...]:
    """A fresh copy of the sources with all mutants in it; an unchanged file keeps its time."""
    for part in ("core/include", "core/proto"):
        shutil.copytree(ROOT / part, tree / part, dirs_exist_ok=True)
    for part in ("CMakeLists.txt", "core/CMakeLists.txt", "core/native/CMakeLists.txt"):
        text = (ROOT / part).read_text(encoding="utf-8")
        if part.startswith("core/native"):
            text = text.replace("  module.c\n", "  module.c\n  mutant.c\n")
            assert "mutant.c" in text
        _update(tree / part, text)
    _update(tree / "core/native/mutant.h", f"extern int {SWITCH};\n")
    _update(tree / "core/native/mutant.c", f'__attribute__((visibility("default"))) int {SWITCH};\n')
    files = sorted(path for part in FOLDERS for path in (ROOT / part).glob("*.[ch]"))
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    fields = siblings(list(sources.values()))
    mutants: list[Mutant] = []
    for path, source in sources.items():
        name = str(path.relative_to(ROOT))
        if path.name in NOT_CODE:
            _update(tree / name, source)
            continue
        mutated = mutate(name, source, len(mutants) + 1, fields, dropped)
        _update(tree / name, mutated.text)
        mutants += mutated.mutants
    return tuple(mutants)


def _update(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _compile(tree: Path) -> set[tuple[str, int]]:
    """Where it does not compile, as (file, line); empty when the extension is built."""
    flags = f"{COMPILER} -include {tree}/core/native/mutant.h"
    configured = subprocess.run(
        ["cmake", "-S", str(tree), "-B", str(tree / "out"), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
         f"-DCMAKE_C_FLAGS={flags}", "-DDRIFTCORE_EXTENSION=ON", f"-DPython_EXECUTABLE={sys.executable}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if configured.returncode != 0:
        raise CannotBuild(configured.stderr[-2000:])
    built = subprocess.run(
        ["cmake", "--build", str(tree / "out"), "--", "-k", "0"], capture_output=True, text=True, check=False
    )
    if built.returncode == 0:
        return set()
    errors = {(match[1], int(match[2])) for match in ERROR.finditer(built.stdout)}
    if not errors:
        raise CannotBuild(built.stdout[-3000:])
    return errors


def _install(tree: Path) -> Path:
    site = tree / "site"
    shutil.rmtree(site, ignore_errors=True)
    subprocess.run(
        ["cmake", "--install", str(tree / "out"), "--component", "native", "--prefix", str(site)],
        check=True, capture_output=True,
    )  # fmt: skip
    for source in (ROOT / "core/native/driftcore_native").glob("*.py"):
        shutil.copy(source, site / "driftcore_native")
    return site


def _functions_in(extension: Path) -> set[str]:
    """What the linker kept: a function of the C API that Python never calls is not the gate's to judge."""
    listed = subprocess.run(["nm", str(extension)], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1].partition(".")[0] for line in listed.splitlines() if line.strip()}


def save(made: Build, path: Path) -> None:
    """Keep the list of mutants for the process that imports the build."""
    path.write_text(json.dumps({"site": str(made.site), "mutants": [asdict(one) for one in made.mutants]}))


def load(path: Path) -> Build:
    kept = json.loads(path.read_text())
    return Build(Path(kept["site"]), tuple(Mutant(**one) for one in kept["mutants"]))
