"""What a run tells: a few kinds of event, and how they stand in the result file.

A result file is NDJSON: `started`, one line for each event below, `finished`.  A
`measurement` has a `kind`: pair, native or process.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Optional, Union

from parity.subjects import Provenance
from reports.exit_codes import ExitCode
from reports.result_file import FINISHED, STARTED, Format, Json

from .estimate import Estimate
from .machine import Machine

FORMAT = Format("driftcore bench results", 1)


@dataclass(frozen=True)
class Started:
    """What is measured, on what; `planned` pairs follow.

    In a `check` a subject that is slower fails the run.
    """

    command: str
    check: bool
    seed: int
    commit: Optional[str]
    machine: Machine
    subjects: dict[str, Provenance]
    planned: int


@dataclass(frozen=True)
class Progress:
    """Sent before each measurement, never written to a file."""

    done: int
    planned: int
    what: str


@dataclass(frozen=True)
class Pair:
    """Subject and against, timed block by block on one input of an operation.

    `ratio` is how many times as fast the subject is; `subject_call_ns` and `against_call_ns`
    are medians per call.  `subject_ns` and `against_ns` are the times of whole batches, of
    `subject_calls` and `against_calls` calls; `subject_first` has the order in each block.
    `difference` is None for equal outputs, else where they part: the work is then comparable,
    not equal.  `settled` is False for a pair that was too close to judge and is measured
    again further down.
    """

    operation: str
    input: str
    size: int
    subject: str
    against: str
    difference: Optional[str]
    settled: bool
    confidence: float
    ratio: Estimate
    subject_call_ns: float
    against_call_ns: float
    subject_calls: int
    against_calls: int
    subject_first: tuple[bool, ...]
    subject_ns: tuple[int, ...]
    against_ns: tuple[int, ...]


@dataclass(frozen=True)
class Void:
    """A comparison whose outputs have to be equal and are not: there is no figure."""

    what: str
    difference: str


@dataclass(frozen=True)
class LeftOut:
    """Something that could have been measured and was not; `unfit` if it should have been."""

    what: str
    reason: str
    unfit: bool = False


@dataclass(frozen=True)
class Native:
    """One bench of the C library alone: nanoseconds per call, one for each repetition."""

    name: str
    call_ns: tuple[float, ...]
    time: Estimate
    payload_bytes: Optional[int]
    bytes_per_second: Optional[float]


@dataclass(frozen=True)
class NativeContext:
    """What the benchmark binary says about itself and the machine, as Google Benchmark reports it."""

    context: dict[str, Json]


@dataclass(frozen=True)
class Process:
    """One whole-process scenario with the native path on and off: seconds of every run, paired in order."""

    scenario: str
    what: str
    native_seconds: tuple[float, ...]
    python_seconds: tuple[float, ...]
    native_first: tuple[bool, ...]
    ratio: Estimate


@dataclass(frozen=True)
class Finished:
    """The end: how long it took, what it came to, and the sentence that says so."""

    seconds: float
    exit_code: ExitCode
    summary: str


Event = Union[Started, Progress, Pair, Void, LeftOut, Native, NativeContext, Process, Finished]

_NAMES: dict[type, str] = {
    Started: STARTED,
    Pair: "measurement",
    Native: "measurement",
    Process: "measurement",
    NativeContext: "native_context",
    Void: "void",
    LeftOut: "left_out",
    Finished: FINISHED,
}


def record(event: Event) -> tuple[str, dict[str, object]]:
    """An event's name and fields in the result file.  `Progress` has none."""
    name = _NAMES[type(event)]
    kind = {"kind": type(event).__name__.lower()} if name == "measurement" else {}
    return name, {**kind, **asdict(event)}
