"""One input of one operation: of a shape, a rung of a ladder, the parity generator, or recorded traffic.

A str keeps its UTF-8 form once somebody asked for it, which makes a second call with the
same non-ASCII text cheaper than any call in a real program.  An `Input` therefore makes
its arguments anew on demand and says whether calls may share them.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Optional

from driftcore import reference

from parity.cases import Case, generated
from parity.generate.profiles import PROFILES
from parity.lookup import cases_named
from parity.operations import EXPORT_ARGUMENTS, OPERATIONS, SPAN_ARGUMENTS, Operation, Takes
from parity.recorded import recorded_cases

from .payloads import Shape, ladder, shapes

Arguments = tuple[object, ...]

SPANS_IN_A_REQUEST = 10
ANSWER = {"statusCode": 200, "body": {"accepted": True}}
"""The output of spans whose input is the payload."""
TAKES_MERGES = (Takes.TEXT_AND_MERGES, Takes.OBJECT_AND_MERGES, Takes.EXPORT)
GIVEN_BYTES = "+struct_bytes"
"""Behind the name of a span's input: both Structs are given as bytes, as after an export of the values."""


@dataclass(frozen=True)
class Input:
    """`make()` gives the arguments; `size` is the payload's in bytes, of a request all its spans'."""

    name: str
    operation: Operation
    size: int
    make: Callable[[], Arguments]
    may_share: bool


def named(operation: str, name: str) -> Input:
    """The input of an operation by its name.

    A name is a shape's (`rows-4k`), the same with `+struct_bytes` for a span, a rung of a ladder
    (`records@2048`), or the id of a parity case, which has colons.  Raises ValueError.
    """
    found = OPERATIONS[operation]
    if ":" in name:
        return _of_case(next(case for case in cases_named(name) if case.operation is found))
    plain, _, form = name.partition("+")
    kind, _, size = plain.partition("@")
    shape = ladder(kind, int(size)) if size else shapes().get(plain)
    made = None if shape is None else shape_input(shape, found, given_bytes=bool(form))
    if made is None:
        raise ValueError(f"{operation} has no input {name!r}")
    return made


def shape_input(shape: Shape, operation: Operation, given_bytes: bool = False) -> Optional[Input]:
    """What an operation is given of a shape; None where the two do not suit each other.

    Merges are the point of some shapes, and only spans can be given bytes.
    """
    if shape.merges and operation.takes not in TAKES_MERGES:
        return None
    if given_bytes and operation.takes is not Takes.SPAN:
        return None
    maker = _span_with_bytes_arguments if given_bytes else _MAKERS[operation.takes]
    arguments = maker(shape)
    size = _size(arguments) if operation.takes is Takes.REQUEST else shape.size
    name = shape.name + (GIVEN_BYTES if given_bytes else "")
    return Input(name, operation, size, lambda: maker(shape), is_ascii(arguments))


def generated_names(operation: Operation, profile: Optional[str], seed: int, count: int) -> list[str]:
    """Ids of `count` generated cases of an operation, the profiles taking turns if none is named."""
    profiles = [name for name in profiles_of(operation) if profile in (None, name)]
    turns = (divmod(turn, len(profiles)) for turn in range(count if profiles else 0))
    cases = (generated(profiles[at], seed, index, [operation]) for index, at in turns)
    return [case.id for case in itertools.chain.from_iterable(cases)]


def profiles_of(operation: Operation) -> tuple[str, ...]:
    """The generator's profiles that make cases of an operation."""
    return tuple(profile.name for profile in PROFILES.values() if operation.takes in profile.takes)


def recorded_inputs(operations: Sequence[Operation]) -> list[Input]:
    """Every distinct recorded input; its name is the case's id, which `python -m parity replay` shows."""
    seen: set[tuple[str, str]] = set()
    found = []
    for case in recorded_cases(operations):
        arguments = case.arguments()
        identity = (case.operation.name, repr(arguments))
        if identity not in seen:
            seen.add(identity)
            found.append(_of_case(case))
    return found


def _of_case(case: Case) -> Input:
    arguments = case.arguments()
    may_share = is_ascii(arguments)
    make = (lambda: arguments) if may_share else lambda: anew(arguments)
    return Input(case.id, case.operation, _size(arguments), make, may_share)


def anew(value: Any, made: Optional[dict[int, Any]] = None) -> Any:
    """An equal value whose every str is new; what is neither str, dict, list nor tuple is shared.

    A container that stands at several places, or inside itself, does so in the copy.
    Making a case from its seed would do, but takes longer than what is timed.
    """
    made = {} if made is None else made
    if type(value) is str:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    if type(value) not in (dict, list, tuple):
        return value
    if id(value) in made:
        return made[id(value)]
    copy: Any
    if type(value) is dict:
        copy = made[id(value)] = {}
        copy.update((anew(key, made), anew(member, made)) for key, member in value.items())
    elif type(value) is list:
        copy = made[id(value)] = []
        copy.extend(anew(item, made) for item in value)
    else:
        copy = made[id(value)] = tuple(anew(item, made) for item in value)
    return copy


def is_ascii(value: object) -> bool:
    """Whether no str inside has a character beyond ASCII."""
    return all(leaf.isascii() for leaf in _leaves(value) if isinstance(leaf, str))


def _size(value: object) -> int:
    """Bytes of text and bytes; any other leaf counts as 8."""
    return sum(
        len(leaf.encode("utf-8", "surrogatepass"))
        if isinstance(leaf, str)
        else len(leaf)
        if isinstance(leaf, bytes)
        else 8
        for leaf in _leaves(value)
    )


def _leaves(value: object) -> Iterator[object]:
    """What stands in dicts, lists and tuples, keys included; with a stack of its own, as they may be deep.

    A container is looked into once: some stand at many places, or inside themselves.
    """
    stack = [value]
    seen: set[int] = set()
    while stack:
        one = stack.pop()
        if not isinstance(one, (dict, list, tuple)):
            yield one
        elif id(one) not in seen:
            seen.add(id(one))
            stack += [*one.keys(), *one.values()] if isinstance(one, dict) else one


def _text_arguments(shape: Shape) -> Arguments:
    return (shape.text.encode("utf-8").decode("utf-8"),)  # a new str each time


def _text_and_merges_arguments(shape: Shape) -> Arguments:
    return (*_text_arguments(shape), None if shape.merges is None else json.dumps(shape.merges))


def _object_arguments(shape: Shape) -> Arguments:
    return json.loads(shape.text), copy.deepcopy(shape.merges)


def _span_arguments(shape: Shape) -> Arguments:
    values = {**_span_fields(shape.text), "input_value": json.loads(shape.text), "output_value": dict(ANSWER)}
    return tuple(values.get(name) for name in SPAN_ARGUMENTS)


def _span_with_bytes_arguments(shape: Shape) -> Arguments:
    given = dict(zip(SPAN_ARGUMENTS, _span_arguments(shape)))
    given["input_value_proto_struct_bytes"], given["output_value_proto_struct_bytes"] = _struct_bytes(shape)
    return tuple(given[name] for name in SPAN_ARGUMENTS)


@cache
def _struct_bytes(shape: Shape) -> tuple[bytes, bytes]:
    """Of the input and the output of the shape's span."""
    encode = reference.object_to_protobuf_struct_bytes
    return encode(shape.text), encode(json.dumps(ANSWER))


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
