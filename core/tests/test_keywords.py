"""Arguments by position and by keyword, and what happens when they do not fit."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest

from .failures import told
from .span_arguments import PLAIN, PLAIN_EXPORT

CALLS: dict[str, dict[str, Any]] = {
    "normalize_json": {"payload_json": "[1]"},
    "deterministic_hash": {"payload_json": "[1]"},
    "normalize_and_hash": {"payload_json": "[1]"},
    "object_to_protobuf_struct_bytes": {"payload_json": '{"a":1}'},
    "object_to_protobuf_struct_field_count": {"payload_json": '{"a":1}'},
    "process_export_payload": {"payload_json": '{"a":"MQ=="}', "schema_merges_json": '{"a":{"encoding":1}}'},
    "process_export_payload_pyobject": {"payload": {"a": "MQ=="}, "schema_merges": {"a": {"encoding": 1}}},
    "build_span_proto_bytes_pyobject": {
        **PLAIN,
        "trace_id": "t",
        "metadata": {"m": 1},
        "output_value": {"o": 1},
    },
    "export_span": {**PLAIN_EXPORT, "trace_id": "t", "input_json": '{"i":1}', "metadata_json": '{"m":1}'},
    "build_export_spans_request_bytes_pyobject": {
        "observable_service_id": "a",
        "environment": "b",
        "sdk_version": "c",
        "sdk_instance_id": "d",
        "spans": [b""],
    },
    "verify_span": {"span": b""},
}

calls = pytest.mark.parametrize("name", CALLS)


@calls
def test_the_calls_here_name_every_parameter(core: ModuleType, name: str) -> None:
    assert list(inspect.signature(getattr(core, name)).parameters) == list(CALLS[name])


@calls
def test_keywords_do_what_positions_do(core: ModuleType, name: str) -> None:
    function, named = getattr(core, name), CALLS[name]
    by_position = function(*named.values())
    assert function(**named) == by_position
    assert function(**dict(reversed(named.items()))) == by_position


@calls
def test_positions_and_keywords_may_be_mixed_anywhere(core: ModuleType, name: str) -> None:
    function, named = getattr(core, name), CALLS[name]
    names, values = list(named), list(named.values())
    for split in range(len(names)):
        rest = dict(reversed(list(zip(names[split:], values[split:]))))
        assert function(*values[:split], **rest) == function(*values)


@calls
def test_a_missing_argument_is_a_type_error_that_names_it(core: ModuleType, name: str) -> None:
    function, named = getattr(core, name), CALLS[name]
    last = list(named)[-1]
    message = f"{name}() missing 1 required positional argument: '{last}'"
    assert told(function, *list(named.values())[:-1]) == (TypeError, message)
    assert told(function, **{key: value for key, value in named.items() if key != last}) == (
        TypeError,
        message,
    )


@calls
def test_no_arguments_at_all_is_a_type_error(core: ModuleType, name: str) -> None:
    error, message = told(getattr(core, name))
    assert error is TypeError
    assert message.startswith(f"{name}() missing {len(CALLS[name])} required positional argument")


@calls
def test_an_extra_position_is_a_type_error(core: ModuleType, name: str) -> None:
    count = len(CALLS[name])
    message = (
        f"{name}() takes {count} positional argument{'s' if count > 1 else ''} but {count + 1} were given"
    )
    assert told(getattr(core, name), *CALLS[name].values(), None) == (TypeError, message)


@calls
def test_an_unknown_keyword_is_a_type_error_that_names_it(core: ModuleType, name: str) -> None:
    error, message = told(getattr(core, name), **CALLS[name], payloads=1)
    assert error is TypeError
    assert message.startswith(f"{name}() got an unexpected keyword argument 'payloads'")


@calls
def test_an_unknown_keyword_in_place_of_a_known_one_is_a_type_error(core: ModuleType, name: str) -> None:
    *values, _ = CALLS[name].values()
    error, message = told(getattr(core, name), *values, **{"ünknown": 1})
    assert error is TypeError
    assert message.startswith(f"{name}() got an unexpected keyword argument 'ünknown'")


@calls
def test_position_and_keyword_for_one_parameter_is_a_type_error(core: ModuleType, name: str) -> None:
    first = next(iter(CALLS[name]))
    values = list(CALLS[name].values())
    message = f"{name}() got multiple values for argument '{first}'"
    assert told(getattr(core, name), *values, **{first: values[0]}) == (TypeError, message)
    # Also where there are as many arguments as parameters.
    if len(values) > 1:
        assert told(getattr(core, name), *values[:-1], **{first: values[0]}) == (TypeError, message)
