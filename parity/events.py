"""What a run tells: a few kinds of event, and how a result file keeps them.

Result files are those of `reports.result_file`: the `Started` event is the header, then
comes one line for each `Mismatch`, and the `Finished` event is the footer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Union

from reports.result_file import Format, ResultFile

from .subjects import Provenance

FORMAT = Format("driftcore parity results", 1)


@dataclass(frozen=True)
class Started:
    """Who is compared and with what; `planned` cases follow, recorded ones first."""

    reference: str
    reference_provenance: Provenance
    candidate: str
    candidate_provenance: Provenance
    operations: tuple[str, ...]
    planned: int
    generator: int
    seed: int
    python: str
    int_max_str_digits: int
    """0 for no limit; the outcome of long ints hangs on it."""


@dataclass(frozen=True)
class Progress:
    """Sent now and then, never written to a file."""

    done: int
    mismatches: int


@dataclass(frozen=True)
class Mismatch:
    """One case whose outcomes differ; values and input are as `show` writes them."""

    case: str
    operation: str
    profile: str
    path: str
    reason: str
    expected: str
    actual: str
    input: str


@dataclass(frozen=True)
class Tally:
    """Counts of cases of one operation and profile.

    `compared` is `both_value` + `both_error` + `one_error`; `generated` is `compared` +
    `skipped`, the cases that were not put to both subjects.  `punted_value` counts those of
    `both_value` which the candidate had another implementation answer: they prove
    nothing of its own.  `explained` counts differences that a declared divergence
    accounts for; they are not in `mismatches`.
    """

    operation: str
    profile: str
    generated: int
    compared: int
    both_value: int
    punted_value: int
    both_error: int
    one_error: int
    skipped: int
    explained: int
    mismatches: int


@dataclass(frozen=True)
class Finished:
    """What came of the run.

    `punts` counts by reason how often the candidate had another implementation answer,
    None if it does not say.  `skipped` and `divergences` count by reason
    and by id.
    """

    census: tuple[Tally, ...]
    punts: Mapping[str, int] | None
    skipped: Mapping[str, int]
    divergences: Mapping[str, int]
    seconds: float


Event = Union[Started, Progress, Mismatch, Finished]


def write(event: Event, out: ResultFile) -> None:
    """Add an event to a result file; `Progress` is not kept."""
    if not isinstance(event, Progress):
        out.write(type(event).__name__.lower(), asdict(event))
