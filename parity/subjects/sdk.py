"""Subject `sdk`: upstream's own Python path, wrapped as the nine functions.

Upstream has no functions of these names in Python; each wrapper calls the SDK
code that does the same work (`JsonSchemaHelper`, `clean_span_to_proto`, the
betterproto messages) and adds nothing but the plumbing between them.  The Rust
core is switched off, so what answers is Python alone.
"""

from __future__ import annotations

import json
import os
from typing import Any

os.environ["TUSK_USE_RUST_CORE"] = "0"

from drift.core.json_schema_helper import (
    DecodedType,
    EncodingType,
    JsonSchemaHelper,
    SchemaMerge,
)
from drift.core.span_serialization import _dict_to_struct, clean_span_to_proto
from drift.core.tracing.otel_converter import dict_to_json_schema
from drift.core.types import (
    CleanSpanData,
    Duration,
    PackageType,
    SpanKind,
    SpanStatus,
    StatusCode,
    Timestamp,
)
from tusk.drift.backend.v1 import ExportSpansRequest
from tusk.drift.core.v1 import Span


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _schema_merges(merges: dict[str, dict[str, Any]] | None) -> dict[str, SchemaMerge]:
    return {
        key: SchemaMerge(
            encoding=None if rule.get("encoding") is None else EncodingType(rule["encoding"]),
            decoded_type=None if rule.get("decoded_type") is None else DecodedType(rule["decoded_type"]),
            match_importance=rule.get("match_importance"),
        )
        for key, rule in (merges or {}).items()
    }


def normalize_json(payload_json: str) -> str:
    return _compact(json.loads(payload_json))


def deterministic_hash(payload_json: str) -> str:
    value_hash: str = JsonSchemaHelper.generate_deterministic_hash(json.loads(payload_json))
    return value_hash


def normalize_and_hash(payload_json: str) -> tuple[str, str]:
    return normalize_json(payload_json), deterministic_hash(payload_json)


def object_to_protobuf_struct_bytes(payload_json: str) -> bytes:
    return bytes(_dict_to_struct(json.loads(payload_json)))


def object_to_protobuf_struct_field_count(payload_json: str) -> int:
    value = json.loads(payload_json)
    return len(value) if isinstance(value, dict) else 0


def process_export_payload(
    payload_json: str, schema_merges_json: str | None
) -> tuple[str, str, str, str, str, bytes]:
    normalized = json.loads(payload_json)
    merges = _schema_merges(None if schema_merges_json is None else json.loads(schema_merges_json))
    decoded = JsonSchemaHelper._decode_with_merges(normalized, merges)
    value_hash = JsonSchemaHelper.generate_deterministic_hash(decoded)
    schema = JsonSchemaHelper.generate_schema(decoded, merges).to_primitive()
    schema_hash = JsonSchemaHelper.generate_deterministic_hash(schema)
    struct_bytes = bytes(_dict_to_struct(normalized))
    return _compact(normalized), _compact(decoded), value_hash, _compact(schema), schema_hash, struct_bytes


def process_export_payload_pyobject(
    payload: Any, schema_merges: dict[str, dict[str, Any]] | None
) -> tuple[Any, str, dict[str, Any], str, bytes]:
    normalized = JsonSchemaHelper._normalize_data(payload)
    result = JsonSchemaHelper.generate_schema_and_hash(payload, _schema_merges(schema_merges))
    struct_bytes = bytes(_dict_to_struct(normalized))
    return (
        normalized,
        result.decoded_value_hash,
        result.schema.to_primitive(),
        result.decoded_schema_hash,
        struct_bytes,
    )


def build_span_proto_bytes_pyobject(
    trace_id: str,
    span_id: str,
    parent_span_id: str,
    name: str,
    package_name: str,
    instrumentation_name: str,
    submodule_name: str,
    package_type: int,
    environment: str | None,
    kind: int,
    input_schema: dict[str, Any],
    output_schema: dict[str, Any],
    input_schema_hash: str,
    output_schema_hash: str,
    input_value_hash: str,
    output_value_hash: str,
    status_code: int,
    status_message: str,
    is_pre_app_start: bool,
    is_root_span: bool,
    timestamp_seconds: int,
    timestamp_nanos: int,
    duration_seconds: int,
    duration_nanos: int,
    metadata: dict[str, Any] | None,
    input_value: Any,
    output_value: Any,
    input_value_proto_struct_bytes: bytes | None,
    output_value_proto_struct_bytes: bytes | None,
) -> bytes:
    span = CleanSpanData(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent_span_id,
        name=name,
        package_name=package_name,
        instrumentation_name=instrumentation_name,
        submodule_name=submodule_name,
        package_type=PackageType(package_type),
        environment=environment,
        kind=SpanKind(kind),
        input_value=input_value,
        output_value=output_value,
        input_schema=dict_to_json_schema(input_schema),
        output_schema=dict_to_json_schema(output_schema),
        input_schema_hash=input_schema_hash,
        output_schema_hash=output_schema_hash,
        input_value_hash=input_value_hash,
        output_value_hash=output_value_hash,
        input_value_proto_struct_bytes=input_value_proto_struct_bytes,
        output_value_proto_struct_bytes=output_value_proto_struct_bytes,
        status=SpanStatus(code=StatusCode(status_code), message=status_message),
        is_pre_app_start=is_pre_app_start,
        is_root_span=is_root_span,
        timestamp=Timestamp(seconds=timestamp_seconds, nanos=timestamp_nanos),
        duration=Duration(seconds=duration_seconds, nanos=duration_nanos),
        metadata=metadata,
    )
    return bytes(clean_span_to_proto(span))


def build_export_spans_request_bytes_pyobject(
    service_id: str, environment: str, sdk_version: str, instance_id: str, spans: list[bytes]
) -> bytes:
    request = ExportSpansRequest(
        observable_service_id=service_id,
        environment=environment,
        sdk_version=sdk_version,
        sdk_instance_id=instance_id,
        spans=[Span().parse(span) for span in spans],
    )
    return bytes(request)
