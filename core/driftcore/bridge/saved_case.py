"""One input as `python -m parity replay FILE` reads it: the harness's format "driftcore saved case".

The harness is not installed where the bridge runs, so the format is written here a second
time, for JSON types, tuples and bytes; a test reads every kind back with the harness's reader.
A row of the table is [kind, data] or [kind, data, rows of the parts].
"""

from __future__ import annotations

import json
import struct
from typing import Any

FORMAT, VERSION = "driftcore saved case", 1


def written(operation: str, arguments: tuple[Any, ...], *, differed: str, date: str, note: str) -> bytes:
    """What a file of this case holds.  `date` reads 2024-02-29.

    Raises TypeError for an argument that holds anything but JSON types, tuples and bytes.
    """
    rows: list[list[Any]] = []
    numbers = [_add(argument, rows) for argument in arguments]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "operation": operation,
        "differed": differed,
        "origin": "shadow",
        "subject": "native",
        "date": date,
        "note": note,
        "shown": [
            repr(argument)[:200].encode("ascii", "backslashreplace").decode() for argument in arguments
        ],
        "arguments": numbers,
        "values": rows,
    }
    return json.dumps(document).encode("ascii") + b"\n"


def _add(value: Any, rows: list[list[Any]]) -> int:
    """Append a value's row after its parts' and return its number."""
    kind = type(value)
    if kind is dict:
        row = ["dict", None, [_add(part, rows) for member in value.items() for part in member]]
    elif kind is list or kind is tuple:
        row = [kind.__name__, None, [_add(item, rows) for item in value]]
    else:
        row = [_name(kind), _data(value)]
    rows.append(row)
    return len(rows) - 1


def _name(kind: type) -> str:
    if kind not in (type(None), bool, int, float, str, bytes):
        raise TypeError(f"a saved case cannot hold {kind.__name__}")
    return "None" if kind is type(None) else kind.__name__


def _data(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return struct.pack(">d", value).hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -(1 << 53) < value < 1 << 53 else hex(value)
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return {"utf-8": value.encode("utf-8", "surrogatepass").hex()}
    return value
