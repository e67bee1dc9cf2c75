"""The 29 arguments of a span and the 23 of `export_span`, each in its plainest form, and what a span of them
looks like.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from .wire import part

PLAIN: dict[str, Any] = {
    "trace_id": "",
    "span_id": "",
    "parent_span_id": "",
    "name": "",
    "package_name": "",
    "instrumentation_name": "",
    "submodule_name": "",
    "package_type": 0,
    "environment": None,
    "kind": 0,
    "input_schema": {},
    "output_schema": {},
    "input_schema_hash": "",
    "output_schema_hash": "",
    "input_value_hash": "",
    "output_value_hash": "",
    "status_code": 0,
    "status_message": "",
    "is_pre_app_start": False,
    "is_root_span": False,
    "timestamp_seconds": 0,
    "timestamp_nanos": 0,
    "duration_seconds": 0,
    "duration_nanos": 0,
    "metadata": None,
    "input_value": None,
    "output_value": None,
    "input_value_proto_struct_bytes": None,
    "output_value_proto_struct_bytes": None,
}

FROM_TEXT = (
    "input_schema",
    "output_schema",
    "input_schema_hash",
    "output_schema_hash",
    "input_value_hash",
    "output_value_hash",
    "metadata",
    "input_value",
    "output_value",
    "input_value_proto_struct_bytes",
    "output_value_proto_struct_bytes",
)
"""What `export_span` finds out by itself."""

PLAIN_EXPORT: dict[str, Any] = {
    **{name: PLAIN[name] for name in list(PLAIN)[:10]},
    "input_json": "{}",
    "input_schema_merges_json": None,
    "output_json": "{}",
    "output_schema_merges_json": None,
    **{name: PLAIN[name] for name in list(PLAIN)[10:] if name not in FROM_TEXT},
    "metadata_json": None,
}


def export_arguments(**changed: Any) -> list[Any]:
    """All 23 in order, some of them changed."""
    unknown = changed.keys() - PLAIN_EXPORT.keys()
    assert not unknown, f"no such arguments: {unknown}"
    return list({**PLAIN_EXPORT, **changed}.values())


def arguments(**changed: Any) -> list[Any]:
    """All 29 in order, some of them changed."""
    unknown = changed.keys() - PLAIN.keys()
    assert not unknown, f"no such arguments: {unknown}"
    return list({**PLAIN, **changed}.values())


def build(core: ModuleType, **changed: Any) -> bytes:
    """A subject's span of these arguments, verified by the same subject."""
    span: bytes = core.build_span_proto_bytes_pyobject(*arguments(**changed))
    core.verify_span(span)
    return span


def plain_with(field: int, content: bytes) -> bytes:
    """The plain span with one field more, or one of its own replaced, in number order.

    Of a span that holds nothing three messages remain: the two schemas and the status.
    """
    fields = {11: part(11), 12: part(12), 18: part(18), field: content}
    return b"".join(fields[number] for number in sorted(fields))
