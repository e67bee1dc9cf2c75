"""The helpers: each tries the native core and returns None where the caller must take its Python path.

All have the same frame, which holds back every `Exception`, its own included.  It is written out in each,
since one function around them would hand every argument on twice more, for about half of what a helper costs.
A `for` loop over a count takes one round of it (`counting`), which is cheaper than a call and cannot fail.
"""

from __future__ import annotations

import json
import os
from enum import Enum
from typing import Any

from driftcore.bridge.counting import fell_back, ran_natively, ran_out
from driftcore.bridge.native import believed, require_shape, usable_core
from driftcore.bridge.switches import BEHIND, ENVIRON, SKIP_KEY, skips_proto_validation

# Escaped text takes the way of `json.loads(json.dumps(value))`, where two adjacent surrogates join;
# a hash is made of unescaped text, where they do not and the hash is refused.
escaped_text = json.JSONEncoder(separators=(",", ":")).encode
unescaped_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def normalize_json_jsonable(value: Any) -> Any | None:
    """`json.loads(json.dumps(value))` by way of the core; None on a fallback.

    None is also the result for the value None, which the caller's own path then gives again.
    Upstream: same name; it sends unescaped text, which parts from its Python path on adjacent surrogates.
    """
    try:
        core = usable_core("normalize_json_jsonable")
        if core is None:
            return None
        function = core.normalize_json
        text = function(escaped_text(value))
        if function is not believed["normalize_json"]:
            require_shape("normalize_json", text)
        normalized = json.loads(text)
        for _ in ran_natively["normalize_json_jsonable"]:
            break
        return normalized
    except Exception as error:
        try:
            fell_back("normalize_json_jsonable", type(error).__name__, error)
        except Exception:
            for _ in ran_out["normalize_json_jsonable"]:
                break
        return None


def deterministic_hash_jsonable(value: Any) -> str | None:
    """64 hex digits: SHA-256 of the compact UTF-8 text with sorted keys; None on a fallback.

    `value` is what `json.loads` can return: object keys are str.  (Of other keys the core
    sees their JSON text and sorts by that: 9 after 10.)  Upstream: same name.
    """
    try:
        core = usable_core("deterministic_hash_jsonable")
        if core is None:
            return None
        function = core.deterministic_hash
        digest: str = function(unescaped_text(value))
        if function is not believed["deterministic_hash"]:
            require_shape("deterministic_hash", digest)
        for _ in ran_natively["deterministic_hash_jsonable"]:
            break
        return digest
    except Exception as error:
        try:
            fell_back("deterministic_hash_jsonable", type(error).__name__, error)
        except Exception:
            for _ in ran_out["deterministic_hash_jsonable"]:
                break
        return None


def normalize_and_hash_jsonable(value: Any) -> tuple[Any, str] | None:
    """(normalized value, its hash), each as the two helpers above give it; None on a fallback.

    Upstream: same name; for the text it sends see `normalize_json_jsonable`.
    """
    try:
        core = usable_core("normalize_and_hash_jsonable")
        if core is None:
            return None
        function = core.normalize_and_hash
        result = function(escaped_text(value))
        if function is not believed["normalize_and_hash"]:
            require_shape("normalize_and_hash", result)
        text, digest = result
        both = json.loads(text), digest
        for _ in ran_natively["normalize_and_hash_jsonable"]:
            break
        return both
    except Exception as error:
        try:
            fell_back("normalize_and_hash_jsonable", type(error).__name__, error)
        except Exception:
            for _ in ran_out["normalize_and_hash_jsonable"]:
                break
        return None


def process_export_payload_jsonable(
    value: Any, schema_merges: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """All that an export needs of one payload, in one native call; None on a fallback.

    `value` is any object, `schema_merges` maps top-level keys to dicts of encoding, decoded_type
    and match_importance.  Keys of the result: `normalized_value` (object), `decoded_value_hash`
    (64 hex digits), `decoded_schema` (dict), `decoded_schema_hash` (64 hex digits) and
    `protobuf_struct_bytes` (`google.protobuf.Struct`).  Upstream: same name and keys.
    """
    try:
        core = usable_core("process_export_payload_jsonable")
        if core is None:
            return None
        function = core.process_export_payload_pyobject
        result = function(value, schema_merges)
        if function is not believed["process_export_payload_pyobject"]:
            require_shape("process_export_payload_pyobject", result)
        normalized, value_hash, schema, schema_hash, struct_bytes = result
        processed = {
            "normalized_value": normalized,
            "decoded_value_hash": value_hash,
            "decoded_schema": schema,
            "decoded_schema_hash": schema_hash,
            "protobuf_struct_bytes": struct_bytes,
        }
        for _ in ran_natively["process_export_payload_jsonable"]:
            break
        return processed
    except Exception as error:
        try:
            fell_back("process_export_payload_jsonable", type(error).__name__, error)
        except Exception:
            for _ in ran_out["process_export_payload_jsonable"]:
                break
        return None


def build_span_proto_bytes(
    *,
    trace_id: str,
    span_id: str,
    parent_span_id: str,
    name: str,
    package_name: str,
    instrumentation_name: str,
    submodule_name: str,
    package_type: Enum | int,
    environment: str | None,
    kind: Enum | int,
    input_schema: dict[str, Any],
    output_schema: dict[str, Any],
    input_schema_hash: str,
    output_schema_hash: str,
    input_value_hash: str,
    output_value_hash: str,
    status_code: Enum | int,
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
) -> bytes | None:
    """The bytes of one `tusk.drift.core.v1.Span`; None on a fallback.

    The bytes are verified natively unless TUSK_SKIP_PROTO_VALIDATION is set; malformed ones
    are a fallback, `MalformedSpan`.  Upstream: same name and arguments, but only its own enum
    members for package_type, kind and status_code, and no verification here.
    """
    try:
        core = usable_core("build_span_proto_bytes")
        if core is None:
            return None
        function = core.build_span_proto_bytes_pyobject
        span: bytes = function(
            trace_id,
            span_id,
            parent_span_id,
            name,
            package_name,
            instrumentation_name,
            submodule_name,
            package_type if package_type.__class__ is int else _number(package_type),
            environment,
            kind if kind.__class__ is int else _number(kind),
            input_schema,
            output_schema,
            input_schema_hash,
            output_schema_hash,
            input_value_hash,
            output_value_hash,
            status_code if status_code.__class__ is int else _number(status_code),
            status_message,
            is_pre_app_start,
            is_root_span,
            timestamp_seconds,
            timestamp_nanos,
            duration_seconds,
            duration_nanos,
            metadata,
            input_value,
            output_value,
            input_value_proto_struct_bytes,
            output_value_proto_struct_bytes,
        )
        if function is not believed["build_span_proto_bytes_pyobject"]:
            require_shape("build_span_proto_bytes_pyobject", span)
        if (SKIP_KEY not in BEHIND and os.environ is ENVIRON) or not skips_proto_validation():
            try:
                verdict = core.verify_span(span)
            except ValueError:
                raise MalformedSpan from None
            if verdict is not None:
                require_shape("verify_span", verdict)
        for _ in ran_natively["build_span_proto_bytes"]:
            break
        return span
    except Exception as error:
        try:
            fell_back("build_span_proto_bytes", type(error).__name__, error)
        except Exception:
            for _ in ran_out["build_span_proto_bytes"]:
                break
        return None


def export_span_json(
    *,
    trace_id: str,
    span_id: str,
    parent_span_id: str,
    name: str,
    package_name: str,
    instrumentation_name: str,
    submodule_name: str,
    package_type: Enum | int,
    environment: str | None,
    kind: Enum | int,
    input_json: str,
    input_schema_merges_json: str | None,
    output_json: str,
    output_schema_merges_json: str | None,
    status_code: Enum | int,
    status_message: str,
    is_pre_app_start: bool,
    is_root_span: bool,
    timestamp_seconds: int,
    timestamp_nanos: int,
    duration_seconds: int,
    duration_nanos: int,
    metadata_json: str | None,
) -> dict[str, Any] | None:
    """A finished span from the JSON texts it is held as, in one native call; None on a fallback.

    Takes the place of `process_export_payload_jsonable` for both payloads and of
    `build_span_proto_bytes`.  Keys of the result: `span_proto_bytes`, and for `input` and `output`
    each `*_value_hash`, `*_schema_hash` (64 hex digits), `*_schema_json` (text) and
    `*_protobuf_struct_bytes`.  The bytes are verified as `build_span_proto_bytes` does.
    """
    try:
        core = usable_core("export_span_json")
        if core is None:
            return None
        function = core.export_span
        result = function(
            trace_id,
            span_id,
            parent_span_id,
            name,
            package_name,
            instrumentation_name,
            submodule_name,
            package_type if package_type.__class__ is int else _number(package_type),
            environment,
            kind if kind.__class__ is int else _number(kind),
            input_json,
            input_schema_merges_json,
            output_json,
            output_schema_merges_json,
            status_code if status_code.__class__ is int else _number(status_code),
            status_message,
            is_pre_app_start,
            is_root_span,
            timestamp_seconds,
            timestamp_nanos,
            duration_seconds,
            duration_nanos,
            metadata_json,
        )
        if function is not believed["export_span"]:
            require_shape("export_span", result)
        (
            span,
            input_value_hash,
            output_value_hash,
            input_schema_hash,
            output_schema_hash,
            input_schema_json,
            output_schema_json,
            input_struct_bytes,
            output_struct_bytes,
        ) = result
        if (SKIP_KEY not in BEHIND and os.environ is ENVIRON) or not skips_proto_validation():
            try:
                verdict = core.verify_span(span)
            except ValueError:
                raise MalformedSpan from None
            if verdict is not None:
                require_shape("verify_span", verdict)
        exported = {
            "span_proto_bytes": span,
            "input_value_hash": input_value_hash,
            "output_value_hash": output_value_hash,
            "input_schema_hash": input_schema_hash,
            "output_schema_hash": output_schema_hash,
            "input_schema_json": input_schema_json,
            "output_schema_json": output_schema_json,
            "input_protobuf_struct_bytes": input_struct_bytes,
            "output_protobuf_struct_bytes": output_struct_bytes,
        }
        for _ in ran_natively["export_span_json"]:
            break
        return exported
    except Exception as error:
        try:
            fell_back("export_span_json", type(error).__name__, error)
        except Exception:
            for _ in ran_out["export_span_json"]:
                break
        return None


def build_export_spans_request_bytes(
    *,
    observable_service_id: str,
    environment: str,
    sdk_version: str,
    sdk_instance_id: str,
    span_proto_bytes_list: list[bytes],
) -> bytes | None:
    """The bytes of one `ExportSpansRequest` around spans already built; None on a fallback.

    The core itself verifies each span and refuses a malformed one.  Upstream: same name and arguments.
    """
    try:
        core = usable_core("build_export_spans_request_bytes")
        if core is None:
            return None
        function = core.build_export_spans_request_bytes_pyobject
        request: bytes = function(
            observable_service_id, environment, sdk_version, sdk_instance_id, span_proto_bytes_list
        )
        if function is not believed["build_export_spans_request_bytes_pyobject"]:
            require_shape("build_export_spans_request_bytes_pyobject", request)
        for _ in ran_natively["build_export_spans_request_bytes"]:
            break
        return request
    except Exception as error:
        try:
            fell_back("build_export_spans_request_bytes", type(error).__name__, error)
        except Exception:
            for _ in ran_out["build_export_spans_request_bytes"]:
                break
        return None


def validate_span_proto_bytes(span_bytes: bytes) -> bool | None:
    """True if these are a well-formed span's bytes, False if not, None if the caller must find out itself.

    True without a look where TUSK_SKIP_PROTO_VALIDATION is set.  Takes the place of upstream's
    betterproto re-parse, `clean_span.to_proto()` in `TdSpanProcessor.on_end`.
    """
    try:
        if skips_proto_validation():
            return True
        core = usable_core("validate_span_proto_bytes")
        if core is None:
            return None
        try:
            verdict = core.verify_span(span_bytes)
        except ValueError:
            is_valid = False
        else:
            if verdict is not None:
                require_shape("verify_span", verdict)
            is_valid = True
        for _ in ran_natively["validate_span_proto_bytes"]:
            break
        return is_valid
    except Exception as error:
        try:
            fell_back("validate_span_proto_bytes", type(error).__name__, error)
        except Exception:
            for _ in ran_out["validate_span_proto_bytes"]:
                break
        return None


class MalformedSpan(Exception):
    """The core built span bytes that its own verification refuses."""


def _number(member: Enum | int) -> Any:
    """An enum member's value; a number as it is."""
    return getattr(member, "_value_", member)
