"""What a run measured, as a series of figures for each claim: one figure a process, or one at all.

Deterministic metrics have a single figure, everything else one for each fresh process.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parity.operations import OPERATIONS

from ..events import Counted, Native, Process, Sample
from ..pairs.contest import against_call_ns, by_process, log_ratios, subject_call_ns
from ..pairs.inputs import GIVEN_BYTES, generated_names
from ..pairs.payloads import LADDER
from ..pairs.rounds import Evidence
from ..pairs.tasks import GENERATED, PAIR, Task
from ..pairs.tasks import LADDER as LADDER_ROLE
from ..stats import growth
from ..stats.summary import geometric_mean, worst_decile
from .loader import INPUT, Metric, Spec, Statistic

LEAST_SHARE = 0.5
"""Of generated inputs at least this share must have a ratio for a claim about them."""

BENCH_OF = {
    "object_to_protobuf_struct_bytes": "struct_bytes",
    "object_to_protobuf_struct_field_count": "struct_field_count",
    "build_span_proto_bytes_pyobject": "build_span",
    "build_export_spans_request_bytes_pyobject": "build_export_request",
    "process_export_payload_pyobject": "process_export_payload",
}
"""Operations whose work is done by a library function of another name."""


@dataclass(frozen=True)
class Series:
    """Figures of one input, or of all together where `input` is None, one for each process.

    `logs` are the log-ratios of the blocks of each process, `contaminated` the share of bad blocks.
    """

    input: str | None
    figures: tuple[float, ...]
    logs: tuple[tuple[float, ...], ...] = ()
    contaminated: float = 0.0


@dataclass
class Measured:
    """All that claims are judged by."""

    pairs: Evidence = field(default_factory=Evidence)
    natives: dict[str, Native] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)


def tasks(spec: Spec) -> list[Task]:
    """What must be timed for a claim about time; nothing for other metrics."""
    if spec.metric is not Metric.TIME:
        return []
    assert spec.operation is not None and spec.reference is not None
    if spec.statistic in (Statistic.GROWTH, Statistic.BREAK_EVEN):
        role, names = LADDER_ROLE, [f"{spec.payloads[0]}@{size}" for size in LADDER]
    elif spec.payloads:
        behind = GIVEN_BYTES if spec.form == "struct bytes" else ""
        role, names = PAIR, [f"{payload}{behind}" for payload in spec.payloads]
    else:
        assert spec.seed is not None and spec.inputs is not None
        operation = OPERATIONS[spec.operation]
        role, names = GENERATED, generated_names(operation, spec.profile, spec.seed, spec.inputs)
    return [Task(role, spec.operation, name, spec.subject, spec.reference) for name in names]


def series(spec: Spec, measured: Measured) -> list[Series]:
    """The figures of a claim, in the sense of its bound: speed-ups for a floor, costs for a ceiling.

    One series for each input where the claim is about every one, else a single one; none
    where something it needs is missing.
    """
    if spec.metric is Metric.TIME:
        return _of_time(spec, measured.pairs)
    if spec.metric is Metric.PROCESS_TIME:
        return _of_processes(spec, measured.processes)
    return _of_library(spec, measured)


def _of_time(spec: Spec, evidence: Evidence) -> list[Series]:
    samples = [evidence.of(task) for task in tasks(spec)]
    if spec.profile is not None:
        known = [one for one in samples if one]
        if len(known) < LEAST_SHARE * len(samples):
            return []
        most = max(map(len, known))
        samples = [one for one in known if len(one) == most]
    if not samples or not all(samples):
        return []
    if spec.statistic is Statistic.EVERY:
        return [_one_input(spec, one) for one in samples]
    return [_together(spec, samples)]


def _one_input(spec: Spec, samples: Sequence[Sample]) -> Series:
    logs = tuple(tuple(_sign(spec) * log for log in log_ratios(sample)) for sample in samples)
    figures = tuple(math.exp(statistics.median(one)) for one in logs)
    return Series(samples[0].input, figures, logs, _contaminated(samples))


def _together(spec: Spec, inputs: Sequence[Sequence[Sample]]) -> Series:
    """One figure for each process, of all its inputs."""
    whole = by_process(inputs)
    figures = tuple(_figure(spec, one) for one in whole)
    return Series(None, figures, (), _contaminated([sample for one in whole for sample in one]))


def _figure(spec: Spec, samples: Sequence[Sample]) -> float:
    ratios = [math.exp(_sign(spec) * statistics.median(log_ratios(sample))) for sample in samples]
    if spec.statistic is Statistic.GEOMETRIC_MEAN:
        return geometric_mean(ratios)
    if spec.statistic is Statistic.MEDIAN:
        return statistics.median(ratios)
    if spec.statistic is Statistic.WORST_DECILE:
        return worst_decile(ratios)
    return ladder_figure(spec.statistic, samples)


def ladder_figure(statistic: Statistic, samples: Sequence[Sample]) -> float:
    """Of one process's ladder: by how much the subject's exponent exceeds, or where the break-even is."""
    ordered = sorted(samples, key=lambda sample: sample.size)
    sizes = [sample.size for sample in ordered]
    own, other = list(map(subject_call_ns, ordered)), list(map(against_call_ns, ordered))
    if statistic is Statistic.GROWTH:
        return growth.exponent(sizes, own) - growth.exponent(sizes, other)
    found = growth.break_even(sizes, [b / a for a, b in zip(own, other)])
    return math.inf if found is None else found


def _sign(spec: Spec) -> int:
    """A ceiling on time is on the subject's cost, a floor is on its speed-up."""
    return 1 if spec.at_least else -1


def _contaminated(samples: Sequence[Sample]) -> float:
    blocks = sum(len(sample.subject_first) for sample in samples)
    return sum(len(sample.contaminated) for sample in samples) / blocks if blocks else 0.0


def _of_processes(spec: Spec, processes: Mapping[str, Process]) -> list[Series]:
    found = processes.get(str(spec.scenario))
    if found is None or spec.subject not in found.seconds or spec.reference not in found.seconds:
        return []
    pairs = zip(found.seconds[spec.subject], found.seconds[spec.reference])
    figures = tuple(other / own if spec.at_least else own / other for own, other in pairs)
    return [Series(None, figures)]


def _of_library(spec: Spec, measured: Measured) -> list[Series]:
    assert spec.operation is not None
    bench = BENCH_OF.get(spec.operation, spec.operation)
    found = []
    for payload in spec.payloads:
        name = f"{bench}/{payload}"
        native = measured.natives.get(name)
        value = _library_figure(spec.metric, native, measured.counted.get(name))
        size = None if native is None else native.payload_bytes
        if value is None or (spec.reference == INPUT and not size):
            return []
        found.append(Series(payload, (value / size if spec.reference == INPUT and size else value,)))
    return found


def _library_figure(metric: Metric, native: Native | None, counted: Counted | None) -> float | None:
    if metric is Metric.INSTRUCTIONS:
        return None if counted is None else counted.instructions
    if native is None:
        return None
    return native.peak_bytes if metric is Metric.PEAK_MEMORY else native.allocations
