"""A whole span from the texts an SDK holds: both payloads and the span in one call.

What two calls of `process_export_payload` and one of `build_span_proto_bytes_pyobject`
give, with nothing parsed or built in between that only the next call needs.
"""

from __future__ import annotations

from typing import Any, Optional

from .arguments import require, require_str
from .export_payload import export_text
from .normalize import compact, parse
from .span import build_span_proto_bytes_pyobject


def export_span(
    trace_id: str,
    span_id: str,
    parent_span_id: str,
    name: str,
    package_name: str,
    instrumentation_name: str,
    submodule_name: str,
    package_type: int,
    environment: Optional[str],
    kind: int,
    input_json: str,
    input_schema_merges_json: Optional[str],
    output_json: str,
    output_schema_merges_json: Optional[str],
    status_code: int,
    status_message: str,
    is_pre_app_start: bool,
    is_root_span: bool,
    timestamp_seconds: int,
    timestamp_nanos: int,
    duration_seconds: int,
    duration_nanos: int,
    metadata_json: Optional[str],
) -> tuple[bytes, str, str, str, str, str, str, bytes, bytes]:
    """(span, input_value_hash, output_value_hash, input_schema_hash, output_schema_hash, input_schema_json,
    output_schema_json, input_struct_bytes, output_struct_bytes) of one finished span.

    `input_json` and `output_json` are JSON texts, as are their merges, which may be None.
    `metadata_json` is the text of an object, or None.  All other arguments are those of
    `build_span_proto_bytes_pyobject`.

    Failures come in this order: a text argument of the wrong type; what
    `process_export_payload` raises for the input, then for the output; metadata that is no
    JSON, or (`ValueError`) no object; what `build_span_proto_bytes_pyobject` raises.
    """
    text_or_none = (str, type(None))
    require_str("input_json", input_json)
    require("input_schema_merges_json", input_schema_merges_json, text_or_none, "str or None")
    require_str("output_json", output_json)
    require("output_schema_merges_json", output_schema_merges_json, text_or_none, "str or None")
    require("metadata_json", metadata_json, text_or_none, "str or None")
    given = export_text("input_json", input_json, "input_schema_merges_json", input_schema_merges_json)
    gave = export_text("output_json", output_json, "output_schema_merges_json", output_schema_merges_json)
    span = build_span_proto_bytes_pyobject(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent_span_id,
        name=name,
        package_name=package_name,
        instrumentation_name=instrumentation_name,
        submodule_name=submodule_name,
        package_type=package_type,
        environment=environment,
        kind=kind,
        input_schema=given.schema,
        output_schema=gave.schema,
        input_schema_hash=given.schema_hash,
        output_schema_hash=gave.schema_hash,
        input_value_hash=given.value_hash,
        output_value_hash=gave.value_hash,
        status_code=status_code,
        status_message=status_message,
        is_pre_app_start=is_pre_app_start,
        is_root_span=is_root_span,
        timestamp_seconds=timestamp_seconds,
        timestamp_nanos=timestamp_nanos,
        duration_seconds=duration_seconds,
        duration_nanos=duration_nanos,
        metadata=_metadata(metadata_json),
        input_value=None,
        output_value=None,
        input_value_proto_struct_bytes=given.struct_bytes,
        output_value_proto_struct_bytes=gave.struct_bytes,
    )
    return (
        span,
        given.value_hash,
        gave.value_hash,
        given.schema_hash,
        gave.schema_hash,
        compact(given.schema),
        compact(gave.schema),
        given.struct_bytes,
        gave.struct_bytes,
    )


def _metadata(text: Optional[str]) -> Optional[dict[str, Any]]:
    if text is None:
        return None
    metadata = parse(text)
    if not isinstance(metadata, dict):
        raise ValueError(f"metadata_json must be an object, not {type(metadata).__name__}")
    return metadata
