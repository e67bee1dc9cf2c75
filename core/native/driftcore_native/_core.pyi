from typing import Any, Optional, TypedDict

class _Assumption(TypedDict):
    holds: bool
    assumed: str
    otherwise: str
    punts: int

__version__: str

def normalize_json(payload_json: str) -> str: ...
def deterministic_hash(payload_json: str) -> str: ...
def normalize_and_hash(payload_json: str) -> tuple[str, str]: ...
def object_to_protobuf_struct_bytes(payload_json: str) -> bytes: ...
def object_to_protobuf_struct_field_count(payload_json: str) -> int: ...
def process_export_payload(
    payload_json: str, schema_merges_json: Optional[str]
) -> tuple[str, str, str, str, str, bytes]: ...
def process_export_payload_pyobject(
    payload: Any, schema_merges: Optional[dict[str, dict[str, Any]]]
) -> tuple[Any, str, dict[str, Any], str, bytes]: ...
def build_span_proto_bytes_pyobject(
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
    metadata: Optional[dict[str, Any]],
    input_value: Any,
    output_value: Any,
    input_value_proto_struct_bytes: Optional[bytes],
    output_value_proto_struct_bytes: Optional[bytes],
) -> bytes: ...
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
) -> tuple[bytes, str, str, str, str, str, str, bytes, bytes]: ...
def build_export_spans_request_bytes_pyobject(
    observable_service_id: str, environment: str, sdk_version: str, sdk_instance_id: str, spans: list[bytes]
) -> bytes: ...
def verify_span(span: bytes) -> None: ...
def assumptions() -> dict[str, _Assumption]: ...
def punts() -> dict[str, int]: ...
