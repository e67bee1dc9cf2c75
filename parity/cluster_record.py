"""A cluster as a run keeps it: plain data, with all that a reader needs to see and replay it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from .clusters import Cluster
from .minimising import Smallest

Pair = tuple[str, str]


@dataclass(frozen=True)
class ClusterRecord:
    """All mismatches of one cause.

    `count` of `compared` cases of its operations; `case` is the id of the smallest that came
    up.  What follows is of the smallest input it was made into, put to `operation`: the
    input, where and how the outcomes part, both of them, the explanation line by line, and
    `saved`, the text of a saved-case file.  `calls` is how many calls in a fresh process the
    fault needs, 0 if it would not show again.  `verdicts` tell how the witnesses answer.
    """

    title: str
    outcomes: Pair
    errors: Pair
    features: tuple[str, ...]
    operations: tuple[str, ...]
    count: int
    compared: int
    case: str
    operation: str
    input: str
    path: str
    reason: str
    expected: str
    actual: str
    explanation: tuple[str, ...]
    saved: str
    calls: int
    probes: int
    seconds: float
    finished: bool
    verdicts: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ClusterRecord:
        """Reads what `to_json` gives, also after JSON made lists of tuples."""
        unknown = set(data) ^ {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"a cluster lacks or does not have: {', '.join(sorted(unknown))}")
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})


def record(cluster: Cluster, small: Smallest) -> ClusterRecord:
    """The record of a cluster and of what its example was made into; `compared` is for the run to fill in."""
    return ClusterRecord(
        title=cluster.title,
        outcomes=cluster.cause.outcomes,
        errors=cluster.cause.errors,
        features=tuple(sorted(cluster.cause.features)),
        operations=cluster.operations,
        count=cluster.count,
        compared=0,
        case=cluster.example.case,
        operation=cluster.minimal_operation,
        **{name: value for name, value in vars(small).items() if name != "stuck"},
    )


def with_compared(one: ClusterRecord, compared: Mapping[str, int]) -> ClusterRecord:
    """With the number of compared cases of its operations, by operation, summed up."""
    return replace(one, compared=sum(compared.get(name, 0) for name in one.operations))
