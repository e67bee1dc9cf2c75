"""Which contests a run consists of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from parity.operations import OPERATIONS, Operation
from parity.subjects import Subject, Unfit, load, require_distinct

from .contest import Contest
from .events import LeftOut
from .inputs import Input, recorded_inputs, shape_input
from .payloads import Shape, shapes

DEFAULT_SUBJECTS = ("native",)
DEFAULT_AGAINST = ("reference", "rust", "sdk")
OPTIONAL = ("rust", "sdk")
"""Of the defaults, those that a run can do without."""

RECORDED = "recorded"
DEFAULT_AGAINST_RECORDED = ("rust",)

# Of the other operations upstream has no Python of its own; our wrapper would be timed.
SDK_OPERATIONS = frozenset(
    {
        "deterministic_hash",
        "process_export_payload_pyobject",
        "build_span_proto_bytes_pyobject",
        "build_export_spans_request_bytes_pyobject",
    }
)
SDK_LARGEST = 6_000
"""In bytes, unless the SDK is asked for by name: beyond, one of its calls takes up to ten seconds."""


@dataclass(frozen=True)
class Request:
    """What a run is asked for; None stands for the default.

    `payloads` are names of shapes, or `RECORDED` alone.
    """

    command: str
    subjects: Optional[Sequence[str]] = None
    against: Optional[Sequence[str]] = None
    operations: Optional[Sequence[str]] = None
    payloads: Optional[Sequence[str]] = None
    seed: int = 0
    quick: bool = False


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    A `check` judges recorded inputs; `whole` adds the C library alone and whole processes.
    """

    command: str
    seed: int
    quick: bool
    check: bool
    whole: bool
    subjects: dict[str, Subject]
    operations: Sequence[str]
    contests: Sequence[Contest]
    left_out: Sequence[LeftOut]


def make(request: Request) -> Plan:
    """The plan for a request.

    Raises `Unfit` for a subject that was asked for or is needed and cannot be loaded, and
    for two that are one build.
    """
    check = request.payloads is not None and list(request.payloads) == [RECORDED]
    names = request.subjects or DEFAULT_SUBJECTS
    against = request.against or (DEFAULT_AGAINST_RECORDED if check else DEFAULT_AGAINST)
    by_default = request.against is None and not check
    loaded, left_out = _load([*names, *against], OPTIONAL if by_default else ())
    opponents = _opponents(names, against, loaded)
    if by_default and "sdk" in loaded:
        left_out.append(LeftOut("larger inputs for sdk", "its calls take too long; --against sdk has them"))
    operations = [OPERATIONS[name] for name in request.operations or OPERATIONS]
    known = shapes()
    chosen = [] if check else [known[name] for name in request.payloads or known]
    inputs = recorded_inputs(operations) if check else shape_inputs(chosen, operations)
    return Plan(
        command=request.command,
        seed=request.seed,
        quick=request.quick,
        check=check,
        whole=not (request.subjects or request.against or request.operations or request.payloads),
        subjects=loaded,
        operations=[operation.name for operation in operations],
        contests=list(contests(inputs, opponents, SDK_LARGEST if by_default else None)),
        left_out=left_out,
    )


def _load(names: Sequence[str], optional: Sequence[str]) -> tuple[dict[str, Subject], list[LeftOut]]:
    """Subjects by name, and which of `optional` could not be loaded; others raise `Unfit`."""
    found: dict[str, Subject] = {}
    missing: list[LeftOut] = []
    for name in dict.fromkeys(names):
        try:
            found[name] = load(name)
        except Unfit as error:
            if name not in optional:
                raise
            missing.append(LeftOut(name, str(error)))
    return found, missing


def _opponents(
    names: Sequence[str], against: Sequence[str], loaded: dict[str, Subject]
) -> list[tuple[Subject, Subject]]:
    """Each subject with each other it is measured against; raises `Unfit` if two are one build."""
    found = [
        (loaded[one], loaded[other])
        for one in dict.fromkeys(names)
        for other in dict.fromkeys(against)
        if one != other and one in loaded and other in loaded
    ]
    for subject, other in found:
        require_distinct(other, subject)
    return found


def shape_inputs(chosen: Sequence[Shape], operations: Sequence[Operation]) -> list[Input]:
    """Every operation with every shape that suits it."""
    made = (shape_input(shape, operation) for operation in operations for shape in chosen)
    return [given for given in made if given is not None]


def contests(
    inputs: Sequence[Input], opponents: Sequence[tuple[Subject, Subject]], sdk_largest: Optional[int]
) -> Iterator[Contest]:
    """Every input with every two subjects that can fairly be compared on it.

    `sdk_largest` is the size in bytes of the largest input the SDK is given, None for any.
    """
    for given in inputs:
        for subject, against in opponents:
            if "sdk" not in (subject.name, against.name) or (
                given.operation.name in SDK_OPERATIONS and (sdk_largest is None or given.size <= sdk_largest)
            ):
                yield Contest(subject, against, given)
