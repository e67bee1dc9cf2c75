"""The committed counts of a toolchain class, one file each in `bench/data/baselines`.

Counts move with the compiler, Valgrind, Python and whether there is AVX2, but hardly with the
machine; so the class names those, and counts of another class say nothing.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from driftgate.base import strict_json
from driftgate.base.decode import decode
from driftgate.base.exit_codes import Unfit
from driftgate.base.files import write_whole

from ..events import Counted, Event, Native, NativeContext
from ..machine import ROOT

FOLDER = Path(__file__).parent.parent / "data" / "baselines"


class DamagedBaseline(Unfit, ValueError):
    """A file is no baseline; the message names it and says what to do."""


@dataclass(frozen=True)
class Count:
    """Of one bench; None for what is not counted of it."""

    instructions: Optional[float]
    allocations: Optional[float]
    first_allocations: Optional[int]
    peak_bytes: Optional[int]


@dataclass(frozen=True)
class Baseline:
    """Counts by the name of the bench."""

    toolchain: str
    counts: dict[str, Count]

    def path(self, folder: Path = FOLDER) -> Path:
        return folder / f"{self.toolchain}.json"


def toolchain(compiler: str, features: str, valgrind: str) -> str:
    avx2 = "avx2" if "avx2 yes" in features else "no-avx2"
    python = f"python{'.'.join(platform.python_version_tuple()[:2])}"
    parts = (platform.machine(), avx2, compiler, valgrind, python)
    return "_".join(re.sub(r"[^a-z0-9.]+", "-", part.lower()) for part in parts)


def of(events: Iterable[Event], valgrind: str) -> Baseline:
    """What a run counted."""
    natives: dict[str, Native] = {}
    counted: dict[str, Counted] = {}
    compiler = features = "unknown"
    for event in events:
        if isinstance(event, Native) and event.peak_bytes is not None:
            natives[event.name] = event
        elif isinstance(event, Counted):
            counted[event.name] = event
        elif isinstance(event, NativeContext):
            compiler = str(event.context.get("compiler", compiler))
            features = str(event.context.get("cpu_features", features))
    names = sorted({*natives, *counted})
    return Baseline(
        toolchain(compiler, features, valgrind),
        {name: _count(natives.get(name), counted.get(name)) for name in names},
    )


def _count(native: Optional[Native], counted: Optional[Counted]) -> Count:
    return Count(
        instructions=None if counted is None else counted.instructions,
        allocations=None if native is None else native.allocations,
        first_allocations=None if native is None else native.first_allocations,
        peak_bytes=None if native is None else native.peak_bytes,
    )


def write(baseline: Baseline, folder: Path = FOLDER) -> Path:
    path = baseline.path(folder)
    write_whole(path, json.dumps(asdict(baseline), indent=1) + "\n")
    return path


def read(path: Path) -> Baseline:
    """Raises `FileNotFoundError`, or `DamagedBaseline` for anything else than was written."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        found: Baseline = decode(Baseline, strict_json.parse(path.read_bytes()), str(shown))
    except ValueError as error:
        raise DamagedBaseline(
            f"{shown}: is no baseline: {error}; make it anew with: python -m bench gate --write"
        ) from error
    return found
