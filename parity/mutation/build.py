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
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from driftgate.base import strict_json
from driftgate.base.exit_codes import Unfit
from driftgate.base.files import write_whole
from reports.provenance import ROOT

from .costs import ALLOCATIONS, BYTES, STEPS
from .mutants import HEADER, MET, SWITCH, Mutant, Mutated, macros, mutate, siblings
from .units import ENVIRONMENT, MET_FOLDER, functions_in

FOLDERS = ("core/src", "core/native")
NOT_CODE = ("powers.h", "empty_string.c")
"""Generated tables and a lone constant."""

MOST_ROUNDS = 12
COMPILER = (
    # Every function is a symbol, also one that is always inlined: those the linker drops are not judged.
    "-O1 -fno-inline -Dalways_inline= -ffunction-sections -w -D_GNU_SOURCE -Werror=int-conversion"
    " -Werror=incompatible-pointer-types -Werror=implicit-function-declaration"
)
SWITCH_SOURCE = f"""\
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
__attribute__((visibility("default"))) int {SWITCH};
__attribute__((visibility("default"))) unsigned char {MET}[LAST + 1];
__attribute__((visibility("default"))) uint64_t {STEPS};
__attribute__((constructor)) static void choose(void)
{{
    const char *number = getenv("{ENVIRONMENT}");
    {SWITCH} = number == NULL ? 0 : atoi(number);
}}
/* Tests are other processes: each leaves what it met in a file of its own. */
__attribute__((destructor)) static void tell(void)
{{
    const char *folder = getenv("{MET_FOLDER}");
    char path[4096];
    if (folder == NULL)
        return;
    snprintf(path, sizeof(path), "%s/%d", folder, (int)getpid());
    FILE *file = fopen(path, "wb");
    if (file != NULL) {{
        fwrite({MET}, 1, sizeof({MET}), file);
        fclose(file);
    }}
}}
/* The compiler calls it at the start of each basic block; the test of growth has one of its own. */
__attribute__((weak, no_sanitize_coverage)) void __sanitizer_cov_trace_pc(void)
{{
    {STEPS}++;
}}
"""
MEMORY_SOURCE = f"""\
#include <stddef.h>
#include <stdint.h>
__attribute__((visibility("default"))) uint64_t {BYTES}, {ALLOCATIONS};
void *__real_PyMem_RawRealloc(void *memory, size_t size);
__attribute__((no_sanitize_coverage)) void *__wrap_PyMem_RawRealloc(void *memory, size_t size)
{{
    {BYTES} += size;
    {ALLOCATIONS}++;
    return __real_PyMem_RawRealloc(memory, size);
}}
"""
COUNTED = """\
get_target_property(SOURCES driftcore SOURCES)
list(TRANSFORM SOURCES PREPEND ${PROJECT_SOURCE_DIR}/core/ REGEX "^src/")
add_library(driftcore_steps STATIC ${SOURCES})
target_include_directories(driftcore_steps PUBLIC ${PROJECT_SOURCE_DIR}/core/include)
target_compile_options(driftcore_steps PRIVATE -fsanitize-coverage=trace-pc)
target_link_libraries(driftcore_steps PRIVATE $<TARGET_PROPERTY:driftcore,LINK_LIBRARIES>)
target_compile_options(_core PRIVATE -fsanitize-coverage=trace-pc)
target_link_libraries(_core PRIVATE driftcore_steps)
target_link_options(_core PRIVATE -Wl,--wrap=PyMem_RawRealloc)
"""
"""The extension counts its steps, which would slow the C tests down, so it has a library of its own."""

ADDED = {
    "core/CMakeLists.txt": (("  src/memory.c\n", "  src/memory.c\n  src/mutant.c\n"),),
    "core/native/CMakeLists.txt": (
        ("  module.c\n", "  module.c\n  ../src/mutant.c\n  memory.c\n"),
        ("target_link_libraries(_core PRIVATE driftcore)\n", COUNTED),
    ),
}
"""The switch goes into the library, for C tests, and into the extension, which shows no library's symbols."""

ERROR = re.compile(r"(core/(?:src|native)/[\w.]+):(\d+):(\d+): (?:fatal )?error:")
ON = re.compile(r"MUTANT\((\d+)\)")


class CannotBuild(Unfit):
    """The mutated sources do not compile; the message says where."""


@dataclass(frozen=True)
class Build:
    """A folder for PYTHONPATH with the mutated package, one with the C tests over it, and the mutants."""

    site: Path
    tests: Path
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
            shipped = functions_in(next((site / "driftcore_native").glob("_core*.so")))
            kept = tuple(one for one in mutants if one.function in shipped and _is_compiled(tree, one.file))
            return Build(site, tree / "out", kept)
        faulty = {number for error in errors for number in _blamed(tree, *error)}
        dropped |= {mutant.key for mutant in mutants if mutant.number in faulty}
        if not faulty:
            raise CannotBuild(f"no mutant explains the errors at {sorted(errors)[:5]} (sources in {tree})")
    raise CannotBuild(f"still errors after {MOST_ROUNDS} rounds; sources are in {tree}")


def _blamed(tree: Path, file: str, line: int, column: int) -> set[int]:
    """The mutant in whose form a compiler found an error; all of the line where it stands in none."""
    text = (tree / file).read_bytes().splitlines()[line - 1]
    before = ON.findall(text[: column - 1].decode(errors="replace"))
    return set(map(int, before[-1:] or ON.findall(text.decode())))


def _write(tree: Path, dropped: frozenset[tuple[str, ...]]) -> tuple[Mutant, ...]:
    """A fresh copy of the sources with all mutants in it; an unchanged file keeps its time."""
    for part in ("core/include", "core/proto", "core/tests", "core/fuzz", "fixtures/golden"):
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                _update(tree / path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    for part in ("CMakeLists.txt", "core/__init__.py", "core/CMakeLists.txt", "core/native/CMakeLists.txt"):
        text = (ROOT / part).read_text(encoding="utf-8")
        for place, added in ADDED.get(part, ()):
            assert text.count(place) == 1
            text = text.replace(place, added)
        _update(tree / part, text)
    mutants: list[Mutant] = []
    for name, mutated in mutated_sources(dropped):
        _update(tree / name, mutated.text)
        mutants += mutated.mutants
    _update(tree / "core/src/mutant.h", HEADER)
    _update(tree / "core/src/mutant.c", SWITCH_SOURCE.replace("LAST", str(len(mutants))))
    _update(tree / "core/native/memory.c", MEMORY_SOURCE)
    return tuple(mutants)


def mutated_sources(dropped: frozenset[tuple[str, ...]] = frozenset()) -> Iterator[tuple[str, Mutated]]:
    """Each source by its name in the checkout, with its mutants; numbers go on from file to file."""
    files = sorted(path for part in FOLDERS for path in (ROOT / part).glob("*.[ch]"))
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    fields, numbers = siblings(list(sources.values())), macros(list(sources.values()))
    first = 1
    for path, source in sources.items():
        name = str(path.relative_to(ROOT))
        if path.name in NOT_CODE:
            yield name, Mutated(source, ())
            continue
        mutated = mutate(name, source, first, fields, dropped, numbers)
        first += len(mutated.mutants)
        yield name, mutated


def _update(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _compile(tree: Path) -> set[tuple[str, int, int]]:
    """Where it does not compile, as (file, line, byte); empty when the extension is built."""
    flags = f"{COMPILER} -fdiagnostics-column-unit=byte -include {tree}/core/src/mutant.h"
    configured = subprocess.run(
        ["cmake", "-S", str(tree), "-B", str(tree / "out"), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
         f"-DCMAKE_C_FLAGS={flags}", "-DDRIFTCORE_EXTENSION=ON", "-DDRIFTCORE_TESTS=ON",
         "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--gc-sections",
         f"-DPython_EXECUTABLE={sys.executable}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if configured.returncode != 0:
        raise CannotBuild("the mutated sources cannot be configured", configured.stderr[-2000:])
    built = subprocess.run(
        ["cmake", "--build", str(tree / "out"), "--", "-k", "0"], capture_output=True, text=True, check=False
    )
    if built.returncode == 0:
        return set()
    errors = {(match[1], int(match[2]), int(match[3])) for match in ERROR.finditer(built.stdout)}
    if not errors:
        raise CannotBuild("the mutated sources do not compile", built.stdout[-3000:])
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


def _is_compiled(tree: Path, file: str) -> bool:
    """Whether the library has a source: of two with the same functions it has one."""
    objects = tree / "out/core/CMakeFiles/driftcore.dir"
    return not file.endswith(".c") or "/native/" in file or (objects / f"{file[len('core/') :]}.o").exists()


def save(made: Build, path: Path) -> None:
    """Keep the list of mutants for the process that imports the build."""
    mutants = [asdict(one) for one in made.mutants]
    write_whole(path, json.dumps({"site": str(made.site), "tests": str(made.tests), "mutants": mutants}))


def load(path: Path) -> Build:
    """The last build that was kept; raises `Unfit` where there is none."""
    try:
        kept: Any = strict_json.parse(path.read_bytes())
        mutants = tuple(Mutant(**one) for one in kept["mutants"])
        return Build(Path(kept["site"]), Path(kept["tests"]), mutants)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unfit(
            f"{path}: no build of mutants is kept there; run: python -m parity.mutation run"
        ) from error


def source_names() -> list[str]:
    """The sources in which mutants are planted, by their names in the checkout."""
    files = sorted(path for part in FOLDERS for path in (ROOT / part).glob("*.[ch]"))
    return [str(path.relative_to(ROOT)) for path in files if path.name not in NOT_CODE]
