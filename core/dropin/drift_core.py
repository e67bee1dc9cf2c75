"""`drift_core` as the SDK imports it, answered by the C core instead of the Rust one.

Beside the Rust core the import is refused, in whichever order they were installed; the SDK
reports that and goes on in Python.
"""

from driftcore_dropin import refuse_the_rust_core as _refuse_the_rust_core

_refuse_the_rust_core()

from driftcore_native import (  # noqa: E402  # only where there is no other
    build_export_spans_request_bytes_pyobject,
    build_span_proto_bytes_pyobject,
    deterministic_hash,
    normalize_and_hash,
    normalize_json,
    object_to_protobuf_struct_bytes,
    object_to_protobuf_struct_field_count,
    process_export_payload,
    process_export_payload_pyobject,
)

__all__ = [
    "build_export_spans_request_bytes_pyobject",
    "build_span_proto_bytes_pyobject",
    "deterministic_hash",
    "normalize_and_hash",
    "normalize_json",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "process_export_payload_pyobject",
]
