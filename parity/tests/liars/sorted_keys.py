"""Returns the keys of the normalised object sorted."""

from __future__ import annotations

from typing import Any

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def process_export_payload_pyobject(payload: Any, schema_merges: Any) -> Any:
    normalized, *others = FUNCTIONS["process_export_payload_pyobject"](payload, schema_merges)
    if isinstance(normalized, dict):
        normalized = dict(sorted(normalized.items()))
    return normalized, *others
