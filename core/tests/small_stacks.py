"""All operations on input of one depth, each on a thread with little stack: python -m core.tests.small_stacks

SUBJECT KIB DEPTH KINDS: prints a line `NAME OUTCOME` for each call, or dies.  KIB 0 is the main thread.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
import threading
from collections.abc import Iterator
from typing import Any, Callable

from .span_arguments import arguments, export_arguments

TEXT_FUNCTIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
)
Call = tuple[str, str, list[Any]]  # its name, a function, arguments


def nested(depth: int, step: Callable[[Any], Any], innermost: Any) -> Any:
    """A value inside `depth` containers."""
    for _ in range(depth):
        innermost = step(innermost)
    return innermost


def text_calls(depth: int) -> Iterator[Call]:
    """JSON text of some shapes, most of which need a tree."""
    shapes = {
        "objects": '{"a":' * depth + "1" + "}" * depth,
        "escaped-key": '{"k\\n":0,"a":' + '{"a":' * (depth - 1) + "1" + "}" * depth,
        "lists": "[" * depth + "]" * depth,
        "unsorted": '{"b":0,"a":' * depth + "1" + ',"A":[]}' * depth,
        "repeated": '{"a":0,"a":' * depth + "1" + "}" * depth,
    }
    for shape, text in shapes.items():
        for function in TEXT_FUNCTIONS:
            yield f"{function}/{shape}", function, [text]
        yield f"export/{shape}", "process_export_payload", [text, None]
        yield f"merges/{shape}", "process_export_payload", [text, '{"a":{"match_importance":0.5}}']
        given = json.dumps({"k": text})
        yield f"decoded/{shape}", "process_export_payload", [given, '{"k":{"decoded_type":1}}']
        yield f"export_span/{shape}", "export_span", export_arguments(input_json=text, output_json=text)


def punting_calls(depth: int) -> Iterator[Call]:
    """Deep text that is the reference's affair whatever its depth."""
    for shape, text in {
        "open": "[" * depth,
        "surrogate": "[" * depth + '"\\ud800"' + "]" * depth,
        "word": '{"a":' * depth + "x" + "}" * depth,
    }.items():
        for function in TEXT_FUNCTIONS:
            yield f"{function}/{shape}", function, [text]
    request = "build_export_spans_request_bytes_pyobject"
    yield "request/malformed", request, ["s", "e", "v", "i", [b"\x0a" * depth]]
    yield "request/none", request, ["s", "e", "v", "i", [None]]
    yield "request/number", request, ["s", "e", "v", 1, []]
    yield "verify", "verify_span", [b"\x0a" * depth]


def object_calls(depth: int) -> Iterator[Call]:
    """Python objects of exactly JSON's types, schemas and protobuf bytes."""
    objects = {
        "dicts": nested(depth, lambda inner: {"a": inner}, 1),
        "lists": nested(depth, lambda inner: [inner], "x"),
        "both": nested(depth // 2, lambda inner: {"b": 0.5, "a": [inner, float("nan")]}, None),
    }
    for shape, value in objects.items():
        yield f"export/{shape}", "process_export_payload_pyobject", [value, None]
        rules = {"a": {"match_importance": 1}}
        yield f"merges/{shape}", "process_export_payload_pyobject", [value, rules]
        yield (
            f"span/{shape}",
            "build_span_proto_bytes_pyobject",
            arguments(input_value=value, output_value=value),
        )
    yield "span/metadata", "build_span_proto_bytes_pyobject", arguments(metadata=objects["dicts"])
    schemas = {
        "items": nested(depth - 1, lambda inner: {"items": inner}, {"type": 1}),
        "properties": nested((depth - 1) // 2, lambda inner: {"properties": {"p": inner}}, {"type": 1}),
    }
    for shape, schema in schemas.items():
        yield f"schema/{shape}", "build_span_proto_bytes_pyobject", arguments(input_schema=schema)


def odd_calls(depth: int) -> Iterator[Call]:
    """Objects that go to the reference: tuples, keys that are no str."""
    for shape, value in {
        "tuples": nested(depth, lambda inner: (inner,), 1),
        "keys": nested(depth, lambda inner: {1: inner}, 1),
        "bytes": nested(depth, lambda inner: {"a": inner}, b""),
    }.items():
        yield f"export/{shape}", "process_export_payload_pyobject", [value, None]


KINDS: dict[str, Callable[[int], Iterator[Call]]] = {
    "text": text_calls,
    "punting": punting_calls,
    "object": object_calls,
    "odd": odd_calls,
}


def main(subject: str, kib: int, depth: int, kinds: str) -> None:
    module = importlib.import_module(subject)
    importlib.import_module("driftcore.reference")
    calls = [call for kind in kinds.split(",") for call in KINDS[kind](depth)]
    for name, function, given in calls:
        outcome: list[Any] = []  # repr() of it takes stack of its own

        def make(function: str = function, given: list[Any] = given, outcome: list[Any] = outcome) -> None:
            try:
                outcome.append(getattr(module, function)(*given))
            except RecursionError:  # from 3.14 on its text says how much stack was used
                outcome.append("RecursionError")
            except Exception as error:
                outcome.append(f"{type(error).__name__}: {error}")

        if kib == 0:
            make()
        else:
            thread = threading.Thread(target=make)
            threading.stack_size(kib << 10)
            thread.start()
            threading.stack_size(0)
            thread.join()
        told = repr(outcome[0])
        print(
            name,
            hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            told[:60],
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
