"""Where checks build and run: CMake presets, processes with their logs, sanitizer reports.

A sanitizer's report fails a check whatever the exit code is: reports go to files of
their own, so that neither pytest's capturing nor a parent that goes on can hide one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from driftgate.base.exit_codes import Unfit

ROOT = Path(__file__).resolve().parent.parent.parent
REPORT = re.compile(
    r"ERROR: (?:Address|Leak|Thread)Sanitizer|WARNING: ThreadSanitizer|runtime error: |SUMMARY: \w+Sanitizer"
)


class BuildFailed(Unfit):
    """A check cannot be made; the message ends with what to do."""


@dataclass(frozen=True)
class Done:
    """A process that ended: its exit status (negative: a signal), its output, sanitizer reports."""

    status: int
    output: str
    reports: tuple[str, ...]
    log: Path

    def problems(self, what: str) -> tuple[str, ...]:
        """One line for each reason not to believe that all is well."""
        found = [f"{what}: {report}" for report in self.reports]
        if self.status != 0:
            found.append(f"{what}: ended with {self.status}, {self.tail()} (see {self.log})")
        return tuple(found)

    def tail(self) -> str:
        lines = [line for line in self.output.splitlines() if line.strip()]
        return lines[-1][:300] if lines else "no output"


@dataclass(frozen=True)
class Workspace:
    """`root` is a checkout; builds and logs lie in its `build` folder.  Seconds are per fuzz target."""

    root: Path = ROOT
    fuzz_seconds: int = 60
    campaign_cases: int = 20_000

    @property
    def logs(self) -> Path:
        return self.root / "build" / "harden"

    @property
    def python(self) -> str:
        """The interpreter of the checkout that this harness runs in, with all its packages."""
        return sys.executable

    def run(
        self,
        name: str,
        command: Sequence[str],
        environment: Optional[Mapping[str, str]] = None,
        seconds: int = 1800,
    ) -> Done:
        """Run a command from the root, its output in a log file of that name."""
        reports = self.logs / f"{name}.reports"
        shutil.rmtree(reports, ignore_errors=True)
        reports.mkdir(parents=True)
        log = self.logs / f"{name}.log"
        options = f"log_path={reports}/report:exitcode=99"
        merged = {
            **os.environ,
            "ASAN_OPTIONS": options,
            "UBSAN_OPTIONS": f"print_stacktrace=1:{options}",
            "TSAN_OPTIONS": f"halt_on_error=0:{options}",
            **(environment or {}),
        }
        for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if "log_path" not in merged[variable]:
                merged[variable] += f":{options}"
        with log.open("wb") as out:
            try:
                status = subprocess.run(
                    command, cwd=self.root, env=merged, stdout=out, stderr=subprocess.STDOUT, timeout=seconds
                ).returncode
            except subprocess.TimeoutExpired:
                out.write(f"\nnot done after {seconds} s\n".encode())
                status = 124
            except FileNotFoundError as error:
                raise BuildFailed(f"{command[0]} is not there: run `make harden-setup`") from error
        output = log.read_text(encoding="utf-8", errors="replace")
        return Done(status, output, tuple(sanitizer_reports(output, reports)), log)

    def build(self, preset: str, *options: str, target: Optional[str] = None) -> Path:
        """Configure and build a CMake preset; its build folder.  Raises `BuildFailed`."""
        chosen = ["--target", target] if target else []
        for command in (
            ["cmake", "--preset", preset, "--log-level=WARNING", *options],
            ["cmake", "--build", "--preset", preset, *chosen],
        ):
            done = self.run(f"build-{preset}", command)
            if done.status != 0:
                raise BuildFailed(f"preset {preset} does not build: {done.tail()} (see {done.log})")
        return self.root / "build" / preset

    def site(self, preset: str, python: str, *options: str) -> Path:
        """A folder to put on PYTHONPATH, with the package driftcore_native in one of its builds."""
        folder = self.build(preset, f"-DPython_EXECUTABLE={python}", *options)
        site = folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        installed = self.run(
            f"install-{preset}",
            ["cmake", "--install", str(folder), "--component", "native", "--prefix", str(site)],
        )
        if installed.status != 0:
            raise BuildFailed(f"preset {preset} cannot be installed: {installed.tail()}")
        for source in (self.root / "core" / "native" / "driftcore_native").glob("*.py"):
            shutil.copy(source, site / "driftcore_native")
        return site


def sanitizer_reports(output: str, folder: Path) -> list[str]:
    """The first line of each report in a process's output and in the files it left in `folder`."""
    texts = [output, *(path.read_text(errors="replace") for path in sorted(folder.iterdir()))]
    found = []
    for text in texts:
        line = next((line for line in text.splitlines() if REPORT.search(line)), None)
        if line is not None:
            found.append(line.strip()[:300])
    return found
