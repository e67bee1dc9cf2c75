"""What a parity run found, read from its result file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .fields import Fields
from .result_file import DamagedResults, Format, Json, read_results

PARITY_FORMAT = Format("driftcore parity results", 1)

RECORDED = "recorded"
"""The profile of cases that are not generated, but recorded from a real application."""


@dataclass(frozen=True)
class Build:
    """A subject and which build of it was run; `sha256` is of the extension file or the Python sources."""

    name: str
    module: str
    version: str
    compiled: bool
    file: str
    sha256: str


@dataclass(frozen=True)
class Census:
    """Counts of cases of one operation.

    `compared` is `both_value` + `both_error` + `one_error`.  `punted_value` counts those of
    `both_value` which the candidate had another implementation answer.  `explained` counts
    differences that a declared divergence accounts for; they are not in `mismatches`.
    """

    operation: str
    generated: int
    compared: int
    both_value: int
    punted_value: int
    both_error: int
    one_error: int
    skipped: int
    explained: int
    mismatches: int

    @property
    def own_value(self) -> int:
        """Comparisons of two values, the candidate's its own: only these prove something."""
        return self.both_value - self.punted_value


COUNTS = tuple(name for name in Census.__dataclass_fields__ if name != "operation")


@dataclass(frozen=True)
class Mismatch:
    """One case in which candidate and reference part."""

    case: str
    operation: str
    profile: str
    path: str
    reason: str
    expected: str
    actual: str
    input: str


@dataclass(frozen=True)
class ParityResults:
    """A complete parity run.

    `profiles` counts the generated cases of each; `punts` is None if the candidate does not
    say whether it punts.
    """

    reference: Build
    candidate: Build
    python: str
    int_max_str_digits: int
    seed: int
    generator: int
    planned: int
    seconds: float
    operations: tuple[str, ...]
    profiles: dict[str, int]
    census: tuple[Census, ...]
    punts: Optional[dict[str, int]]
    skipped: dict[str, int]
    divergences: dict[str, int]
    mismatches: tuple[Mismatch, ...]

    @property
    def total(self) -> Census:
        return _sum("total", self.census)


def read_parity(path: Path) -> ParityResults:
    """A complete and coherent parity result file; raises `DamagedResults` for anything else."""
    results = read_results(path, PARITY_FORMAT)
    started = Fields(f"{path}: started", results.started)
    finished = Fields(f"{path}: finished", results.finished)
    tallies, profiles = [], Counter[str]()
    for tally in finished.inners("census"):
        tallies.append(_census(tally, tally.name("operation")))
        profiles[tally.name("profile")] += tally.count("generated")
    operations = started.names("operations")
    parity = ParityResults(
        reference=_build(started, "reference"),
        candidate=_build(started, "candidate"),
        python=started.text("python"),
        int_max_str_digits=started.count("int_max_str_digits"),
        seed=started.integer("seed"),
        generator=started.count("generator"),
        planned=started.count("planned"),
        seconds=finished.number("seconds"),
        operations=operations,
        profiles=dict(profiles),
        census=tuple(
            _sum(operation, [tally for tally in tallies if tally.operation == operation])
            for operation in operations
        ),
        punts=finished.optional_counts("punts"),
        skipped=finished.counts("skipped"),
        divergences=finished.counts("divergences"),
        mismatches=tuple(
            _mismatch(path, number, event) for number, event in enumerate(results.events, start=2)
        ),
    )
    _require_coherent(path, parity, tallies)
    return parity


def read_build(fields: Fields, name: str) -> Build:
    """A build from its provenance, as every kind of result file writes it."""
    return Build(
        name=name,
        module=fields.name("module"),
        version=fields.name("version"),
        compiled=fields.flag("compiled"),
        file=fields.text("file"),
        sha256=fields.name("sha256"),
    )


def _build(started: Fields, role: str) -> Build:
    return read_build(started.inner(f"{role}_provenance"), started.name(role))


def _census(fields: Fields, operation: str) -> Census:
    return Census(operation, **{name: fields.count(name) for name in COUNTS})


def _mismatch(path: Path, number: int, event: dict[str, Json]) -> Mismatch:
    where = f"{path}:{number}"
    if event.get("event") != "mismatch":
        raise DamagedResults(f"{where}: unknown event {event.get('event')!r}")
    fields = Fields(where, event)
    return Mismatch(
        case=fields.text("case"),
        operation=fields.name("operation"),
        profile=fields.name("profile"),
        path=fields.text("path"),
        reason=fields.text("reason"),
        expected=fields.text("expected"),
        actual=fields.text("actual"),
        input=fields.text("input"),
    )


def _sum(operation: str, parts: Sequence[Census]) -> Census:
    return Census(operation, **{name: sum(getattr(part, name) for part in parts) for name in COUNTS})


def _require_coherent(path: Path, parity: ParityResults, tallies: Sequence[Census]) -> None:
    """Header, events and footer tell one story, or the file was put together from several."""
    for tally in tallies:
        if tally.operation not in parity.operations:
            raise DamagedResults(f"{path}: counts {tally.operation}, which its header does not announce")
        if (
            tally.generated != tally.compared + tally.skipped
            or tally.compared != tally.both_value + tally.both_error + tally.one_error
            or tally.compared < tally.mismatches + tally.explained
            or tally.both_value < tally.punted_value
        ):
            raise DamagedResults(f"{path}: the counts of {tally.operation} do not add up")
    counted = parity.total.generated
    if counted != parity.planned:
        raise DamagedResults(f"{path}: {parity.planned} cases were planned, {counted} are counted")
    listed = Counter(mismatch.operation for mismatch in parity.mismatches)
    if listed != Counter({one.operation: one.mismatches for one in parity.census if one.mismatches}):
        raise DamagedResults(f"{path}: the mismatches it lists are not those it counts")
