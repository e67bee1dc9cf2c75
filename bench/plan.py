"""What a run consists of: which claims are judged, and what has to be measured for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from driftgate.base.exit_codes import Unfit
from parity.isolate import Breadcrumb, Lost, isolated
from parity.operations import OPERATIONS, Operation, default_operations
from parity.subjects.described import CALL_SECONDS, Described, describe

from . import machine
from .claims import evidence, loader, selftest
from .claims.loader import Budget, Metric, Spec
from .events import LeftOut
from .pairs import limits
from .pairs.inputs import GIVEN_BYTES, Input, generated_names, recorded_inputs, shape_input
from .pairs.payloads import LADDER, shapes
from .pairs.tasks import GENERATED, PAIR, Task
from .pairs.tasks import LADDER as LADDER_ROLE
from .results import CANDIDATE

REFERENCE = "reference"
DEFAULT_AGAINST = (REFERENCE, "rust")
DEFAULT_AGAINST_RECORDED = ("rust",)
RECORDED = "recorded"
LOOKS = {False: (6, 12), True: (6, 12, 24)}
"""By whether it is a release run: after how many processes the claims are judged."""

GENERATED_INPUTS = {False: 18, True: 60}
"""Of each operation, for the distribution of the ratio."""
GENERATED_SEED = 1
LADDERS = ("records", "keys")
"""Kinds of payload whose growth is shown; against other rivals than the reference only the first."""


@dataclass(frozen=True)
class Request:
    """What a run is asked for; None stands for the default.

    `payloads` are names of shapes, or `RECORDED` alone.
    """

    command: str
    candidate: str = CANDIDATE
    against: Optional[Sequence[str]] = None
    operations: Optional[Sequence[str]] = None
    payloads: Optional[Sequence[str]] = None
    seed: int = 0
    release: bool = False
    claims: Path = loader.CLAIMS


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    A `check` judges recorded inputs, `recorded`, and has no claims.  A `whole` run adds the C
    library alone and whole processes, and every claim must get a measurement in it.
    """

    request: Request
    check: bool
    whole: bool
    subjects: dict[str, Described]
    specs: Sequence[Spec]
    skipped: Sequence[Spec]
    tasks: Sequence[Task]
    self_test: Sequence[Task]
    recorded: Sequence[Input]
    left_out: Sequence[LeftOut]

    @property
    def rivals(self) -> tuple[str, ...]:
        return tuple(name for name in self.subjects if name != self.request.candidate)

    @property
    def looks(self) -> tuple[int, ...]:
        return () if self.check else LOOKS[self.request.release]


def make(request: Request) -> Plan:
    """The plan for a request.

    Raises `Unfit` for a subject that was asked for or is needed and cannot be loaded, and
    for two that are one build; `BadClaims` for the claims file.
    """
    check = request.payloads is not None and list(request.payloads) == [RECORDED]
    against = request.against or (DEFAULT_AGAINST_RECORDED if check else DEFAULT_AGAINST)
    rivals = [name for name in dict.fromkeys(against) if name != request.candidate]
    subjects = describe((request.candidate, *rivals), [(name, request.candidate) for name in rivals])
    candidate = subjects[request.candidate]
    offered: Iterable[str] = OPERATIONS
    if check:
        offered = default_operations(*(subject.operations for subject in subjects.values()))
    operations = [OPERATIONS[name] for name in request.operations or offered]
    if check:
        return _check(request, subjects, operations)
    whole = not (request.against or request.operations or request.payloads)
    specs, skipped = _claims(request, rivals, whole)
    left_out = _unbuilt_limits(specs)
    wanted = [task for spec in specs for task in evidence.tasks(spec)]
    wanted += _display_tasks(request, [subjects[name] for name in rivals], operations)
    return Plan(
        request=request,
        check=False,
        whole=whole,
        subjects=subjects,
        specs=specs,
        skipped=skipped,
        tasks=list(dict.fromkeys(wanted)),
        self_test=selftest.tasks(candidate, subjects[rivals[0]]) if rivals else [],
        recorded=(),
        left_out=left_out,
    )


def _check(request: Request, subjects: dict[str, Described], operations: Sequence[Operation]) -> Plan:
    return Plan(request, True, False, subjects, (), (), (), (), list(recorded_inputs(operations)), ())


def _claims(request: Request, rivals: Sequence[str], whole: bool) -> tuple[list[Spec], list[Spec]]:
    """The claims this run judges, and those it does not; the candidate takes the place of native.

    A run against some rivals judges the claims about them and about the limits; one on some
    operations or payloads those that need nothing else.  What the C library costs by itself,
    and whole processes, are judged in a whole run of native.
    """
    chosen, skipped = [], []
    here = machine.look().kind
    for spec in loader.load(request.claims):
        suits = (
            spec.is_for(here)
            and (spec.budget is Budget.QUICK or request.release)
            and (
                _is_timed(spec, request, rivals)
                if spec.metric is Metric.TIME
                else whole and request.candidate == CANDIDATE
            )
        )
        if suits and spec.metric is Metric.TIME and spec.subject == CANDIDATE:
            chosen.append(replace(spec, subject=request.candidate))
        elif suits:
            chosen.append(spec)
        else:
            skipped.append(spec)
    return chosen, skipped


def _is_timed(spec: Spec, request: Request, rivals: Sequence[str]) -> bool:
    if spec.reference not in rivals and spec.reference not in limits.NAMES:
        return spec.budget is Budget.RELEASE and request.against is None
    if request.operations and spec.operation not in request.operations:
        return False
    return request.payloads is None or (bool(spec.payloads) and set(spec.payloads) <= set(request.payloads))


def _unbuilt_limits(specs: Sequence[Spec]) -> list[LeftOut]:
    """One word for all claims that need a limit which is not built.

    Looked for in a child, since one of them calls the core.
    """
    names = dict.fromkeys(str(spec.reference) for spec in specs if spec.reference in limits.NAMES)

    def unbuilt(crumb: Breadcrumb) -> Optional[str]:
        for name in names:
            try:
                limits.load(name)
            except Unfit as error:
                return str(error)
        return None

    done = isolated(unbuilt, CALL_SECONDS, imports=True)
    reason = f"a process that loads them {done.outcome}" if isinstance(done, Lost) else done.value
    return [] if reason is None else [LeftOut("claims against a limit", reason, unfit=True)]


def _display_tasks(
    request: Request, rivals: Sequence[Described], operations: Sequence[Operation]
) -> list[Task]:
    """Every operation with every shape that suits it, ladders and generated inputs, against every rival.

    An optional operation is left out against a rival that does not have it.
    """
    known = shapes()
    chosen = [known[name] for name in request.payloads or known]
    tasks = []
    for operation in operations:
        names = [
            shape.name + behind
            for behind in ("", GIVEN_BYTES)
            for shape in chosen
            if shape_input(shape, operation, given_bytes=bool(behind)) is not None
        ]
        for rival in rivals:
            if operation.optional and operation.name not in rival.operations:
                continue
            tasks += [Task(PAIR, operation.name, name, request.candidate, rival.name) for name in names]
            if request.payloads is None:
                tasks += _beyond_shapes(request, operation, rival.name)
    return tasks


def _beyond_shapes(request: Request, operation: Operation, rival: str) -> list[Task]:
    kinds = LADDERS if rival == REFERENCE else LADDERS[:1]
    count = GENERATED_INPUTS[request.release]
    return [
        Task(LADDER_ROLE, operation.name, f"{kind}@{size}", request.candidate, rival)
        for kind in kinds
        for size in LADDER
    ] + [
        Task(GENERATED, operation.name, name, request.candidate, rival)
        for name in generated_names(operation, None, GENERATED_SEED, count)
    ]
