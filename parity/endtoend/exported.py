"""Exported spans of two runs, read by google's protobuf, and where they part.

A second run has other ids and times: ids are replaced by the order in which they first
appear, times are checked for being there and left out.  Everything else is compared by
meaning, value hashes and schema hashes by equality.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from driftgate.base.exit_codes import Unfit

from .messages import message_class

REQUEST = "tusk.drift.backend.v1.ExportSpansRequest"
IDS = ("trace_id", "span_id", "parent_span_id")
TIMES = ("timestamp", "duration")


class RunsDiffer(Unfit, ValueError):
    """Two runs that cannot be compared span by span."""


@dataclass(frozen=True)
class Run:
    """The spans of one run, in the order in which they ended, and what `run.json` tells of it."""

    told: dict[str, Any]
    spans: tuple[Message, ...]


@dataclass(frozen=True)
class Comparison:
    """Two runs of one application; `fields` counts by field the spans that part there."""

    app: str
    path: str
    spans: int
    differing: int
    fields: dict[str, int]
    first: str
    """The first span that parts, or nothing."""


def read_run(folder: Path) -> Run:
    """What `run_app` left in a folder."""
    told = json.loads((folder / "run.json").read_text(encoding="ascii"))
    request_class = message_class(REQUEST)
    requests = [request_class.FromString(file.read_bytes()) for file in sorted(folder.glob("*.bin"))]
    if len(requests) != told["requests"] or not requests:
        raise RunsDiffer(f"{folder}: {len(requests)} requests, {told['requests']} were exported")
    stable: dict[str, str] = {"": ""}
    spans = []
    for span in (span for request in requests for span in request.spans):  # type: ignore[attr-defined]
        for name in TIMES:
            if not span.HasField(name):
                raise RunsDiffer(f"{folder}: a span without {name}")
            span.ClearField(name)
        for name in IDS:
            setattr(span, name, stable.setdefault(getattr(span, name), str(len(stable))))
        spans.append(span)
    return Run(told, tuple(spans))


def compare_runs(python: Run, other: Run) -> Comparison:
    """Where the other run's spans part from those of the SDK's Python path."""
    names = [[span.name for span in run.spans] for run in (python, other)]  # type: ignore[attr-defined]
    if names[0] != names[1]:
        raise RunsDiffer(f"{other.told['app']}: {len(names[0])} and {len(names[1])} spans in another order")
    fields: Counter[str] = Counter()
    differing, first = 0, ""
    for here, there in zip(python.spans, other.spans):
        parting = list(_parting(here, there))
        fields.update(parting)
        differing += bool(parting)
        if parting and not first:
            first = f"{here.name}: {', '.join(parting)}"  # type: ignore[attr-defined]
    return Comparison(
        other.told["app"], other.told["path"], len(names[0]), differing, dict(sorted(fields.items())), first
    )


def _parting(here: Message, there: Message) -> Iterator[str]:
    """The fields in which two spans part.  NaN equals itself: maps by key, floats by their bits."""
    for field in here.DESCRIPTOR.fields:
        if _deterministic(here, field.name) != _deterministic(there, field.name):
            yield field.name


def _deterministic(span: Message, field: str) -> bytes:
    """A span with that field alone, as bytes in which map entries are sorted."""
    alone = type(span)()
    alone.MergeFrom(span)
    for other in span.DESCRIPTOR.fields:
        if other.name != field:
            alone.ClearField(other.name)
    return alone.SerializeToString(deterministic=True)
