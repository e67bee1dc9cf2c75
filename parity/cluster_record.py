"""A cluster as a run keeps it: plain data, with all that a reader needs to see and replay it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .clusters import Cause, Cluster
from .explain import Layer
from .minimising import Smallest
from .signature import Signature


@dataclass(frozen=True)
class ClusterRecord:
    """All mismatches of one cause.

    `count` of `compared` cases of its operations; `case` is the id of the smallest that came
    up.  What follows is of the smallest input it was made into, put to `operation`: the
    input, where and how the outcomes part, both of them, the explanation layer by layer, and
    `saved`, the text of a saved-case file.  `calls` is how many calls in a fresh process the
    fault needs, 0 if it would not show again.  `verdicts` tell how the witnesses answer.
    """

    title: str
    cause: Cause
    signatures: tuple[Signature, ...]
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
    explanation: tuple[Layer, ...]
    saved: str
    calls: int
    probes: int
    seconds: float
    finished: bool
    verdicts: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "cause": {**asdict(self.cause), "features": sorted(self.cause.features)},
            "signatures": [signature.to_json() for signature in self.signatures],
        }


def record(cluster: Cluster, small: Smallest) -> ClusterRecord:
    """The record of a cluster and of what its example was made into; `compared` is for the run to fill in."""
    return ClusterRecord(
        title=cluster.title,
        cause=cluster.cause,
        signatures=cluster.signatures,
        operations=cluster.operations,
        count=cluster.count,
        compared=0,
        case=cluster.example.case,
        operation=cluster.minimal_operation,
        **{name: value for name, value in vars(small).items() if name not in ("of", "stuck", "steady")},
    )


def with_compared(one: ClusterRecord, compared: Mapping[str, int]) -> ClusterRecord:
    """With the number of compared cases of its operations, by operation, summed up."""
    return replace(one, compared=sum(compared.get(name, 0) for name in one.operations))
