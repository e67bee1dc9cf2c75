"""Python × operation × verdict, read from the file that tox's environments are put together into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from bench.decode import decode

from .result_file import DamagedResults, Format, read_results

MATRIX_FORMAT = Format("driftcore matrix results", 1)

EQUAL, DIFFERS, UNPROVEN = "equal", "differs", "unproven"


@dataclass(frozen=True)
class Cell:
    """One operation under one Python: equal, differs, or unproven."""

    operation: str
    verdict: str
    compared: int
    mismatches: int


@dataclass(frozen=True)
class Suite:
    """Counts of the core's tests under one Python."""

    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True)
class Row:
    """One environment; None and no cells where it did not run."""

    environment: str
    python: Optional[str]
    sha256: Optional[str]
    int_max_str_digits: Optional[int]
    tests: Optional[Suite]
    cells: tuple[Cell, ...]

    @property
    def failed(self) -> bool:
        return any(cell.verdict == DIFFERS for cell in self.cells) or bool(self.tests and self.tests.failed)

    @property
    def proven(self) -> bool:
        """Whether it ran, with tests, and every operation gave values to compare."""
        tested = self.tests is not None and self.tests.passed > 0
        return tested and bool(self.cells) and all(cell.verdict == EQUAL for cell in self.cells)


def read_matrix(path: Path) -> tuple[Row, ...]:
    """The rows of a complete matrix file; raises `DamagedResults`."""
    results = read_results(path, MATRIX_FORMAT)
    try:
        rows = []
        for number, event in enumerate(results.events, start=2):
            if event.get("event") != "row":
                raise ValueError(f"line {number}: unknown event {event.get('event')!r}")
            fields = {name: value for name, value in event.items() if name != "event"}
            rows.append(decode(Row, fields, f"line {number}"))
        if [row.environment for row in rows] != results.started.get("environments"):
            raise ValueError("its rows are not the environments that its header announces")
    except ValueError as error:
        raise DamagedResults(f"{path}: {error}") from error
    return tuple(rows)
