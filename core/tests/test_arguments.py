"""Bad arguments: an argument of the wrong type is a `TypeError` that names it, the same on both sides."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import arguments

TEXT_FUNCTIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
)

NO_STR: tuple[tuple[Any, str], ...] = (
    (None, "NoneType"),
    (5, "int"),
    (b"{}", "bytes"),
    (bytearray(b"{}"), "bytearray"),
    ([], "list"),
    ({"a": 1}, "dict"),
)


@pytest.mark.parametrize("name", TEXT_FUNCTIONS)
@pytest.mark.parametrize(("value", "kind"), NO_STR)
def test_payload_json_must_be_str(core: ModuleType, name: str, value: Any, kind: str) -> None:
    assert told(getattr(core, name), value) == (TypeError, f"payload_json must be str, not {kind}")


@pytest.mark.parametrize(("value", "kind"), NO_STR)
def test_payload_json_of_an_export_must_be_str(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.process_export_payload, value, None)
    assert raised == (TypeError, f"payload_json must be str, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [row for row in NO_STR if row[0] is not None])
def test_schema_merges_json_must_be_str_or_none(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.process_export_payload, "{}", value)
    assert raised == (TypeError, f"schema_merges_json must be str or None, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [("{}", "str"), ([], "list"), (5, "int"), (False, "bool")])
def test_schema_merges_must_be_dict_or_none(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.process_export_payload_pyobject, {}, value)
    assert raised == (TypeError, f"schema_merges must be dict or None, not {kind}")


STR_ARGUMENTS = (
    "trace_id", "span_id", "parent_span_id", "name", "package_name", "instrumentation_name", "submodule_name",
    "input_schema_hash", "output_schema_hash", "input_value_hash", "output_value_hash", "status_message",
)  # fmt: skip
INT_ARGUMENTS = (
    "package_type", "kind", "status_code", "timestamp_seconds", "timestamp_nanos", "duration_seconds",
    "duration_nanos",
)  # fmt: skip


@pytest.mark.parametrize("name", STR_ARGUMENTS)
@pytest.mark.parametrize(("value", "kind"), NO_STR)
def test_a_string_of_a_span_must_be_str(core: ModuleType, name: str, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (TypeError, f"{name} must be str, not {kind}")


@pytest.mark.parametrize("name", INT_ARGUMENTS)
@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), ("1", "str"), (1.0, "float"), ([], "list")])
def test_a_number_of_a_span_must_be_int(core: ModuleType, name: str, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (TypeError, f"{name} must be int, not {kind}")


@pytest.mark.parametrize("name", ["is_pre_app_start", "is_root_span"])
@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), (0, "int"), (1, "int"), ("", "str")])
def test_a_flag_of_a_span_must_be_bool(core: ModuleType, name: str, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (TypeError, f"{name} must be bool, not {kind}")


@pytest.mark.parametrize("name", ["input_schema", "output_schema"])
@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), ([], "list"), ("{}", "str"), (5, "int")])
def test_a_schema_must_be_dict(core: ModuleType, name: str, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (TypeError, f"{name} must be dict, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [([], "list"), ("{}", "str"), (5, "int"), (False, "bool")])
def test_metadata_must_be_dict_or_none(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(metadata=value))
    assert raised == (TypeError, f"metadata must be dict or None, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [(5, "int"), (b"prod", "bytes"), (False, "bool")])
def test_environment_must_be_str_or_none(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(environment=value))
    assert raised == (TypeError, f"environment must be str or None, not {kind}")


@pytest.mark.parametrize("name", ["input_value_proto_struct_bytes", "output_value_proto_struct_bytes"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [("", "str"), (bytearray(b""), "bytearray"), (memoryview(b""), "memoryview"), (0, "int")],
)
def test_struct_bytes_must_be_bytes_or_none(core: ModuleType, name: str, value: Any, kind: str) -> None:
    raised = told(core.build_span_proto_bytes_pyobject, *arguments(**{name: value}))
    assert raised == (TypeError, f"{name} must be bytes or None, not {kind}")


REQUEST = {
    "observable_service_id": "",
    "environment": "",
    "sdk_version": "",
    "sdk_instance_id": "",
    "spans": [],
}


@pytest.mark.parametrize("name", [name for name in REQUEST if name != "spans"])
@pytest.mark.parametrize(("value", "kind"), NO_STR)
def test_a_string_of_a_request_must_be_str(core: ModuleType, name: str, value: Any, kind: str) -> None:
    changed = {**REQUEST, name: value}
    raised = told(core.build_export_spans_request_bytes_pyobject, *changed.values())
    assert raised == (TypeError, f"{name} must be str, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), ((), "tuple"), (b"", "bytes"), ({}, "dict")])
def test_spans_must_be_a_list(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.build_export_spans_request_bytes_pyobject, "", "", "", "", value)
    assert raised == (TypeError, f"spans must be list of bytes, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), ("", "str"), (bytearray(), "bytearray")])
def test_each_span_must_be_bytes(core: ModuleType, value: Any, kind: str) -> None:
    raised = told(core.build_export_spans_request_bytes_pyobject, "", "", "", "", [b"", b"", value])
    assert raised == (TypeError, f"spans[2] must be bytes, not {kind}")


@pytest.mark.parametrize(("value", "kind"), [(None, "NoneType"), ("", "str"), (bytearray(), "bytearray")])
def test_a_span_to_verify_must_be_bytes(core: ModuleType, value: Any, kind: str) -> None:
    assert told(core.verify_span, value) == (TypeError, f"span must be bytes, not {kind}")


def test_a_payload_object_may_be_anything(core: ModuleType) -> None:
    for payload in (None, 5, object(), b"x", {1}, type):
        assert len(core.process_export_payload_pyobject(payload, None)) == 5
