"""Running libFuzzer targets: for a while from their corpora, and distilling what was found.

Seven are C programs; `differential` is Python and runs under Atheris, which takes the same
options and leaves the same files.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from driftgate.base.exit_codes import Unfit

from . import corpora, differential
from .corpora import ROOT

C_TARGETS = ("base64", "export", "number", "reader", "request", "verify", "writer")
TARGETS = (*C_TARGETS, differential.NAME)
BUILD = ROOT / "build" / "fuzz"
EXTENSION = ROOT / "build" / "fuzz-extension"


class CannotFuzz(Unfit):
    """A target cannot be built or run; the message says what to do."""


@dataclass(frozen=True)
class Fuzzed:
    """What a run of one target came to: how many inputs it tried, how many branches it reached,
    and files with the inputs that made it fail."""

    target: str
    executions: int
    coverage: int
    failures: tuple[Path, ...]


def build(targets: Iterable[str] = TARGETS) -> None:
    """Build what some targets need, with clang.  Raises `CannotFuzz`."""
    chosen = set(targets)
    if differential.NAME in chosen:
        if importlib.util.find_spec("atheris") is None:
            raise CannotFuzz(
                "the target differential needs Atheris, which is not installed here; it has wheels for "
                "CPython 3.11 to 3.13 on Linux: `make harden-setup`, or name the other targets by --target"
            )
        _build_extension()
    if chosen & set(C_TARGETS):
        _cmake("fuzz")


def _build_extension() -> None:
    """The extension with libFuzzer's eyes, importable from the folder `site`."""
    _cmake("fuzz-extension", f"-DPython_EXECUTABLE={sys.executable}")
    site = EXTENSION / "site"
    shutil.rmtree(site, ignore_errors=True)
    _make("cmake", "--install", str(EXTENSION), "--component", "native", "--prefix", str(site))
    for source in (ROOT / "core" / "native" / "driftcore_native").glob("*.py"):
        shutil.copy(source, site / "driftcore_native")


def _cmake(preset: str, *options: str) -> None:
    _make("cmake", "--preset", preset, "--log-level=WARNING", *options)
    _make("cmake", "--build", "--preset", preset)


def _make(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = f"{done.stdout[-2000:]}{done.stderr[-500:]}"
        raise CannotFuzz("the fuzz targets do not build; they need clang (`make harden-setup`)", told)


def fuzz(target: str, seconds: int, seed: int = 0) -> Fuzzed:
    """Fuzz one target for some seconds; it ends early where it finds something.

    Raises `CannotFuzz` where it tried nothing and found nothing.
    """
    folder, artifacts = BUILD / "corpus" / target, BUILD / "failures" / target
    corpora.unpack(target, folder)
    artifacts.mkdir(parents=True, exist_ok=True)
    before = set(artifacts.iterdir())
    log = BUILD / f"{target}.log"
    options = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=4096", "-timeout=20",
               f"-artifact_prefix={artifacts}/", "-print_final_stats=1"]  # fmt: skip
    _libfuzzer(target, log, [*options, str(folder)])
    output = log.read_text(errors="replace")
    tried = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
    executions = int(tried[1]) if tried else 0
    covered = re.findall(r"cov: (\d+)", output)
    found = sorted(set(artifacts.iterdir()) - before)
    if not executions and not found:
        raise CannotFuzz(f"the target {target} tried nothing; {log} says why")
    return Fuzzed(
        target,
        executions,
        int(covered[-1]) if covered else 0,
        tuple(_kept(target, one) for one in found),
    )


def _kept(target: str, found: Path) -> Path:
    return differential.keep(found) if target == differential.NAME else found


def again(target: str, failure: Path) -> str:
    """The command that shows a failure again."""
    if failure.suffix == ".json":
        return shlex.join(["python", "-m", "parity", "replay", str(failure)])
    return shlex.join(["python", "-m", "core.fuzz", "replay", "--target", target, str(failure)])


def replay(target: str, failure: Path) -> int:
    """Put one file of bytes through a target, its output on this process's own; the exit status."""
    command, environment = _program(target)
    return subprocess.run(
        [*command, str(failure.resolve())], cwd=ROOT, env=environment, check=False
    ).returncode


def distil(target: str) -> int:
    """Write a target's committed corpus again from all that is in its build folder; gives its size.

    Raises `CannotFuzz`, and leaves the corpus as it is, where the merge did not come to its end.
    """
    folder, small = BUILD / "corpus" / target, BUILD / "distilled" / target
    corpora.unpack(target, folder)
    shutil.rmtree(small, ignore_errors=True)
    small.mkdir(parents=True)
    most = differential.MOST_BYTES if target == differential.NAME else corpora.MOST_BYTES
    log = BUILD / f"{target}-merge.log"
    status = _libfuzzer(target, log, ["-merge=1", f"-max_len={most}", str(small), str(folder)])
    inputs = [path.read_bytes() for path in small.iterdir()]
    if status or not inputs:
        raise CannotFuzz(f"the corpus of {target} cannot be distilled; {log} says why")
    corpora.save(corpora.CORPUS / f"{target}.hex", inputs)
    return len(inputs)


def _libfuzzer(target: str, log: Path, options: Sequence[str]) -> int:
    command, environment = _program(target)
    with log.open("wb") as out:
        return subprocess.run(
            [*command, *options],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode


def _program(target: str) -> tuple[list[str], Mapping[str, str]]:
    """(the command that libFuzzer's options go to, its environment)"""
    environment = {
        **os.environ,
        "ASAN_OPTIONS": "detect_leaks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }
    if target != differential.NAME:
        return [str(BUILD / "core" / "fuzz" / f"fuzz_{target}")], environment
    # Python keeps memory until it ends; to say where each block came from takes twice the time.
    environment |= {
        "ASAN_OPTIONS": "detect_leaks=0:quarantine_size_mb=64:malloc_context_size=0",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(EXTENSION / "site"),
        "LD_PRELOAD": str(_atheris_folder() / "asan_with_fuzzer.so"),
    }
    return [sys.executable, "-m", "core.fuzz.under_atheris"], environment


def _atheris_folder() -> Path:
    """Where Atheris keeps the sanitizer runtimes that hold its libFuzzer."""
    spec = importlib.util.find_spec("atheris")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.parent
