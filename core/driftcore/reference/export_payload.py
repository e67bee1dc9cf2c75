"""What an export does to one payload, in the order that decides which failure is raised.

Normalise, decode, value hash, schema, schema hash, Struct bytes: where an input
fails in several ways, the first step in this order raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from .arguments import require, require_str
from .digest import hash_value
from .normalize import compact, normalize_object, parse
from .schema import Merge, Schema, decode, infer_schema, read_merges
from .struct_encoding import encode_struct


@dataclass(frozen=True)
class Export:
    """All that an export needs of one JSON text; `decoded` and `schema` are values, the rest as returned."""

    normalized_json: str
    decoded: Any
    value_hash: str
    schema: Schema
    schema_hash: str
    struct_bytes: bytes


def export_text(
    payload: str, payload_json: str, schema_merges: str, schema_merges_json: Optional[str]
) -> Export:
    """The export of a JSON text; `payload` and `schema_merges` name the two texts in errors."""
    normalized = parse(payload_json)
    normalized_json = compact(normalized)
    merges: dict[str, Merge] = {}
    if schema_merges_json is not None:
        merges = read_merges(schema_merges, parse(schema_merges_json))
    decoded = decode(normalized, merges)
    value_hash = hash_value(decoded)
    schema = infer_schema(decoded, merges)
    schema_hash = hash_value(schema)
    struct_bytes = encode_struct(payload, normalized)
    return Export(normalized_json, decoded, value_hash, schema, schema_hash, struct_bytes)


def process_export_payload(
    payload_json: str, schema_merges_json: Optional[str]
) -> tuple[str, str, str, str, str, bytes]:
    """(normalized_json, decoded_json, value_hash, schema_json, schema_hash, struct_bytes) of a JSON text.

    `schema_merges_json` is a JSON object of `{key: {encoding, decoded_type, match_importance}}`,
    or None.  Raises what `normalize_json`, `deterministic_hash` and
    `object_to_protobuf_struct_bytes` raise, and `ValueError` for merges that are not right.
    """
    require_str("payload_json", payload_json)
    require("schema_merges_json", schema_merges_json, (str, type(None)), "str or None")
    export = export_text("payload_json", payload_json, "schema_merges_json", schema_merges_json)
    decoded_json, schema_json = compact(export.decoded), compact(export.schema)
    return (
        export.normalized_json,
        decoded_json,
        export.value_hash,
        schema_json,
        export.schema_hash,
        export.struct_bytes,
    )


def process_export_payload_pyobject(
    payload: Any, schema_merges: Optional[dict[str, dict[str, Any]]]
) -> tuple[Any, str, Schema, str, bytes]:
    """(normalized object, value_hash, schema, schema_hash, struct_bytes) of a Python object.

    `schema_merges` is a dict as `process_export_payload` reads from text, or None.
    Raises what that function raises, except for JSON syntax.
    """
    require("schema_merges", schema_merges, (dict, type(None)), "dict or None")
    normalized = normalize_object(payload)
    merges: dict[str, Merge] = {}
    if schema_merges is not None:
        merges = read_merges("schema_merges", schema_merges)
    decoded = decode(normalized, merges)
    value_hash = hash_value(decoded)
    schema = infer_schema(decoded, merges)
    schema_hash = hash_value(schema)
    return normalized, value_hash, schema, schema_hash, encode_struct("payload", normalized)
