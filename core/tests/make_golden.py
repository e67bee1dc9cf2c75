"""Write `fixtures/golden/*.jsonl` from the reference: `python -m core.tests.make_golden`.

What the reference answers to the inputs of `golden_cases` becomes the golden outcome.
Read the diff of the files before it is committed: from then on both subjects are
held to it.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("core.tests.make_golden")

import dataclasses
import re
from typing import Any

from driftcore import reference

from driftgate.base.rewriting import rewriting

from .golden import FOLDER, Error, Vector, encode, outcome_of, write
from .golden_cases import EXPORTED_SPANS, EXPORTS, OBJECTS, REQUESTS, SPANS, TEXTS
from .span_arguments import arguments, export_arguments

TEXT_OPERATIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
)
EXPORT, EXPORT_OBJECT = "process_export_payload", "process_export_payload_pyobject"
SPAN, REQUEST = "build_span_proto_bytes_pyobject", "build_export_spans_request_bytes_pyobject"
EXPORT_SPAN = "export_span"


def files() -> dict[str, str]:
    """The text of each file by its name."""
    vectors = {
        "text": [_vector(rule, name, [given]) for rule, given in TEXTS for name in TEXT_OPERATIONS]
        + [_vector(rule, EXPORT, [given, merges]) for rule, given, merges in EXPORTS]
        + [_vector("payload of the wrong type", name, [None]) for name in TEXT_OPERATIONS],
        "objects": [_vector(rule, EXPORT_OBJECT, [given, merges]) for rule, given, merges in OBJECTS],
        "spans": [_vector(rule, SPAN, arguments(**changed)) for rule, changed in SPANS],
        "exported-spans": [
            _vector(rule, EXPORT_SPAN, export_arguments(**changed)) for rule, changed in EXPORTED_SPANS
        ],
        "requests": [_vector(rule, REQUEST, ["service", "é", "", "i", spans]) for rule, spans in REQUESTS]
        + [_vector("a lone surrogate in a string", REQUEST, ["", "", "\ud800", "", []])],
    }
    return {f"{topic}.jsonl": write(rows) for topic, rows in vectors.items()}


def _vector(rule: str, operation: str, given: list[Any]) -> Vector:
    tagged = [encode(one) for one in given]
    value, error = outcome_of(getattr(reference, operation), tagged)
    return Vector(rule, operation, tagged, value, error and _lasting(error, tagged[0]))


def _lasting(error: Error, payload: Any) -> Error:
    """An error without what differs between Python 3.9 and 3.13."""
    if error.kind == "RecursionError" or (error.message or "").startswith("Exceeds the limit"):
        return dataclasses.replace(error, message=None)
    # From 3.13 on the json module tells of a comma before a closing bracket, and points at it.
    if error.kind == "JSONDecodeError" and re.search(r",\s*[\]}]", str(payload)):
        return Error(error.kind)
    return error


main, parser = rewriting(
    "core.tests.make_golden",
    "Write fixtures/golden anew from the reference; read the diff before it is committed.",
    lambda: {FOLDER / name: content for name, content in files().items()},
)
