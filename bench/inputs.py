"""One input of one operation, made of a shape or of a recorded payload.

A str keeps its UTF-8 form once somebody asked for it, which makes a second call with the
same non-ASCII text cheaper than any call in a real program.  An `Input` therefore makes
its arguments anew on demand and says whether calls may share them.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Optional

from driftcore import reference

from parity.operations import EXPORT_ARGUMENTS, SPAN_ARGUMENTS, Operation, Takes
from parity.recorded import recorded_cases

from .payloads import Shape

Arguments = tuple[object, ...]

SPANS_IN_A_REQUEST = 10
ANSWER = {"statusCode": 200, "body": {"accepted": True}}
"""The output of spans whose input is the payload."""


@dataclass(frozen=True)
class Input:
    """`make()` gives the arguments; `size` is the payload's in bytes, of a request all its spans'."""

    name: str
    operation: Operation
    size: int
    make: Callable[[], Arguments]
    may_share: bool


def shape_input(shape: Shape, operation: Operation) -> Optional[Input]:
    """What an operation is given of a shape; None where merges are the point and it takes none."""
    if shape.merges and operation.takes not in (
        Takes.TEXT_AND_MERGES,
        Takes.OBJECT_AND_MERGES,
        Takes.EXPORT,
    ):
        return None
    make = _MAKERS[operation.takes]
    arguments = make(shape)
    size = _size(arguments) if operation.takes is Takes.REQUEST else shape.size
    return Input(shape.name, operation, size, lambda: make(shape), is_ascii(arguments))


def recorded_inputs(operations: Sequence[Operation]) -> list[Input]:
    """Every distinct recorded input; its name is the case's id, which `python -m parity replay` shows."""
    seen: set[tuple[str, str]] = set()
    found = []
    for case in recorded_cases(operations):
        arguments = case.arguments()
        identity = (case.operation.name, repr(arguments))
        if identity not in seen:
            seen.add(identity)
            found.append(
                Input(case.id, case.operation, _size(arguments), case.arguments, is_ascii(arguments))
            )
    return found


def is_ascii(value: object) -> bool:
    """Whether no str inside has a character beyond ASCII."""
    if isinstance(value, str):
        return value.isascii()
    if isinstance(value, dict):
        return all(map(is_ascii, value)) and all(map(is_ascii, value.values()))
    return all(map(is_ascii, value)) if isinstance(value, (list, tuple)) else True


def _size(value: object) -> int:
    """Bytes of text and bytes; objects count their leaves."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, dict):
        return sum(map(_size, value)) + sum(map(_size, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return len(value) if isinstance(value, bytes) else 8


def _text_arguments(shape: Shape) -> Arguments:
    return (shape.text.encode("utf-8").decode("utf-8"),)  # a new str each time


def _text_and_merges_arguments(shape: Shape) -> Arguments:
    return (*_text_arguments(shape), None if shape.merges is None else json.dumps(shape.merges))


def _object_arguments(shape: Shape) -> Arguments:
    return json.loads(shape.text), copy.deepcopy(shape.merges)


def _span_arguments(shape: Shape) -> Arguments:
    values = {**_span_fields(shape.text), "input_value": json.loads(shape.text), "output_value": dict(ANSWER)}
    return tuple(values.get(name) for name in SPAN_ARGUMENTS)


@cache
def _span_fields(text: str) -> dict[str, Any]:
    """The arguments that are made of the payloads, as the SDK makes them, and plain values for the rest."""
    export = reference.process_export_payload_pyobject
    _, input_hash, input_schema, input_schema_hash, _ = export(json.loads(text), None)
    _, output_hash, output_schema, output_schema_hash, _ = export(ANSWER, None)
    return {
        "trace_id": "c01365247ea02244d8ac1d9b6f292a79",
        "span_id": "770f098a51c05893",
        "parent_span_id": "",
        "name": "POST /api/v1/orders",
        "package_name": "flask",
        "instrumentation_name": "FlaskInstrumentation",
        "submodule_name": "POST",
        "package_type": 1,
        "environment": "production",
        "kind": 2,
        "input_schema": input_schema,
        "output_schema": output_schema,
        "input_schema_hash": input_schema_hash,
        "output_schema_hash": output_schema_hash,
        "input_value_hash": input_hash,
        "output_value_hash": output_hash,
        "status_code": 1,
        "status_message": "",
        "is_pre_app_start": False,
        "is_root_span": True,
        "timestamp_seconds": 1_767_225_600,
        "timestamp_nanos": 7_654_321,
        "duration_seconds": 0,
        "duration_nanos": 7_654_321,
        "metadata": None,
    }


def _request_arguments(shape: Shape) -> Arguments:
    return "shop", "production", "0.1.0", "instance-1", [_span_bytes(shape)] * SPANS_IN_A_REQUEST


@cache
def _span_bytes(shape: Shape) -> bytes:
    build: Callable[..., bytes] = reference.build_span_proto_bytes_pyobject
    return build(*_span_arguments(shape))


def _export_arguments(shape: Shape) -> Arguments:
    payload, merges = _text_and_merges_arguments(shape)
    texts = {
        "input_json": payload,
        "input_schema_merges_json": merges,
        "output_json": json.dumps(ANSWER),
        "output_schema_merges_json": None,
        "metadata_json": None,
    }
    values = {**_span_fields("{}"), **texts}
    return tuple(values[name] for name in EXPORT_ARGUMENTS)


_MAKERS: dict[Takes, Callable[[Shape], Arguments]] = {
    Takes.TEXT: _text_arguments,
    Takes.TEXT_AND_MERGES: _text_and_merges_arguments,
    Takes.OBJECT_AND_MERGES: _object_arguments,
    Takes.SPAN: _span_arguments,
    Takes.REQUEST: _request_arguments,
    Takes.EXPORT: _export_arguments,
}
