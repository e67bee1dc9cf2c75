"""`google.protobuf.Struct` bytes of JSON values: fields in insertion order, numbers as doubles.

A map entry's key is left out when it is "", its value never is: each kind of
`Value` is a member of a oneof and so is written even when it is its default.
"""

from __future__ import annotations

from typing import Any

from .arguments import require_str
from .normalize import parse
from .wire import pack_double, varint

_NULL, _FALSE, _TRUE = b"\x08\x00", b"\x20\x00", b"\x20\x01"


def object_to_protobuf_struct_bytes(payload_json: str) -> bytes:
    """Struct bytes of a JSON text; `b""` when it is not an object.

    Raises what `normalize_json` raises, `OverflowError` for an int beyond double
    range and `UnicodeEncodeError` for a lone surrogate.
    """
    require_str("payload_json", payload_json)
    return encode_struct("payload_json", parse(payload_json))


def object_to_protobuf_struct_field_count(payload_json: str) -> int:
    """How many fields the Struct of a JSON text has: its top-level keys, 0 for a non-object."""
    require_str("payload_json", payload_json)
    value = parse(payload_json)
    return len(value) if isinstance(value, dict) else 0


def encode_struct(argument: str, value: Any) -> bytes:
    """Struct bytes of a dict; `b""` for anything else.  `argument` names the value in errors.

    Where a value has both faults, `OverflowError` goes before `UnicodeEncodeError`:
    upstream converts every number before it encodes the first string.
    """
    if not isinstance(value, dict):
        return b""
    try:
        return _fields(argument, value)
    except UnicodeEncodeError:
        require_doubles(value)
        raise


def require_doubles(value: Any) -> None:
    """Raise `OverflowError` if an int anywhere in a JSON value is beyond double range."""
    if isinstance(value, int):
        float(value)
    elif isinstance(value, dict):
        for item in value.values():
            require_doubles(item)
    elif isinstance(value, list):
        for item in value:
            require_doubles(item)


def _fields(argument: str, fields: dict[Any, Any]) -> bytes:
    out = []
    for key, item in fields.items():
        if not isinstance(key, str):
            raise TypeError(f"{argument} must have str keys, not {type(key).__name__}")
        name = key.encode("utf-8")
        content = _value(argument, item)
        entry = b"\x12" + varint(len(content)) + content
        if name:
            entry = b"\x0a" + varint(len(name)) + name + entry
        out.append(b"\x0a" + varint(len(entry)) + entry)
    return b"".join(out)


def _value(argument: str, value: Any) -> bytes:
    """Bytes of a `google.protobuf.Value`; what JSON does not know becomes its `str`."""
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, (int, float)):
        return b"\x11" + pack_double(float(value))
    if isinstance(value, dict):
        content = _fields(argument, value)
        return b"\x2a" + varint(len(content)) + content
    if isinstance(value, list):
        content = b"".join(_list_element(_value(argument, item)) for item in value)
        return b"\x32" + varint(len(content)) + content
    text = (value if isinstance(value, str) else str(value)).encode("utf-8")
    return b"\x1a" + varint(len(text)) + text


def _list_element(content: bytes) -> bytes:
    return b"\x0a" + varint(len(content)) + content
