"""What a caller does where a helper returns None: the same names, arguments and results, by the reference.

Upstream's SDK has a Python path of its own; a program without one takes this.  Nothing is caught here: bad
input raises what the reference raises.
"""

from __future__ import annotations

import json
from typing import Any, Optional

from driftcore import reference
from driftcore.bridge.calls import escaped_text, unescaped_text

_PAYLOAD = (
    "normalized_value",
    "decoded_value_hash",
    "decoded_schema",
    "decoded_schema_hash",
    "protobuf_struct_bytes",
)
_EXPORTED = (
    "span_proto_bytes",
    "input_value_hash",
    "output_value_hash",
    "input_schema_hash",
    "output_schema_hash",
    "input_schema_json",
    "output_schema_json",
    "input_protobuf_struct_bytes",
    "output_protobuf_struct_bytes",
)


def normalize_json_jsonable(value: Any) -> Any:
    """See `bridge.normalize_json_jsonable`."""
    return json.loads(reference.normalize_json(escaped_text(value)))


def deterministic_hash_jsonable(value: Any) -> str:
    """See `bridge.deterministic_hash_jsonable`."""
    return reference.deterministic_hash(unescaped_text(value))


def normalize_and_hash_jsonable(value: Any) -> tuple[Any, str]:
    """See `bridge.normalize_and_hash_jsonable`."""
    text, digest = reference.normalize_and_hash(escaped_text(value))
    return json.loads(text), digest


def process_export_payload_jsonable(
    value: Any, schema_merges: Optional[dict[str, Any]] = None
) -> dict[str, Any]:
    """See `bridge.process_export_payload_jsonable`."""
    return dict(zip(_PAYLOAD, reference.process_export_payload_pyobject(value, schema_merges)))


def build_span_proto_bytes(**fields: Any) -> bytes:
    """See `bridge.build_span_proto_bytes`."""
    return reference.build_span_proto_bytes_pyobject(**_with_numbers(fields))


def export_span_json(**fields: Any) -> dict[str, Any]:
    """See `bridge.export_span_json`."""
    return dict(zip(_EXPORTED, reference.export_span(**_with_numbers(fields))))


def build_export_spans_request_bytes(
    *,
    observable_service_id: str,
    environment: str,
    sdk_version: str,
    sdk_instance_id: str,
    span_proto_bytes_list: list[bytes],
) -> bytes:
    """See `bridge.build_export_spans_request_bytes`."""
    return reference.build_export_spans_request_bytes_pyobject(
        observable_service_id, environment, sdk_version, sdk_instance_id, span_proto_bytes_list
    )


def validate_span_proto_bytes(span_bytes: bytes) -> bool:
    """See `bridge.validate_span_proto_bytes`."""
    try:
        reference.verify_span(span_bytes)
    except ValueError:
        return False
    return True


def _with_numbers(fields: dict[str, Any]) -> dict[str, Any]:
    enums = ("package_type", "kind", "status_code")
    return {
        name: getattr(value, "_value_", value) if name in enums else value for name, value in fields.items()
    }
