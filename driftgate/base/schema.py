"""JSON Schema of dataclasses, so that a format and its description cannot part.

Dialect: JSON Schema 2020-12.
"""

from __future__ import annotations

import enum
import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
}


def schema_of(kind: Any) -> Schema:
    """The schema of the JSON that a value of a type is written as."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"enum": [member.value for member in kind]}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Union:
        return _union(inner)
    if origin is tuple:
        return _array(inner)
    if origin in (dict, Mapping) or getattr(origin, "__name__", "") == "Mapping":
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    return {}  # any JSON


def _object(kind: type) -> Schema:
    hints = get_type_hints(kind)
    about = inspect.cleandoc(kind.__doc__ or "")
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return {
        **({} if about.startswith(f"{kind.__name__}(") else {"description": about}),
        "type": "object",
        "properties": {one.name: schema_of(hints[one.name]) for one in fields(kind)},
        "required": needed,
        "additionalProperties": False,
    }


def _union(inner: tuple[Any, ...]) -> Schema:
    if str in inner and len(inner) > 2:  # the recursive type of any JSON
        return {}
    return {"anyOf": [schema_of(one) for one in inner]}


def _array(inner: tuple[Any, ...]) -> Schema:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return {"type": "array", "items": schema_of(inner[0])}
    return {
        "type": "array",
        "prefixItems": [schema_of(one) for one in inner],
        "minItems": len(inner),
        "maxItems": len(inner),
    }


def line(event: str, schema: Schema, **constants: object) -> Schema:
    """The schema of one line of a result file: an event's name, and fields that are constant."""
    known = {"event": {"const": event}, **{name: {"const": value} for name, value in constants.items()}}
    return {
        **schema,
        "properties": {**known, **schema["properties"]},
        "required": [*known, *schema["required"]],
    }


def extended(schema: Schema, **more: Schema) -> Schema:
    """An object's schema with more members, all required."""
    return {
        **schema,
        "properties": {**schema["properties"], **more},
        "required": [*schema["required"], *more],
    }


def result_file(title: str, lines: Mapping[str, Schema]) -> Schema:
    """The schema of a line of a result file: one of several."""
    return {
        "$schema": DIALECT,
        "title": title,
        "description": "Each line of the file is one of these; `started` is the first, `finished` the last.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in lines],
        "$defs": dict(lines),
    }


def written(schema: Schema) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
