"""Of several failures the first step's: normalise, decode, value hash, schema, schema hash, Struct bytes."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pytest

from .failures import failure, told
from .span_arguments import arguments

BIG = "9" * 400  # no double
LONG = "9" * 20_000  # no int, by the default digit limit
BAD_MERGES = '{"k":{"encoding":9}}'
NOT_JSON = "{merges"
SURROGATE = r'"\ud800"'

needs_digit_limit = pytest.mark.skipif(
    not hasattr(sys, "get_int_max_str_digits"), reason="this Python has no limit on digits"
)


def of(core: ModuleType, payload: str, merges: Any) -> Exception:
    return failure(core.process_export_payload, payload, merges)


def test_types_of_arguments_come_first(core: ModuleType) -> None:
    for payload in ("{not json", SURROGATE):
        assert told(core.process_export_payload, payload, 5) == (
            TypeError,
            "schema_merges_json must be str or None, not int",
        )
    assert told(core.process_export_payload, 5, 5) == (TypeError, "payload_json must be str, not int")
    assert told(core.process_export_payload_pyobject, "\ud800", 5) == (
        TypeError,
        "schema_merges must be dict or None, not int",
    )


def test_normalise_goes_before_decode(core: ModuleType) -> None:
    for merges in (NOT_JSON, BAD_MERGES, "[]", SURROGATE):
        error = of(core, "[payload", merges)
        assert isinstance(error, json.JSONDecodeError)
        assert error.doc == "[payload"
        assert isinstance(of(core, "[" * 100_000, merges), RecursionError)


@needs_digit_limit
def test_too_many_digits_fail_in_normalise(core: ModuleType) -> None:
    for payload in (f'{{"k":{LONG}}}', f'{{"k":{LONG},"a":{SURROGATE},"b":{BIG}}}'):
        for merges in (None, NOT_JSON, BAD_MERGES):
            error = of(core, payload, merges)
            assert type(error) is ValueError
            assert str(error).startswith("Exceeds the limit")


def test_the_first_fault_in_a_text_is_the_one_that_is_raised(core: ModuleType) -> None:
    error = of(core, '{"k":"\\ud800","a":1,}', None)
    assert isinstance(error, json.JSONDecodeError)


@needs_digit_limit
def test_digits_before_a_syntax_error_are_met_first(core: ModuleType) -> None:
    assert type(of(core, f"[{LONG},x]", None)) is ValueError
    assert type(of(core, f"[x,{LONG}]", None)) is json.JSONDecodeError


def test_syntax_of_merges_goes_before_their_content(core: ModuleType) -> None:
    error = of(core, "{}", BAD_MERGES[:-1])
    assert isinstance(error, json.JSONDecodeError)


@pytest.mark.parametrize(
    "payload", [f'{{"k":{SURROGATE}}}', f'{{"k":{BIG}}}', f'{{"k":{SURROGATE},"b":{BIG}}}']
)
def test_decode_goes_before_value_hash_and_struct_bytes(core: ModuleType, payload: str) -> None:
    assert isinstance(of(core, payload, NOT_JSON), json.JSONDecodeError)
    error = of(core, payload, BAD_MERGES)
    assert (type(error), str(error)) == (
        ValueError,
        "schema_merges_json['k']: encoding must be an int from 0 to 1",
    )


@pytest.mark.parametrize("payload", [f'{{"a":{SURROGATE},"b":{BIG}}}', f'{{"b":{BIG},"a":{SURROGATE}}}'])
def test_value_hash_goes_before_struct_bytes(core: ModuleType, payload: str) -> None:
    assert isinstance(of(core, payload, None), UnicodeEncodeError)
    assert isinstance(failure(core.object_to_protobuf_struct_bytes, payload), OverflowError)


def test_value_hash_is_of_the_decoded_value(core: ModuleType) -> None:
    # The surrogate appears by decoding; the int that fails in the Struct is met later.
    payload = json.dumps({"k": '"\\ud800"'})[:-1] + f',"b":{BIG}}}'
    assert isinstance(of(core, payload, '{"k":{"decoded_type":1}}'), UnicodeEncodeError)
    assert isinstance(of(core, payload, None), OverflowError)


def test_value_hash_goes_before_schema_hash(core: ModuleType) -> None:
    # A key with a surrogate fails in both; the value's text is the one in the error.
    error = of(core, r'{"b":1,"a\ud800":2}', None)
    assert isinstance(error, UnicodeEncodeError)
    assert error.object == '{"a\ud800":2,"b":1}'


def test_a_surrogate_key_of_merges_alone_does_not_fail(core: ModuleType) -> None:
    assert core.process_export_payload('{"k":1}', r'{"\ud800":{"encoding":1}}')[0] == '{"k":1}'


def test_struct_bytes_fail_last(core: ModuleType) -> None:
    assert isinstance(of(core, f'{{"k":{BIG}}}', None), OverflowError)
    assert isinstance(of(core, f'{{"k":"MQ==","b":{BIG}}}', '{"k":{"encoding":1}}'), OverflowError)


def test_struct_bytes_are_not_of_the_decoded_value(core: ModuleType) -> None:
    result = core.process_export_payload(f'{{"k":"{BIG}"}}', '{"k":{"decoded_type":1}}')
    assert result[1] == f'{{"k":{BIG}}}'


def test_objects_fail_in_the_same_order(core: ModuleType) -> None:
    bad_merges, export = {"k": {"encoding": 9}}, core.process_export_payload_pyobject
    both = {"a": "\ud800", "b": 10**400}
    assert told(export, both, bad_merges) == (
        ValueError,
        "schema_merges['k']: encoding must be an int from 0 to 1",
    )
    assert isinstance(failure(export, both, None), UnicodeEncodeError)
    assert isinstance(failure(export, {"b": 10**400}, None), OverflowError)
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert isinstance(failure(export, deep, bad_merges), RecursionError)


@needs_digit_limit
def test_too_many_digits_of_an_object_fail_in_normalise(core: ModuleType) -> None:
    error = failure(
        core.process_export_payload_pyobject, {"a": "\ud800", "b": 10**20_000}, {"k": {"encoding": 9}}
    )
    assert type(error) is ValueError
    assert str(error).startswith("Exceeds the limit")


def test_arguments_of_a_span_are_checked_in_order(core: ModuleType) -> None:
    build = core.build_span_proto_bytes_pyobject
    assert told(build, *arguments(name=5, kind="x")) == (TypeError, "name must be str, not int")
    assert told(build, *arguments(package_type=99, environment=5)) == (
        ValueError,
        "package_type must be from 0 to 11, not 99",
    )
    assert told(
        build, *arguments(input_value_proto_struct_bytes=b"\x0a", output_value_proto_struct_bytes=5)
    ) == (
        ValueError,
        "input_value_proto_struct_bytes is malformed at byte 1: length is cut short",
    )


def test_arguments_of_a_span_are_checked_before_anything_is_encoded(core: ModuleType) -> None:
    build = core.build_span_proto_bytes_pyobject
    for changed in ({"trace_id": "\ud800"}, {"input_value": {"a": 10**400}}, {"input_value": {1: 2}}):
        raised = told(build, *arguments(**changed, output_value_proto_struct_bytes=5))
        assert raised == (TypeError, "output_value_proto_struct_bytes must be bytes or None, not int")


def test_spans_of_a_request_are_checked_before_its_strings_are_encoded(core: ModuleType) -> None:
    raised = told(core.build_export_spans_request_bytes_pyobject, "\ud800", "", "", "", [b"\x0a"])
    assert raised == (ValueError, "spans[0] is malformed at byte 1: length is cut short")
