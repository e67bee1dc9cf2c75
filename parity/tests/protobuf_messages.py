"""The messages' classes for google's protobuf runtime, from descriptors written here by hand.

They come from the field numbers of the contract, not from the project's `.proto`
files, so that a slip in those shows as well.
"""

from __future__ import annotations

from google.protobuf import descriptor_pool, duration_pb2, message_factory, struct_pb2, timestamp_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import Message

_SCALARS = {
    "string": FieldDescriptorProto.TYPE_STRING,
    "bool": FieldDescriptorProto.TYPE_BOOL,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
    "int32": FieldDescriptorProto.TYPE_INT32,  # enums, read as their numbers
}

SCHEMA, STRUCT = ".driftcore.JsonSchema", ".google.protobuf.Struct"
TIMESTAMP, DURATION = ".google.protobuf.Timestamp", ".google.protobuf.Duration"

# Number, name and type of each field; `?` after a type marks presence, `*` repetition.
_MESSAGES: dict[str, tuple[tuple[int, str, str], ...]] = {
    "JsonSchema": (
        (1, "type", "int32"),
        (2, "properties", ".driftcore.JsonSchema.PropertiesEntry*"),
        (3, "items", SCHEMA),
        (4, "encoding", "int32?"),
        (5, "decoded_type", "int32?"),
        (6, "match_importance", "double?"),
    ),
    "SpanStatus": ((1, "code", "int32"), (2, "message", "string")),
    "Span": (
        (1, "trace_id", "string"),
        (2, "span_id", "string"),
        (3, "parent_span_id", "string"),
        (4, "name", "string"),
        (5, "package_name", "string"),
        (6, "instrumentation_name", "string"),
        (7, "submodule_name", "string"),
        (8, "package_type", "int32"),
        (9, "input_value", STRUCT),
        (10, "output_value", STRUCT),
        (11, "input_schema", SCHEMA),
        (12, "output_schema", SCHEMA),
        (13, "input_schema_hash", "string"),
        (14, "output_schema_hash", "string"),
        (15, "input_value_hash", "string"),
        (16, "output_value_hash", "string"),
        (17, "kind", "int32"),
        (18, "status", ".driftcore.SpanStatus"),
        (19, "is_pre_app_start", "bool"),
        (20, "timestamp", TIMESTAMP),
        (21, "duration", DURATION),
        (22, "is_root_span", "bool"),
        (23, "metadata", STRUCT),
        (24, "environment", "string?"),
        (25, "id", "string?"),
    ),
    "ExportSpansRequest": (
        (1, "observable_service_id", "string"),
        (2, "environment", "string"),
        (3, "sdk_version", "string"),
        (4, "sdk_instance_id", "string"),
        (5, "spans", ".driftcore.Span*"),
    ),
}


def _file() -> FileDescriptorProto:
    dependencies = [module.DESCRIPTOR.name for module in (struct_pb2, timestamp_pb2, duration_pb2)]
    file = FileDescriptorProto(
        name="driftcore.proto", package="driftcore", syntax="proto3", dependency=dependencies
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, field_name, kind in fields:
            _add_field(message, number, field_name, kind)
    entry = file.message_type[0].nested_type.add(name="PropertiesEntry")
    entry.options.map_entry = True
    _add_field(entry, 1, "key", "string")
    _add_field(entry, 2, "value", SCHEMA)
    return file


def _add_field(message: DescriptorProto, number: int, name: str, kind: str) -> None:
    plain = kind.rstrip("?*")
    field = message.field.add(name=name, number=number, label=FieldDescriptorProto.LABEL_OPTIONAL)
    if plain in _SCALARS:
        field.type = _SCALARS[plain]
    else:
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, plain
    if kind.endswith("*"):
        field.label = FieldDescriptorProto.LABEL_REPEATED
    elif kind.endswith("?"):
        field.proto3_optional = True
        field.oneof_index = len(message.oneof_decl)
        message.oneof_decl.add(name=f"_{name}")


def _classes() -> dict[str, type[Message]]:
    pool = descriptor_pool.DescriptorPool()
    for module in (struct_pb2, timestamp_pb2, duration_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(_file().SerializeToString())
    names = ("google.protobuf.Struct", "driftcore.Span", "driftcore.ExportSpansRequest")
    return {
        name.rpartition(".")[2]: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
        for name in names
    }


CLASSES = _classes()
"""`Struct`, `Span` and `ExportSpansRequest`."""
