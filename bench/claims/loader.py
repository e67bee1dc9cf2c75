"""claims.toml, read strictly: an unknown or missing field, or one that does not suit the metric, is an error.

A claim that nobody can measure would otherwise pass for one that holds.
"""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Optional

from driftgate.base.decode import decode
from driftgate.base.toml import read_toml
from parity.operations import OPERATIONS

from ..pairs import limits
from ..pairs.inputs import profiles_of
from ..pairs.payloads import LADDER_KINDS, shapes
from ..scenarios import SCENARIOS
from .several import BadClaims, each

CLAIMS = Path(__file__).parent.parent / "claims.toml"
FORMAT = 2


class Metric(Enum):
    TIME = "time"
    INSTRUCTIONS = "instructions"
    PEAK_MEMORY = "peak memory"
    ALLOCATIONS = "allocations"
    PROCESS_TIME = "process time"


class Statistic(Enum):
    """How the figures of several inputs become one."""

    GEOMETRIC_MEAN = "geometric mean"
    EVERY = "every input"
    MEDIAN = "median"
    WORST_DECILE = "worst decile"
    GROWTH = "growth"
    BREAK_EVEN = "break-even"


class Budget(Enum):
    """`quick` claims are measured in every run, `release` claims only in a release run."""

    QUICK = "quick"
    RELEASE = "release"


INPUT = "input"
"""As a reference: the figure is per byte of the input."""


@dataclass(frozen=True)
class Spec:
    """A claim as it is written down.

    `payloads` are names of shapes, of a growth or break-even claim one kind of ladder; else
    `profile`, `seed` and `inputs` name generated inputs.  `bound` is a floor or a ceiling, as
    `at_least` says.  `machine` is a pattern of machine classes.
    """

    id: str
    sentence: str
    metric: Metric
    subject: str
    reference: Optional[str]
    at_least: bool
    bound: float
    statistic: Statistic
    operation: Optional[str]
    scenario: Optional[str]
    payloads: tuple[str, ...]
    form: Optional[str]
    profile: Optional[str]
    seed: Optional[int]
    inputs: Optional[int]
    machine: str
    budget: Budget

    def is_for(self, machine: str) -> bool:
        return self.machine == "any" or fnmatch.fnmatchcase(machine, self.machine)


_ALL = ("id", "sentence", "metric", "subject", "machine", "budget")
_OPTIONAL: dict[Metric, tuple[str, ...]] = {
    Metric.TIME: ("operation", "reference", "statistic", "payloads", "profile", "seed", "inputs", "form"),
    Metric.INSTRUCTIONS: ("operation", "reference", "payloads"),
    Metric.PEAK_MEMORY: ("operation", "reference", "payloads"),
    Metric.ALLOCATIONS: ("operation", "payloads"),
    Metric.PROCESS_TIME: ("scenario", "reference"),
}


_KINDS: dict[str, Any] = {
    **dict.fromkeys((*_ALL, "operation", "reference", "statistic", "profile", "form", "scenario"), str),
    **dict.fromkeys(("seed", "inputs"), int),
    "payloads": tuple[str, ...],
}

MOST_INPUTS = 100_000
"""Generated inputs of one claim, all of which are kept."""


def load(path: Path = CLAIMS) -> list[Spec]:
    """The claims of a file, in its order.  Raises `BadClaims`."""
    try:
        document = read_toml(path)
    except (OSError, ValueError) as error:
        raise BadClaims(f"{path}: cannot be read: {error}") from error
    return parse(document, str(path))


def parse(document: Mapping[str, Any], where: str) -> list[Spec]:
    if document.get("format") != FORMAT:
        raise BadClaims(f"{where}: `format = {FORMAT}` is missing at the top")
    unknown = sorted(set(document) - {"format", "defaults", "payloads", "names", "claim"})
    if unknown:
        known = "format, [defaults], [payloads], [names] and [[claim]]"
        raise BadClaims(f"{where}: unknown {unknown[0]!r} at the top; there are {known}")
    claims = document.get("claim", [])
    if not isinstance(claims, list) or not all(isinstance(one, dict) for one in claims):
        raise BadClaims(f"{where}: claims are tables, each below [[claim]]")
    specs = []
    for number, one in enumerate(claims):
        for given in each(one, document, f"{where}: claim {one.get('id', number)!r}"):
            specs.append(_spec(given, f"{where}: claim {given.get('id', number)!r}"))
    seen: set[str] = set()
    for spec in specs:
        if spec.id in seen:
            raise BadClaims(f"{where}: two claims have the id {spec.id!r}")
        seen.add(spec.id)
    return specs


def _spec(given: Mapping[str, Any], where: str) -> Spec:
    metric = _one_of(Metric, _require(given, "metric", where), where, "metric")
    allowed = {*_ALL, *_OPTIONAL[metric], "floor", "ceiling"}
    for name in given:
        if name not in allowed:
            raise BadClaims(
                f"{where}: unknown field {name!r} for {metric.value}; known are {', '.join(sorted(allowed))}"
            )
    for name in _ALL:
        _require(given, name, where)
    bounds = [name for name in ("floor", "ceiling") if name in given]
    if len(bounds) != 1:
        raise BadClaims(f"{where}: needs either a floor or a ceiling")
    bound = given[bounds[0]]
    if isinstance(bound, bool) or not isinstance(bound, (int, float)) or not 0 <= bound < math.inf:
        raise BadClaims(f"{where}: {bounds[0]} {bound!r} is not a number of at least 0")
    for name, kind in _KINDS.items():
        if name in given:
            _require_kind(given[name], kind, f"{where}: {name}")
    spec = Spec(
        id=str(given["id"]),
        sentence=str(given["sentence"]),
        metric=metric,
        subject=str(given["subject"]),
        reference=given.get("reference"),
        at_least=bounds[0] == "floor",
        bound=float(bound),
        statistic=_one_of(Statistic, given.get("statistic", Statistic.EVERY.value), where, "statistic"),
        operation=given.get("operation"),
        scenario=given.get("scenario"),
        payloads=tuple(given.get("payloads", ())),
        form=given.get("form"),
        profile=given.get("profile"),
        seed=given.get("seed"),
        inputs=given.get("inputs"),
        machine=str(given["machine"]),
        budget=_one_of(Budget, given["budget"], where, "budget"),
    )
    problem = _problem(spec)
    if problem:
        raise BadClaims(f"{where}: {problem}")
    return spec


def _problem(spec: Spec) -> Optional[str]:
    """What makes a claim that is well-formed unmeasurable."""
    if spec.metric is Metric.PROCESS_TIME:
        if spec.scenario not in SCENARIOS:
            return f"no scenario {spec.scenario!r}; there are {', '.join(SCENARIOS)}"
        variants = SCENARIOS[spec.scenario].variants
        wrong = [name for name in (spec.subject, spec.reference) if name not in variants]
        return (
            f"{spec.scenario} has no variant {wrong[0]!r}; there are {', '.join(variants)}" if wrong else None
        )
    if spec.operation not in OPERATIONS:
        return f"no operation {spec.operation!r}; there are {', '.join(OPERATIONS)}"
    if spec.metric is not Metric.TIME:
        if not spec.payloads:
            return "needs payloads"
        return None if spec.reference in (None, INPUT) else f"the reference can only be {INPUT!r}"
    if spec.reference is None:
        return "a time needs a reference to be held against"
    if spec.reference in limits.NAMES and spec.operation not in limits.OPERATIONS_OF[spec.reference]:
        return f"{spec.reference} is no limit of {spec.operation}"
    return _input_problem(spec)


def _input_problem(spec: Spec) -> Optional[str]:
    generated = [spec.profile, spec.seed, spec.inputs]
    if bool(spec.payloads) == any(one is not None for one in generated):
        return "needs either payloads or profile, seed and inputs"
    if spec.payloads:
        is_ladder = spec.statistic in (Statistic.GROWTH, Statistic.BREAK_EVEN)
        known = tuple(LADDER_KINDS) if is_ladder else tuple(shapes())
        wrong = [name for name in spec.payloads if name not in known]
        if wrong:
            return f"no payload {wrong[0]!r}; there are {', '.join(known)}"
        return "is about one kind of ladder at a time" if is_ladder and len(spec.payloads) > 1 else None
    if None in generated:
        return "needs profile, seed and inputs together"
    if not 0 < (spec.inputs or 0) <= MOST_INPUTS:
        return f"inputs {spec.inputs} is not a number from 1 to {MOST_INPUTS:,}"
    known = profiles_of(OPERATIONS[str(spec.operation)])
    return None if spec.profile in known else f"no profile {spec.profile!r}; there are {', '.join(known)}"


def _require_kind(value: object, kind: Any, where: str) -> None:
    try:
        decode(kind, value, where)
    except ValueError as error:
        raise BadClaims(str(error)) from None


def _require(given: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in given:
        raise BadClaims(f"{where}: has no {name!r}")
    return given[name]


def _one_of(kind: Any, value: object, where: str, name: str) -> Any:
    try:
        return kind(value)
    except (ValueError, TypeError):
        known: Sequence[str] = [one.value for one in kind]
        raise BadClaims(f"{where}: {name} {value!r} is none of {', '.join(known)}") from None
