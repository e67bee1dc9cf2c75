"""All that a verdict rests on: the result files and wheels of one folder, each read strictly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from bench.history import Run
from driftgate.base.result_file import DamagedResults, Format, format_of
from parity.matrix import FORMAT as MATRIX_FORMAT
from parity.matrix import Row, read_matrix
from parity.mutation.record import FORMAT as MUTATION_FORMAT

from .bench_results import BENCH_FORMAT, BenchResults, read_bench
from .checks import CHECKS_FORMAT, Check, CheckRun, read_checks
from .endtoend_results import ENDTOEND_FORMAT, read_endtoend
from .harden_results import HARDEN_FORMAT, read_harden
from .mutation_results import read_mutation
from .parity_results import PARITY_FORMAT, ParityResults, read_parity
from .wheels import Wheel, read_wheel

WHEELS = "wheels"
"""The folder, beside the result files, of the wheels that are judged."""


@dataclass(frozen=True)
class Source:
    """A file the verdict was made from; `name` is within the folder."""

    kind: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Evidence:
    """What was found.  `claims` is a bench run that judges claims, `recorded` a check of recorded inputs.

    `history` are earlier runs of this machine class, the oldest first.
    """

    parity: ParityResults
    claims: Optional[BenchResults] = None
    recorded: Optional[BenchResults] = None
    check_runs: tuple[CheckRun, ...] = ()
    matrix: Optional[tuple[Row, ...]] = None
    wheels: tuple[Wheel, ...] = ()
    history: tuple[Run, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def benches(self) -> tuple[BenchResults, ...]:
        return tuple(one for one in (self.claims, self.recorded) if one is not None)

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(check for run in self.check_runs for check in run.checks)


def read_folder(folder: Path) -> Evidence:
    """The evidence of a folder: every `*.ndjson` in it, and the wheels in its folder `wheels`.

    Raises `DamagedResults`, by file name, for a file that is cut off, damaged, of no known
    kind, or there twice; and where there is no parity run, since nothing can be judged then.
    """
    found: dict[str, Any] = {}
    runs: list[CheckRun] = []
    sources: list[Source] = []
    digests: dict[str, Path] = {}
    for part in sorted(folder.glob("*.part")):
        raise DamagedResults(f"{part}: is left of a run that was cut off; finish or remove it")
    for path in sorted(folder.glob("*.ndjson")):
        source = source_of(_kind(format_of(path), path), path)
        if source.sha256 in digests:
            raise DamagedResults(f"{path}: is the same as {digests[source.sha256]}")
        digests[source.sha256] = path
        sources.append(source)
        role, value = _READERS[source.kind](path)
        if role == "checks":
            runs.append(value)
        elif role in found:
            raise DamagedResults(f"{path}: a second file of {role.replace('_', ' ')} results; one is judged")
        else:
            found[role] = value
    if "parity" not in found:
        raise DamagedResults(f"{folder}: has no results of a parity run; make some: python -m parity run")
    _require_distinct_checks(folder, runs)
    wheels = sorted((folder / WHEELS).glob("*.whl"))
    return Evidence(
        **found,
        check_runs=tuple(runs),
        wheels=tuple(map(read_wheel, wheels)),
        sources=tuple(sources),
    )


def source_of(kind: str, path: Path) -> Source:
    data = path.read_bytes()
    return Source(kind, path.name, len(data), hashlib.sha256(data).hexdigest())


def _kind(format: Format, path: Path) -> str:
    for kind, known in _FORMATS.items():
        if format.name == known.name:
            return kind
    names = ", ".join(known.name for known in _FORMATS.values())
    raise DamagedResults(f"{path}: holds {format.name!r}, which is none of {names}")


def _bench(path: Path) -> tuple[str, BenchResults]:
    bench = read_bench(path)
    return ("recorded" if bench.started.check else "claims"), bench


_FORMATS = {
    "parity": PARITY_FORMAT,
    "bench": BENCH_FORMAT,
    "checks": CHECKS_FORMAT,
    "hardening": HARDEN_FORMAT,
    "mutation": MUTATION_FORMAT,
    "end to end": ENDTOEND_FORMAT,
    "matrix": MATRIX_FORMAT,
}
KNOWN_FORMATS = tuple(format.name for format in _FORMATS.values())
MADE_ELSEWHERE = tuple(_FORMATS[kind].name for kind in ("hardening", "mutation", "matrix", "end to end"))
"""Results that commands of their own make, not the steps of a sign-off."""

_READERS: dict[str, Callable[[Path], tuple[str, Any]]] = {
    "parity": lambda path: ("parity", read_parity(path)),
    "bench": _bench,
    "checks": lambda path: ("checks", read_checks(path)),
    "hardening": lambda path: ("checks", read_harden(path)),
    "mutation": lambda path: ("checks", read_mutation(path)),
    "end to end": lambda path: ("checks", read_endtoend(path)),
    "matrix": lambda path: ("matrix", read_matrix(path).rows),
}


def _require_distinct_checks(folder: Path, runs: Sequence[CheckRun]) -> None:
    seen: set[str] = set()
    for run in runs:
        for check in run.checks:
            if check.name in seen:
                raise DamagedResults(
                    f"{folder}: the check {check.name!r} is there twice; one of them is stale"
                )
            seen.add(check.name)
