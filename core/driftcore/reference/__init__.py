"""The nine operations in plain Python, and `export_span`, which joins three of them.

This is the contract every other implementation is held to.

Each module is one topic and reads as a specification:

========================  =====================================================
`normalize`               JSON text and Python objects to their normal form
`digest`                  SHA-256 of the sorted compact text
`schema`                  merges, decoding, schema inference
`struct_encoding`         `google.protobuf.Struct` bytes
`export_payload`          the four above in the order an export runs them
`span`                    `tusk.drift.core.v1.Span` bytes
`export_span`             both payloads and the span of a finished span at once
`export_request`          `ExportSpansRequest` bytes
`verify`                  strict well-formedness of Struct and Span bytes
`wire`                    protobuf's varints, tags and length prefixes
`arguments`               the checks that make a bad argument a clear error
========================  =====================================================
"""

from .digest import deterministic_hash, normalize_and_hash
from .export_payload import process_export_payload, process_export_payload_pyobject
from .export_request import build_export_spans_request_bytes_pyobject
from .export_span import export_span
from .normalize import normalize_json
from .span import build_span_proto_bytes_pyobject
from .struct_encoding import object_to_protobuf_struct_bytes, object_to_protobuf_struct_field_count
from .verify import verify_span

__all__ = [
    "build_export_spans_request_bytes_pyobject",
    "build_span_proto_bytes_pyobject",
    "deterministic_hash",
    "export_span",
    "normalize_and_hash",
    "normalize_json",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "process_export_payload_pyobject",
    "verify_span",
]
