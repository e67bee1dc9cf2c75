"""Cases from the recorded fixtures: real payloads and spans, through every operation they can feed.

Ids read `recorded:3:normalize_json`.  They number payloads (span n gives payloads 2n, its input,
and 2n + 1, its output), spans, or requests of a few spans, whichever the operation takes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from driftcore import reference

from fixtures.load import Merges, RecordedSpan, recorded_spans

from .cases import Case
from .generate.profiles import Arguments
from .operations import EXPORT_ARGUMENTS, SPAN_ARGUMENTS, Operation, Takes

PROFILE = "recorded"
SPANS_IN_A_REQUEST = 3


def recorded_cases(operations: Sequence[Operation]) -> list[Case]:
    """Every recorded case of some operations, those of one operation together."""
    return [
        Case(f"{PROFILE}:{number}:{operation.name}", PROFILE, operation, make)
        for operation in operations
        for number, make in enumerate(_makers(operation.takes))
    ]


def _makers(takes: Takes) -> list[Callable[[], Arguments]]:
    spans = _spans()
    if takes is Takes.SPAN:
        return [partial(span_arguments, span) for span in spans]
    if takes is Takes.EXPORT:
        return [partial(_export_arguments, span) for span in spans]
    if takes is Takes.REQUEST:
        starts = range(0, len(spans), SPANS_IN_A_REQUEST)
        return [partial(_request_arguments, spans[at : at + SPANS_IN_A_REQUEST]) for at in starts]
    return [
        partial(_payload_arguments, takes, text, merges)
        for span in spans
        for text, merges in ((span.input_json, span.input_merges), (span.output_json, span.output_merges))
    ]


@lru_cache(maxsize=1)
def _spans() -> list[RecordedSpan]:
    return recorded_spans()


def _payload_arguments(takes: Takes, text: str, merges: Merges | None) -> Arguments:
    if takes is Takes.TEXT:
        return (text,)
    if takes is Takes.TEXT_AND_MERGES:
        return text, None if merges is None else json.dumps(merges)
    return json.loads(text), copy.deepcopy(merges)


def span_arguments(span: RecordedSpan) -> Arguments:
    """The 29 arguments, with the values as objects and no precomputed Struct bytes."""
    values = {
        **copy.deepcopy(span.fields),
        "input_value": json.loads(span.input_json),
        "output_value": json.loads(span.output_json),
        "input_value_proto_struct_bytes": None,
        "output_value_proto_struct_bytes": None,
    }
    return tuple(values[name] for name in SPAN_ARGUMENTS)


def _export_arguments(span: RecordedSpan) -> Arguments:
    """The span with its values, merges and metadata as texts."""
    values = {
        **span.fields,
        "input_json": span.input_json,
        "input_schema_merges_json": _text(span.input_merges),
        "output_json": span.output_json,
        "output_schema_merges_json": _text(span.output_merges),
        "metadata_json": _text(span.fields["metadata"]),
    }
    return tuple(values[name] for name in EXPORT_ARGUMENTS)


def _text(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def _request_arguments(spans: Sequence[RecordedSpan]) -> Arguments:
    build: Callable[..., bytes] = reference.build_span_proto_bytes_pyobject
    built = [build(*span_arguments(span)) for span in spans]
    return "recorded-service", "production", "0.0.0", "recorded-instance", built
