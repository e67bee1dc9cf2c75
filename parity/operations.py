"""The operations as data.  Everything that handles operations iterates over `OPERATIONS`.

Nine belong to every subject; those that are `optional` are this project's own.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import Enum


class Takes(Enum):
    """What an operation is given; a profile says for each of these how it makes arguments."""

    TEXT = "text"
    TEXT_AND_MERGES = "text and merges"
    OBJECT_AND_MERGES = "object and merges"
    SPAN = "span"
    REQUEST = "request"
    EXPORT = "span of texts"


@dataclass(frozen=True)
class Operation:
    """One function every subject offers.

    `arguments` are the names of its positional arguments.  `results` are the names of
    the members of the tuple it returns, or empty where it returns a single value.  A
    subject that lacks an `optional` operation is whole without it.
    """

    name: str
    takes: Takes
    arguments: tuple[str, ...]
    results: tuple[str, ...] = ()
    optional: bool = False

    @property
    def may_change_arguments(self) -> bool:
        """Whether an argument is an object a careless implementation could change."""
        return self.takes not in (Takes.TEXT, Takes.TEXT_AND_MERGES, Takes.EXPORT)


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

EXPORT_ARGUMENTS = (
    *SPAN_ARGUMENTS[:10],
    "input_json",
    "input_schema_merges_json",
    "output_json",
    "output_schema_merges_json",
    *SPAN_ARGUMENTS[16:24],
    "metadata_json",
)
"""Of a span whose payloads and metadata are JSON texts; what is made of them is not given."""

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
        Operation(
            "export_span",
            Takes.EXPORT,
            EXPORT_ARGUMENTS,
            (
                "span",
                "input_value_hash",
                "output_value_hash",
                "input_schema_hash",
                "output_schema_hash",
                "input_schema_json",
                "output_schema_json",
                "input_struct_bytes",
                "output_struct_bytes",
            ),
            optional=True,
        ),
    )
}


def default_operations(*offered: Container[str]) -> tuple[str, ...]:
    """Names of the operations to compare subjects by that offer these; optional ones only if all do."""
    return tuple(
        name for name, one in OPERATIONS.items() if not one.optional or all(name in some for some in offered)
    )
