"""What a bench run measured, read from its result file."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from .fields import Fields
from .parity_results import Build, read_build
from .result_file import DamagedResults, Format, Json, read_results

_DETAILS = frozenset({"sample", "worker", "growth", "distribution", "complexity", "counted"})
"""Events that the bench's own report shows and the sign-off page does not."""

BENCH_FORMAT = Format("driftcore bench results", 2)


@dataclass(frozen=True)
class Machine:
    """None stands for what the system did not tell."""

    cpu: Optional[str]
    cores: int
    governor: Optional[str]
    load: Optional[float]
    system: str
    python: str
    python_compiler: str


@dataclass(frozen=True)
class Ratio:
    """How many times as fast one side is, and the interval of it, from `count` paired observations."""

    median: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Pair:
    """Two subjects on one input; times are nanoseconds per call, the median.

    `difference` says where the outputs part, None for equal ones.  The interval of the ratio
    rests on `unit`: fresh processes, or the blocks of one.
    """

    operation: str
    input: str
    size: int
    subject: str
    against: str
    difference: Optional[str]
    unit: str
    ratio: Ratio
    subject_call_ns: float
    against_call_ns: float


@dataclass(frozen=True)
class NativeBench:
    """One bench of the C library alone, by Google Benchmark; times are nanoseconds per call."""

    name: str
    call_ns: float
    low_ns: float
    high_ns: float
    repetitions: int
    payload_bytes: Optional[int]
    bytes_per_second: Optional[float]


@dataclass(frozen=True)
class ProcessRun:
    """A whole process in one of its variants, against the baseline; times are medians in seconds."""

    scenario: str
    what: str
    variant: str
    baseline: str
    seconds: float
    baseline_seconds: float
    ratio: Ratio


@dataclass(frozen=True)
class ClaimResult:
    """A claim, its verdict, and why where it does not pass; `figure` is None where nothing was measured."""

    id: str
    sentence: str
    measured: str
    unit: str
    at_least: bool
    bound: float
    figure: Optional[Ratio]
    verdict: str
    explanation: str


@dataclass(frozen=True)
class SelfTestResult:
    """Whether the harness could be believed: A/A, and the planted slow-downs it saw."""

    verdict: str
    explanation: str
    noise_floor: float
    smallest_seen: float


@dataclass(frozen=True)
class Void:
    """A comparison whose outputs have to be equal and are not."""

    what: str
    difference: str


@dataclass(frozen=True)
class LeftOut:
    """What could have been measured and was not; `unfit` if it should have been."""

    what: str
    reason: str
    unfit: bool


@dataclass(frozen=True)
class BenchResults:
    """A complete bench run; pairs that were measured again further down are not among `pairs`.

    A `check` is about recorded inputs, and a subject that is slower fails it.
    """

    command: str
    check: bool
    seed: int
    commit: Optional[str]
    machine: Machine
    builds: tuple[Build, ...]
    pairs: tuple[Pair, ...]
    natives: tuple[NativeBench, ...]
    native_context: dict[str, Json]
    processes: tuple[ProcessRun, ...]
    claims: tuple[ClaimResult, ...]
    self_test: Optional[SelfTestResult]
    voids: tuple[Void, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float
    summary: str


def read_bench(path: Path) -> BenchResults:
    """A complete bench result file; raises `DamagedResults` for anything else."""
    results = read_results(path, BENCH_FORMAT)
    started = Fields(f"{path}: started", results.started)
    finished = Fields(f"{path}: finished", results.finished)
    subjects = started.inner("subjects")
    pairs: list[Pair] = []
    natives: list[NativeBench] = []
    context: dict[str, Json] = {}
    processes: list[ProcessRun] = []
    claims: list[ClaimResult] = []
    self_test: Optional[SelfTestResult] = None
    voids: list[Void] = []
    left_out: list[LeftOut] = []
    for number, event in enumerate(results.events, start=2):
        fields = Fields(f"{path}:{number}", event)
        kind = event.get("kind") if event.get("event") == "measurement" else event.get("event")
        if kind == "pair":
            if fields.flag("settled"):
                pairs.append(_pair(fields))
        elif kind == "native":
            natives.append(_native(fields))
        elif kind == "process":
            processes += _process(fields)
        elif kind == "claim":
            claims.append(_claim(fields))
        elif kind == "self_test":
            self_test = _self_test(fields)
        elif kind == "native_context":
            context.update(fields.inner("context").values)
        elif kind == "void":
            voids.append(Void(fields.text("what"), fields.text("difference")))
        elif kind == "left_out":
            left_out.append(LeftOut(fields.text("what"), fields.text("reason"), fields.flag("unfit")))
        elif kind not in _DETAILS:
            raise DamagedResults(f"{path}:{number}: unknown event {kind!r}")
    return BenchResults(
        command=started.text("command"),
        check=started.flag("check"),
        seed=started.integer("seed"),
        commit=started.optional_text("commit"),
        machine=_machine(started.inner("machine")),
        builds=tuple(read_build(subjects.inner(name), name) for name in subjects.values),
        pairs=tuple(pairs),
        natives=tuple(natives),
        native_context=context,
        processes=tuple(processes),
        claims=tuple(claims),
        self_test=self_test,
        voids=tuple(voids),
        left_out=tuple(left_out),
        seconds=finished.number("seconds"),
        summary=finished.text("summary"),
    )


def _machine(fields: Fields) -> Machine:
    return Machine(
        cpu=fields.optional_text("cpu"),
        cores=fields.count("cores"),
        governor=fields.optional_text("governor"),
        load=fields.optional_number("load"),
        system=fields.text("system"),
        python=fields.text("python"),
        python_compiler=fields.text("python_compiler"),
    )


def _pair(fields: Fields) -> Pair:
    return Pair(
        operation=fields.name("operation"),
        input=fields.name("input"),
        size=fields.count("size"),
        subject=fields.name("subject"),
        against=fields.name("against"),
        difference=fields.optional_text("difference"),
        unit=fields.name("unit"),
        ratio=_ratio(fields.inner("ratio")),
        subject_call_ns=fields.number("subject_call_ns"),
        against_call_ns=fields.number("against_call_ns"),
    )


def _native(fields: Fields) -> NativeBench:
    time = fields.inner("time")
    return NativeBench(
        name=fields.name("name"),
        call_ns=time.number("median"),
        low_ns=time.number("low"),
        high_ns=time.number("high"),
        repetitions=time.count("count"),
        payload_bytes=fields.optional_count("payload_bytes"),
        bytes_per_second=fields.optional_number("bytes_per_second"),
    )


def _process(fields: Fields) -> list[ProcessRun]:
    """One for each variant but the baseline."""
    seconds, ratios = fields.inner("seconds"), fields.inner("ratios")
    medians = {}
    for variant in seconds.values:
        times = seconds.numbers(variant)
        if not times:
            raise DamagedResults(f"{fields.where}: has no times of {variant}")
        medians[variant] = statistics.median(times)
    baseline = fields.name("baseline")
    if baseline not in medians:
        raise DamagedResults(f"{fields.where}: has no times of {baseline}")
    return [
        ProcessRun(
            scenario=fields.name("scenario"),
            what=fields.text("what"),
            variant=variant,
            baseline=baseline,
            seconds=elapsed,
            baseline_seconds=medians[baseline],
            ratio=_ratio(ratios.inner(variant)),
        )
        for variant, elapsed in medians.items()
        if variant != baseline
    ]


def _claim(fields: Fields) -> ClaimResult:
    figure = fields.values.get("figure")
    return ClaimResult(
        id=fields.name("id"),
        sentence=fields.text("sentence"),
        measured=fields.text("measured"),
        unit=fields.name("unit"),
        at_least=fields.flag("at_least"),
        bound=fields.number("bound"),
        figure=None if figure is None else _figure(fields.inner("figure")),
        verdict=fields.name("verdict"),
        explanation=fields.text("explanation"),
    )


def _self_test(fields: Fields) -> SelfTestResult:
    return SelfTestResult(
        verdict=fields.name("verdict"),
        explanation=fields.text("explanation"),
        noise_floor=fields.number("noise_floor"),
        smallest_seen=fields.number("smallest_seen"),
    )


def _figure(fields: Fields) -> Ratio:
    """Of a claim, which unlike a ratio may lie below zero: an exponent's excess."""
    return Ratio(fields.signed("median"), fields.signed("low"), fields.signed("high"), fields.count("count"))


def _ratio(fields: Fields) -> Ratio:
    return Ratio(fields.number("median"), fields.number("low"), fields.number("high"), fields.count("count"))
