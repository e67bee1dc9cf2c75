"""The native functions without memory: `MemoryError` or the right answer, and the next call works.

CPython's own test module makes allocations fail, those of the C core included.
"""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any, Optional

import pytest

from .span_arguments import arguments, export_arguments
from .wire import NULL, entry, part

MOST_ALLOCATIONS = 3000

KEYS = ",".join(f'"é{i % 30}":{{"b":[1.50,"\\u00e9"],"a":{{}}}}' for i in range(60))
TEXT = '{"k":"eyJhIjpbMSwiXHUwMGU5Il19",' + KEYS + ',"n":9007199254740993.00000000000000000000001}'
MERGES = {"k": {"encoding": 1, "decoded_type": 1, "match_importance": 0.5}}
VALUE = {"b": [1, 2.5, "é" * 300, {"": None}], "a": {str(i): i for i in range(40)}, "i": 2**70, "k": "WzFd"}
SPAN = part(4, b"n") + part(9, entry("a", NULL))

CALLS: list[tuple[str, list[Any]]] = [
    ("normalize_json", [TEXT]),
    ("deterministic_hash", [TEXT]),
    ("normalize_and_hash", [TEXT]),
    ("object_to_protobuf_struct_bytes", [TEXT]),
    ("object_to_protobuf_struct_field_count", [TEXT]),
    ("process_export_payload", [TEXT, None]),
    ("process_export_payload", [TEXT, '{"k":{"encoding":1,"decoded_type":1}}']),
    ("process_export_payload_pyobject", [VALUE, None]),
    ("process_export_payload_pyobject", [VALUE, MERGES]),
    (
        "build_span_proto_bytes_pyobject",
        arguments(name="é", environment="e", metadata=VALUE, input_value=VALUE, input_schema={"type": 1}),
    ),
    ("build_span_proto_bytes_pyobject", arguments(input_value_proto_struct_bytes=entry("a", NULL))),
    (
        "export_span",
        export_arguments(
            name="é",
            input_json=TEXT,
            input_schema_merges_json='{"k":{"encoding":1,"decoded_type":1}}',
            output_json=TEXT,
            metadata_json=TEXT,
        ),
    ),
    ("build_export_spans_request_bytes_pyobject", ["é", "", "", "", [SPAN] * 20]),
    ("verify_span", [SPAN]),
]


def fresh(native: ModuleType) -> ModuleType:
    """The extension once more, with no scratch memory from earlier calls."""
    extension: Any = native.normalize_json.__self__
    spec = importlib.util.spec_from_file_location(extension.__name__, extension.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module is not extension
    return module


@pytest.mark.parametrize(("name", "given"), CALLS, ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("for_good", [False, True])
def test_a_failing_allocation_is_a_memory_error_and_nothing_worse(
    native: ModuleType, name: str, given: list[Any], for_good: bool
) -> None:
    testcapi = pytest.importorskip("_testcapi")
    expected = getattr(native, name)(*given)
    for start in range(MOST_ALLOCATIONS):
        function = getattr(fresh(native), name)
        result, failed = without_memory(testcapi, function, given, start, 0 if for_good else start + 1)
        assert failed or result == expected
        assert function(*given) == expected
        if not failed:
            break
    assert not failed
    assert start > 0 or name == "verify_span"


def without_memory(
    testcapi: ModuleType, function: Any, given: list[Any], start: int, stop: int
) -> tuple[Optional[Any], bool]:
    """(result, whether there was a MemoryError) of a call whose allocations from `start` to `stop` fail"""
    try:
        testcapi.set_nomemory(start, stop)
        return function(*given), False
    except MemoryError:
        return None, True
    finally:
        testcapi.remove_mem_hooks()


def test_instances_of_the_extension_share_no_counts(native: ModuleType) -> None:
    other = fresh(native)
    before = native.punts()
    with pytest.raises(ValueError, match="Expecting value"):
        other.normalize_json("")
    assert other.punts()["syntax"] == 1
    assert native.punts() == before
