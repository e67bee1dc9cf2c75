"""Leaves empty spans out of the request, which is shorter by two bytes."""

from __future__ import annotations

from typing import Any

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def build_export_spans_request_bytes_pyobject(*arguments: Any) -> Any:
    request = FUNCTIONS["build_export_spans_request_bytes_pyobject"]
    *texts, spans = arguments
    return request(*arguments) and request(*texts, [span for span in spans if span])
