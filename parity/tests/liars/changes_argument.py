"""Answers right, and leaves the payload's values sorted away in the caller's own dict."""

from __future__ import annotations

from typing import Any

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def process_export_payload_pyobject(payload: Any, schema_merges: Any) -> Any:
    answer = FUNCTIONS["process_export_payload_pyobject"](payload, schema_merges)
    if type(payload) is dict and payload:
        key = next(iter(payload))
        payload[key] = payload.pop(key)
    return answer
