"""Returns True where the normalised object holds 1, which `==` calls equal."""

from __future__ import annotations

from typing import Any

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def process_export_payload_pyobject(payload: Any, schema_merges: Any) -> Any:
    normalized, *others = FUNCTIONS["process_export_payload_pyobject"](payload, schema_merges)
    return _with_true(normalized), *others


def _with_true(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_true(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_true(item) for item in value]
    return True if value == 1 else value
