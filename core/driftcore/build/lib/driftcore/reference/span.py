"""`tusk.drift.core.v1.Span` bytes: fields in number order, proto3 defaults left out.

Three messages break the rule for defaults, as upstream's encoder does: both
schemas and the status are present even when they are empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from .arguments import INT32_BITS, INT64_BITS, require, require_enum, require_int, require_str
from .schema import LARGEST_DECODED_TYPE, LARGEST_ENCODING, LARGEST_SCHEMA_TYPE
from .struct_encoding import encode_struct, require_doubles
from .verify import STRUCT, check
from .wire import FIXED64, VARINT, delimited, integer, message, pack_double, string, tag, varint

LARGEST_PACKAGE_TYPE, LARGEST_SPAN_KIND, LARGEST_STATUS_CODE = 11, 5, 2


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
) -> bytes:
    """Span bytes of 29 arguments.

    A value's Struct comes from its precomputed bytes when these are not empty, else
    from the object; anything but a dict is an empty Struct and left out.  Metadata
    loses its None values and gets str keys.

    Raises `TypeError` for a wrong type, `ValueError` for an enum number out of range
    or malformed Struct bytes, `OverflowError` for an int too large for its field or a
    double, `UnicodeEncodeError` for a lone surrogate.
    """
    for argument, text in (
        ("trace_id", trace_id),
        ("span_id", span_id),
        ("parent_span_id", parent_span_id),
        ("name", name),
        ("package_name", package_name),
        ("instrumentation_name", instrumentation_name),
        ("submodule_name", submodule_name),
    ):
        require_str(argument, text)
    require_enum("package_type", package_type, LARGEST_PACKAGE_TYPE)
    require("environment", environment, (str, type(None)), "str or None")
    require_enum("kind", kind, LARGEST_SPAN_KIND)
    require("input_schema", input_schema, dict, "dict")
    require("output_schema", output_schema, dict, "dict")
    require_str("input_schema_hash", input_schema_hash)
    require_str("output_schema_hash", output_schema_hash)
    require_str("input_value_hash", input_value_hash)
    require_str("output_value_hash", output_value_hash)
    require_enum("status_code", status_code, LARGEST_STATUS_CODE)
    require_str("status_message", status_message)
    require("is_pre_app_start", is_pre_app_start, bool, "bool")
    require("is_root_span", is_root_span, bool, "bool")
    require_int("timestamp_seconds", timestamp_seconds, INT64_BITS)
    require_int("timestamp_nanos", timestamp_nanos, INT32_BITS)
    require_int("duration_seconds", duration_seconds, INT64_BITS)
    require_int("duration_nanos", duration_nanos, INT32_BITS)
    require("metadata", metadata, (Mapping, type(None)), "dict or None")
    _require_struct_bytes("input_value_proto_struct_bytes", input_value_proto_struct_bytes)
    _require_struct_bytes("output_value_proto_struct_bytes", output_value_proto_struct_bytes)
    kept_metadata = {str(key): item for key, item in (metadata or {}).items() if item is not None}
    try:
        return b"".join(
            (
                string(1, trace_id),
                string(2, span_id),
                string(3, parent_span_id),
                string(4, name),
                string(5, package_name),
                string(6, instrumentation_name),
                string(7, submodule_name),
                integer(8, package_type),
                message(9, input_value_proto_struct_bytes or encode_struct("input_value", input_value)),
                message(10, output_value_proto_struct_bytes or encode_struct("output_value", output_value)),
                delimited(11, _schema("input_schema", input_schema)),
                delimited(12, _schema("output_schema", output_schema)),
                string(13, input_schema_hash),
                string(14, output_schema_hash),
                string(15, input_value_hash),
                string(16, output_value_hash),
                integer(17, kind),
                delimited(18, integer(1, status_code) + string(2, status_message)),
                integer(19, is_pre_app_start),
                message(20, integer(1, timestamp_seconds) + integer(2, timestamp_nanos)),
                message(21, integer(1, duration_seconds) + integer(2, duration_nanos)),
                integer(22, is_root_span),
                message(23, encode_struct("metadata", kept_metadata)),
                b"" if environment is None else delimited(24, environment.encode("utf-8")),
            )
        )
    except UnicodeEncodeError:
        # Upstream converts every number of the span before it encodes its first string.
        if not input_value_proto_struct_bytes:
            require_doubles(input_value)
        if not output_value_proto_struct_bytes:
            require_doubles(output_value)
        require_doubles(kept_metadata)
        raise


def _require_struct_bytes(argument: str, data: Optional[bytes]) -> None:
    require(argument, data, (bytes, type(None)), "bytes or None")
    if data:
        check(argument, data, STRUCT)


def _schema(argument: str, schema: dict[str, Any]) -> bytes:
    """`JsonSchema` bytes.  A number outside its enum counts as not given; a wrong container as empty."""
    out = [integer(1, _enum(schema.get("type"), LARGEST_SCHEMA_TYPE) or 0)]
    properties = schema.get("properties")
    if isinstance(properties, dict):
        out += [_property(argument, key, item) for key, item in properties.items()]
    items = schema.get("items")
    if isinstance(items, dict):
        out.append(delimited(3, _schema(argument, items)))
    for field, name, largest in (
        (4, "encoding", LARGEST_ENCODING),
        (5, "decoded_type", LARGEST_DECODED_TYPE),
    ):
        number = _enum(schema.get(name), largest)
        if number is not None:
            out.append(tag(field, VARINT) + varint(number))
    importance = schema.get("match_importance")
    if importance is not None:
        require(f"{argument}: match_importance", importance, (int, float), "int, float or None")
        out.append(tag(6, FIXED64) + pack_double(float(importance)))
    return b"".join(out)


def _enum(number: Any, largest: int) -> Optional[int]:
    return int(number) if isinstance(number, int) and 0 <= number <= largest else None


def _property(argument: str, key: Any, schema: Any) -> bytes:
    """One entry of the map `properties`, kept also when key and schema are both empty."""
    if not isinstance(key, str):
        raise TypeError(f"{argument}: properties must have str keys, not {type(key).__name__}")
    require(f"{argument}: properties[{key!r}]", schema, (dict, type(None)), "dict or None")
    return delimited(2, string(1, key) + message(2, _schema(argument, schema) if schema else b""))
