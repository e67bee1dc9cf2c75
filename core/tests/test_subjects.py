"""Which subject is which: the native functions come from the extension, the reference is Python."""

from __future__ import annotations

import importlib.machinery
import inspect
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType

import pytest

OPERATIONS = (
    "normalize_json",
    "deterministic_hash",
    "normalize_and_hash",
    "object_to_protobuf_struct_bytes",
    "object_to_protobuf_struct_field_count",
    "process_export_payload",
    "process_export_payload_pyobject",
    "build_span_proto_bytes_pyobject",
    "build_export_spans_request_bytes_pyobject",
)


@pytest.mark.parametrize("name", [*OPERATIONS, "export_span", "verify_span"])
def test_reference_functions_are_python(reference: ModuleType, name: str) -> None:
    function = getattr(reference, name)
    assert type(function) is FunctionType
    assert function.__module__.startswith("driftcore.reference.")
    assert Path(function.__code__.co_filename).suffix == ".py"


@pytest.mark.parametrize("name", [*OPERATIONS, "export_span", "verify_span", "punts"])
def test_native_functions_are_builtins_of_the_extension(native: ModuleType, name: str) -> None:
    function = getattr(native, name)
    extension = function.__self__
    assert type(function) is BuiltinFunctionType
    assert type(extension.__loader__) is importlib.machinery.ExtensionFileLoader
    assert Path(extension.__file__).name.endswith(tuple(importlib.machinery.EXTENSION_SUFFIXES))
    assert extension.__name__ == "driftcore_native._core"


def test_both_offer_the_nine_operations(core: ModuleType) -> None:
    assert set(OPERATIONS) <= set(dir(core))
    assert set(OPERATIONS) <= set(core.__all__)
    assert len(OPERATIONS) == 9


def test_both_offer_the_same_functions_but_for_those_that_tell_of_the_core(
    reference: ModuleType, native: ModuleType
) -> None:
    assert set(native.__all__) - set(reference.__all__) == {"__version__", "assumptions", "punts"}
    assert set(reference.__all__) <= set(native.__all__)


@pytest.mark.parametrize("name", [*OPERATIONS, "export_span", "verify_span"])
def test_signatures_are_equal(reference: ModuleType, native: ModuleType, name: str) -> None:
    python = inspect.signature(getattr(reference, name)).parameters.values()
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in python]
    assert plain == list(inspect.signature(getattr(native, name)).parameters.values())


def test_a_span_takes_29_arguments(core: ModuleType) -> None:
    assert len(inspect.signature(core.build_span_proto_bytes_pyobject).parameters) == 29


def test_both_know_their_names(core: ModuleType) -> None:
    assert [getattr(core, name).__name__ for name in OPERATIONS] == list(OPERATIONS)


def test_versions_are_equal(native: ModuleType) -> None:
    driftcore = importlib.import_module("driftcore")
    assert native.__version__ == driftcore.__version__
