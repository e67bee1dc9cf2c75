"""What a run tells: a few kinds of event, and how they stand in the result file.

A result file is NDJSON: `started`, one line for each event below, `finished`.  A
`measurement` has a `kind`.  `schemas/bench-results-v2.schema.json` describes every line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Optional, Union

from driftgate.base.decode import decode
from driftgate.base.exit_codes import ExitCode
from driftgate.base.result_file import FINISHED, STARTED, Format, Json
from parity.subjects import Provenance

from .machine import Machine
from .stats.order import Estimate

FORMAT = Format("driftcore bench results", 2)


@dataclass(frozen=True)
class Started:
    """What is measured, when (UTC), on what.

    `looks` are the numbers of processes after which claims are judged, fixed beforehand.  In a
    `check` recorded inputs are judged one by one and there are no processes.
    """

    command: str
    at: str
    candidate: str
    check: bool
    release: bool
    seed: int
    looks: tuple[int, ...]
    commit: Optional[str]
    machine: Machine
    subjects: dict[str, Provenance]


@dataclass(frozen=True)
class Progress:
    """Sent before each measurement, never written to a file."""

    done: int
    planned: int
    what: str


@dataclass(frozen=True)
class Sample:
    """One process's blocks of a subject and what it is held against, on one input: the raw evidence.

    `subject_ns` and `against_ns` are the times of whole batches, of `subject_calls` and
    `against_calls` calls; `subject_first` has the order in each block.  `contaminated` are the
    blocks during which the process lost its core; they are marked, not dropped.  `difference`
    is None for equal outputs, else where they part; of a limit, whose output is of another
    kind, outputs are not compared.
    """

    process: int
    role: str
    operation: str
    input: str
    size: int
    subject: str
    against: str
    difference: Optional[str]
    subject_calls: int
    against_calls: int
    subject_first: tuple[bool, ...]
    subject_ns: tuple[int, ...]
    against_ns: tuple[int, ...]
    contaminated: tuple[int, ...]


@dataclass(frozen=True)
class Worker:
    """One fresh process: what was varied on purpose in it, and how the machine was meanwhile.

    `spin_ns` is the time of one turn of a fixed loop before, during and after; it follows the
    clock frequency.  `steal_ms` is time the hypervisor gave to others, `switches` how often the
    process lost its core.  `label` says why its evidence is contaminated, None if it is not.
    """

    process: int
    hash_seed: int
    padding: int
    seconds: float
    load: Optional[float]
    spin_ns: tuple[float, ...]
    steal_ms: Optional[float]
    switches: int
    blocks: int
    contaminated: int
    label: Optional[str]


@dataclass(frozen=True)
class Pair:
    """Subject and against on one input, summarised.

    `ratio` is how many times as fast the subject is; `unit` says what its interval rests on:
    `processes`, or `blocks` of one process in the check of recorded inputs.  `settled` is False
    for a pair of a check that was too close to judge and is measured again further down.
    """

    operation: str
    input: str
    size: int
    subject: str
    against: str
    difference: Optional[str]
    settled: bool
    unit: str
    ratio: Estimate
    subject_call_ns: float
    against_call_ns: float


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
class Planted:
    """A subject slowed down on purpose by `share` (0 for A/A), and whether the verdict rule saw it.

    `ratio` is how many times as slow as itself it was measured; `power` is the share of runs of
    this size that would have caught it; `caught` whether this one did.
    """

    share: float
    subject: str
    what: str
    ratio: Estimate
    caught: bool
    power: Optional[float]


@dataclass(frozen=True)
class SelfTest:
    """Whether the harness can be believed today: A/A and the planted slow-downs.

    `noise_floor` is the standard deviation of the ratio of something to itself over processes,
    from the median deviation; `smallest_seen` the slow-down that is caught in four runs of five.
    """

    planted: tuple[Planted, ...]
    noise_floor: float
    smallest_seen: float
    verdict: str
    explanation: str


@dataclass(frozen=True)
class Growth:
    """How the cost of an operation rises with the size of one kind of input, its `ladder`, on both sides.

    `excess` is the subject's exponent less the other's; `break_even` the bytes from which on
    the subject is faster, None where it is not even at the largest size.
    """

    operation: str
    ladder: str
    subject: str
    against: str
    sizes: tuple[int, ...]
    subject_ns: tuple[float, ...]
    against_ns: tuple[float, ...]
    subject_exponent: Estimate
    against_exponent: Estimate
    excess: Estimate
    break_even: Optional[Estimate]


@dataclass(frozen=True)
class Distribution:
    """The ratio over generated inputs of an operation, which parity compares as well.

    `left_out` counts inputs that have no ratio, by reason.  `minimal` is the worst input made
    smaller while it stayed as bad, `minimal_ratio` its ratio.
    """

    operation: str
    subject: str
    against: str
    profiles: tuple[str, ...]
    seed: int
    inputs: int
    left_out: dict[str, int]
    median: Estimate
    worst_decile: Estimate
    worst: Estimate
    worst_input: str
    slower: int
    minimal: Optional[str]
    minimal_ratio: Optional[float]


@dataclass(frozen=True)
class Native:
    """One bench of the C library alone: nanoseconds per call, one for each repetition.

    `allocations` are those of one call that follows another, `first_allocations` those of the
    first call with a new context, `peak_bytes` the most memory the context held.
    """

    name: str
    call_ns: tuple[float, ...]
    time: Estimate
    payload_bytes: Optional[int]
    bytes_per_second: Optional[float]
    allocations: Optional[float]
    first_allocations: Optional[int]
    peak_bytes: Optional[int]


@dataclass(frozen=True)
class Complexity:
    """The growth of a bench's time over sizes, as Google Benchmark fits it; `rms` is the relative misfit."""

    name: str
    big_o: str
    rms: float


@dataclass(frozen=True)
class NativeContext:
    """What the benchmark binary says about itself and the machine, as Google Benchmark reports it."""

    context: dict[str, Json]


@dataclass(frozen=True)
class Counted:
    """Instructions of one call, the difference of two run lengths under Cachegrind."""

    name: str
    instructions: float
    calls: tuple[int, int]
    totals: tuple[int, int]


@dataclass(frozen=True)
class Process:
    """A whole-process scenario in several variants: seconds of every run, by variant and paired by block.

    `ratios` says for each variant but the baseline how many times as fast it is.
    """

    scenario: str
    what: str
    baseline: str
    seconds: dict[str, tuple[float, ...]]
    orders: tuple[tuple[str, ...], ...]
    ratios: dict[str, Estimate]


@dataclass(frozen=True)
class Claim:
    """A claim and what this run makes of it.

    `figure` is None where there is no measurement.  `bound` is a floor or a ceiling as
    `at_least` says, in `unit`.  `deciding` is the input the figure is from, for claims about
    every input.  `together` says whether it also holds at 95 % together with all others.
    """

    id: str
    sentence: str
    measured: str
    group: str
    subject: str
    reference: str
    metric: str
    unit: str
    at_least: bool
    bound: float
    figure: Optional[Estimate]
    verdict: str
    explanation: str
    deciding: Optional[str]
    together: Optional[bool]


@dataclass(frozen=True)
class Finished:
    """The end: how long it took, what it came to, and the sentence that says so."""

    seconds: float
    exit_code: ExitCode
    summary: str


Event = Union[
    Started,
    Progress,
    Sample,
    Worker,
    Pair,
    Void,
    LeftOut,
    SelfTest,
    Growth,
    Distribution,
    Native,
    Complexity,
    NativeContext,
    Counted,
    Process,
    Claim,
    Finished,
]

_NAMES: dict[str, type] = {
    STARTED: Started,
    "worker": Worker,
    "native_context": NativeContext,
    "void": Void,
    "left_out": LeftOut,
    "self_test": SelfTest,
    "claim": Claim,
    FINISHED: Finished,
}
_KINDS: dict[str, type] = {
    kind.__name__.lower(): kind
    for kind in (Sample, Pair, Growth, Distribution, Native, Complexity, Counted, Process)
}
MEASUREMENT = "measurement"
_BY_CLASS = {kind: (MEASUREMENT, name) for name, kind in _KINDS.items()}
_BY_CLASS.update({kind: (name, "") for name, kind in _NAMES.items()})


def by_name() -> dict[tuple[str, str], type]:
    """Every class that stands in a file, by the line's event and, of measurements, its kind."""
    return {names: made for made, names in _BY_CLASS.items()}


def record(event: Event) -> tuple[str, dict[str, object]]:
    """An event's name and fields in the result file.  `Progress` has none."""
    name, kind = _BY_CLASS[type(event)]
    return name, {**({"kind": kind} if kind else {}), **asdict(event)}


def read(line: dict[str, Json]) -> Event:
    """The event of a line of a result file; raises ValueError, which names what is wrong."""
    name = line.get("event")
    kind = _KINDS.get(str(line.get("kind"))) if name == MEASUREMENT else _NAMES.get(str(name))
    if kind is None:
        raise ValueError(f"unknown event {name!r}, kind {line.get('kind')!r}")
    expected = {one.name for one in fields(kind)}
    event: Event = decode(kind, {key: value for key, value in line.items() if key in expected}, str(name))
    return event
