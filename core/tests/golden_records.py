"""The golden vectors as records that a C program reads: python -m core.tests.golden_records OUT

A record is a head of four bytes (operation, its number in `OPERATIONS`; 1 if the outcome is
a value, 0 if it is an error; how many arguments; how many results), then each argument and
result as a length of four bytes, little-endian, and that many bytes.

Left out is what C arguments cannot say: text with a lone surrogate, and arguments that only
the Python extension refuses.  An argument that is None has the length `NONE`.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from . import golden
from .golden import Vector

OPERATIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "build_span_proto_bytes_pyobject",
    "build_export_spans_request_bytes_pyobject",
)
NONE = 0xFFFFFFFF
FILES = ("text", "spans", "requests")


def records() -> Iterator[bytes]:
    """A record for each golden vector that C can be given."""
    for name in FILES:
        for vector in golden.read(golden.FOLDER / f"{name}.jsonl"):
            record = _record(vector)
            if record is not None:
                yield record


def _record(vector: Vector) -> Optional[bytes]:
    arguments = [golden.decode(argument) for argument in vector.arguments]
    if vector.operation == "build_export_spans_request_bytes_pyobject":
        if not isinstance(arguments[-1], list):
            return None
        arguments = arguments[:-1] + arguments[-1]
    try:
        given = [_bytes(argument) for argument in arguments]
        results = [] if vector.error else [_bytes(result) for result in _results(vector)]
    except (TypeError, UnicodeEncodeError):
        return None
    if vector.error and vector.error.kind == "TypeError":
        return None
    if vector.operation == "build_span_proto_bytes_pyobject" and not _fits_span(arguments):
        return None
    head = struct.pack("4B", OPERATIONS.index(vector.operation), not vector.error, len(given), len(results))
    return head + b"".join(map(_counted, given + results))


def _fits_span(arguments: list[Any]) -> bool:
    """Values are objects or missing, nanoseconds have 32 bits: the rest is the extension's to refuse."""
    values, nanos = arguments[24:27], (arguments[21], arguments[23])
    return all(value is None or isinstance(value, dict) for value in values) and all(
        -(2**31) <= number < 2**31 for number in nanos
    )


def _results(vector: Vector) -> list[Any]:
    value = golden.decode(vector.value)
    return list(value) if isinstance(value, tuple) else [value]


def _bytes(argument: Any) -> Optional[bytes]:
    """Text as UTF-8, an int or bool as eight bytes, an object as its JSON text; raises `TypeError`."""
    if argument is None or isinstance(argument, bytes):
        return argument
    if isinstance(argument, str):
        return argument.encode()
    if isinstance(argument, int):
        if not -(2**63) <= argument < 2**63:
            raise TypeError("no int of C")
        return struct.pack("<q", argument)
    if isinstance(argument, dict) and all(isinstance(key, str) for key in argument):
        return json.dumps(argument, ensure_ascii=False, separators=(",", ":")).encode()
    raise TypeError(f"no C argument: {type(argument).__name__}")


def _counted(content: Optional[bytes]) -> bytes:
    return struct.pack("<I", NONE) if content is None else struct.pack("<I", len(content)) + content


def main() -> None:
    out = Path(sys.argv[1])
    part = out.with_name(out.name + ".part")
    part.write_bytes(b"".join(records()))
    part.replace(out)


if __name__ == "__main__":
    main()
