"""The nine operations as data.  Everything that handles operations iterates over `OPERATIONS`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Takes(Enum):
    """What an operation is given; a profile says for each of these how it makes arguments."""

    TEXT = "text"
    TEXT_AND_MERGES = "text and merges"
    OBJECT_AND_MERGES = "object and merges"
    SPAN = "span"
    REQUEST = "request"


@dataclass(frozen=True)
class Operation:
    """One function every subject offers.

    `arguments` are the names of its positional arguments.  `results` are the names of
    the members of the tuple it returns, or empty where it returns a single value.
    """

    name: str
    takes: Takes
    arguments: tuple[str, ...]
    results: tuple[str, ...] = ()

    @property
    def may_change_arguments(self) -> bool:
        """Whether an argument is an object a careless implementation could change."""
        return self.takes not in (Takes.TEXT, Takes.TEXT_AND_MERGES)


SPAN_ARGUMENTS = (
    "trace_id",
    "span_id",
    "parent_span_id",
    "name",
    "package_name",
    "instrumentation_name",
    "submodule_name",
    "package_type",
    "environment",
    "kind",
    "input_schema",
    "output_schema",
    "input_schema_hash",
    "output_schema_hash",
    "input_value_hash",
    "output_value_hash",
    "status_code",
    "status_message",
    "is_pre_app_start",
    "is_root_span",
    "timestamp_seconds",
    "timestamp_nanos",
    "duration_seconds",
    "duration_nanos",
    "metadata",
    "input_value",
    "output_value",
    "input_value_proto_struct_bytes",
    "output_value_proto_struct_bytes",
)

_PAYLOAD = ("payload_json",)

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation("normalize_json", Takes.TEXT, _PAYLOAD),
        Operation("deterministic_hash", Takes.TEXT, _PAYLOAD),
        Operation("normalize_and_hash", Takes.TEXT, _PAYLOAD, ("normalized_json", "value_hash")),
        Operation("object_to_protobuf_struct_bytes", Takes.TEXT, _PAYLOAD),
        Operation("object_to_protobuf_struct_field_count", Takes.TEXT, _PAYLOAD),
        Operation(
            "process_export_payload",
            Takes.TEXT_AND_MERGES,
            ("payload_json", "schema_merges_json"),
            ("normalized_json", "decoded_json", "value_hash", "schema_json", "schema_hash", "struct_bytes"),
        ),
        Operation(
            "process_export_payload_pyobject",
            Takes.OBJECT_AND_MERGES,
            ("payload", "schema_merges"),
            ("normalized", "value_hash", "schema", "schema_hash", "struct_bytes"),
        ),
        Operation("build_span_proto_bytes_pyobject", Takes.SPAN, SPAN_ARGUMENTS),
        Operation(
            "build_export_spans_request_bytes_pyobject",
            Takes.REQUEST,
            ("observable_service_id", "environment", "sdk_version", "sdk_instance_id", "spans"),
        ),
    )
}
