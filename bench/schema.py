"""The JSON Schema of a line of a result file, made from the event classes themselves.

    python -m bench.schema    writes bench/schemas/bench-results-v2.schema.json again

A change of an event's fields is a new version of the format: raise `FORMAT` with it.
"""

from __future__ import annotations

if __name__ == "__main__":
    from driftgate.base.command import run_command

    run_command("bench.schema")

import enum
import inspect
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from driftgate.base.result_file import FINISHED, STARTED
from driftgate.base.rewriting import rewriting

from .events import FORMAT, MEASUREMENT, by_name

PATH = Path(__file__).parent / "schemas" / f"bench-results-v{FORMAT.version}.schema.json"

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}


def schema() -> dict[str, Any]:
    """Of one line; a file is lines of which the first is `started` and the last `finished`."""
    lines = []
    for (event, kind), made in by_name().items():
        described = _object(made)
        first: dict[str, Any] = {"event": {"const": event}}
        if event == STARTED:
            first.update(format={"const": FORMAT.name}, version={"const": FORMAT.version})
        if event == MEASUREMENT:
            first["kind"] = {"const": kind}
        described["properties"] = {**first, **described["properties"]}
        described["required"] = list(described["properties"])
        if event == FINISHED:  # the file's own digest, which the writer adds
            described["properties"]["sha256"] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        lines.append({"title": made.__name__, **described})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT.name}, version {FORMAT.version}",
        "description": "One line of a result file of `python -m bench run`.",
        "oneOf": lines,
    }


def _object(made: type) -> dict[str, Any]:
    hints = get_type_hints(made)
    properties = {one.name: _of(hints[one.name]) for one in fields(made)}
    return {
        "description": inspect.cleandoc(made.__doc__ or ""),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(hint: Any) -> dict[str, Any]:
    """The schema of a field's type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Union:
        others = [one for one in inner if one is not type(None)]
        if len(others) > 1:
            return {}  # any JSON
        return {"anyOf": [_of(others[0]), {"type": "null"}]}
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return {"type": "array", "items": _of(inner[0])}
        return {"type": "array", "prefixItems": list(map(_of, inner)), "minItems": len(inner), "items": False}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(inner[1])}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    if isinstance(hint, type) and issubclass(hint, enum.IntEnum):
        return {"enum": [one.value for one in hint]}
    return {"type": _PLAIN[hint]} if hint in _PLAIN else {}


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


main, parser = rewriting(
    "bench.schema",
    "Write the schema of a bench's result file anew.",
    lambda: {PATH: text()},
)
