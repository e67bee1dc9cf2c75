"""Running libFuzzer targets: for a while from their corpora, and distilling what was found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import corpora
from .corpora import ROOT

TARGETS = ("base64", "export", "number", "reader", "request", "verify", "writer")
BUILD = ROOT / "build" / "fuzz"


class CannotFuzz(Exception):
    """The targets do not build; the message says what to do."""


@dataclass(frozen=True)
class Fuzzed:
    """What a run of one target came to: how many inputs it tried, how many branches it reached,
    and files with the inputs that made it fail."""

    target: str
    executions: int
    coverage: int
    failures: tuple[Path, ...]
    log: Path


def build() -> None:
    """Build all targets with clang.  Raises `CannotFuzz`."""
    for command in (
        ["cmake", "--preset", "fuzz", "--log-level=WARNING"],
        ["cmake", "--build", "--preset", "fuzz"],
    ):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            told = f"{done.stdout[-2000:]}{done.stderr[-500:]}"
            raise CannotFuzz(f"the fuzz targets do not build; they need clang (`make harden-setup`):\n{told}")


def fuzz(target: str, seconds: int, seed: int = 0) -> Fuzzed:
    """Fuzz one target for some seconds; it ends early where it finds something."""
    folder, artifacts = BUILD / "corpus" / target, BUILD / "failures" / target
    corpora.unpack(target, folder)
    artifacts.mkdir(parents=True, exist_ok=True)
    before = set(artifacts.iterdir())
    log = BUILD / f"{target}.log"
    options = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=4096", "-timeout=20",
               f"-artifact_prefix={artifacts}/", "-print_final_stats=1"]  # fmt: skip
    _libfuzzer(target, log, [*options, str(folder)])
    output = log.read_text(errors="replace")
    executions = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
    covered = re.findall(r"cov: (\d+)", output)
    return Fuzzed(
        target,
        int(executions.group(1)) if executions else 0,
        int(covered[-1]) if covered else 0,
        tuple(sorted(set(artifacts.iterdir()) - before)),
        log,
    )


def distil(target: str) -> int:
    """Write a target's committed corpus again from all that is in its build folder; gives its size."""
    folder, small = BUILD / "corpus" / target, BUILD / "distilled" / target
    corpora.unpack(target, folder)
    shutil.rmtree(small, ignore_errors=True)
    small.mkdir(parents=True)
    _libfuzzer(
        target,
        BUILD / f"{target}-merge.log",
        ["-merge=1", f"-max_len={corpora.MOST_BYTES}", str(small), str(folder)],
    )
    inputs = [path.read_bytes() for path in small.iterdir()]
    corpora.save(corpora.CORPUS / f"{target}.hex", inputs)
    return len(inputs)


def _libfuzzer(target: str, log: Path, options: list[str]) -> int:
    with log.open("wb") as out:
        return subprocess.run(
            [BUILD / "core" / "fuzz" / f"fuzz_{target}", *options],
            cwd=ROOT,
            env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1", "UBSAN_OPTIONS": "print_stacktrace=1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
