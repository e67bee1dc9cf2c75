"""`tusk.drift.backend.v1.ExportSpansRequest` bytes: verified spans behind four strings."""

from __future__ import annotations

from .arguments import require, require_str
from .verify import SPAN, check
from .wire import delimited, string


def build_export_spans_request_bytes_pyobject(
    observable_service_id: str, environment: str, sdk_version: str, sdk_instance_id: str, spans: list[bytes]
) -> bytes:
    """Request bytes; each item of `spans` is passed through unchanged.

    Raises `TypeError` for a wrong type, `ValueError` naming the item that is not a
    well-formed Span, `UnicodeEncodeError` for a lone surrogate.
    """
    require_str("observable_service_id", observable_service_id)
    require_str("environment", environment)
    require_str("sdk_version", sdk_version)
    require_str("sdk_instance_id", sdk_instance_id)
    require("spans", spans, list, "list of bytes")
    for index, span in enumerate(spans):
        require(f"spans[{index}]", span, bytes, "bytes")
        check(f"spans[{index}]", span, SPAN)
    return b"".join(
        (
            string(1, observable_service_id),
            string(2, environment),
            string(3, sdk_version),
            string(4, sdk_instance_id),
            *(delimited(5, span) for span in spans),
        )
    )
