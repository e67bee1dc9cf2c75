"""Returns 0.0 where the normalised object holds -0.0, which `==` calls equal."""

from __future__ import annotations

from typing import Any

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def process_export_payload_pyobject(payload: Any, schema_merges: Any) -> Any:
    normalized, *others = FUNCTIONS["process_export_payload_pyobject"](payload, schema_merges)
    return _without_sign(normalized), *others


def _without_sign(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sign(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_sign(item) for item in value]
    return abs(value) if isinstance(value, float) and value == 0 else value
