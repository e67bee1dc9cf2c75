"""The native functions without memory: `MemoryError` or the right answer, and the next call works.

CPython's own test module makes allocations fail, those of the C core included.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import cache
from types import ModuleType
from typing import Any, Optional

import pytest
from driftcore import reference

from .native_calls import ANSWERED, PUNTED, NativeCall

# json.dumps with one allocation that fails, then without: CPython alone, without the extension.
JSON_ALONE = """
import _testcapi, json, sys
def dump(): return json.dumps({"a": [1, "\\ud800"]}, ensure_ascii=False, separators=(",", ":"))
for start in range(30):
    dump()
    try:
        _testcapi.set_nomemory(start, start + 1)
        dump()
    except Exception:
        pass
    finally:
        _testcapi.remove_mem_hooks()
    dump()
"""
MOST_ALLOCATIONS = 3000
ENOUGH_SUCCESSES = 20


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


@cache
def python_outlives_a_failing_allocation() -> bool:
    """Whether this Python does while it writes JSON; 3.12.1 and 3.13.0 crash where they make a function."""
    run = subprocess.run([sys.executable, "-c", JSON_ALONE], capture_output=True, timeout=60, check=False)
    return run.returncode == 0


def name_of(value: object) -> str:
    return value.function if isinstance(value, NativeCall) else ""


@pytest.mark.parametrize("call", ANSWERED, ids=name_of)
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_a_failing_allocation_is_a_memory_error_and_nothing_worse(
    native: ModuleType, call: NativeCall, for_good: bool
) -> None:
    testcapi = pytest.importorskip("_testcapi")
    expected = call.make(native)
    successes = 0  # in a row: a call may do without one of its allocations
    for start in range(MOST_ALLOCATIONS):
        module = fresh(native)
        function = getattr(module, call.function)
        result, raised = without_memory(testcapi, function, call.given, start, 0 if for_good else start + 1)
        assert isinstance(raised, MemoryError) or (raised is None and result == expected)
        assert call.make(module) == expected
        successes = successes + 1 if raised is None else 0
        if successes == ENOUGH_SUCCESSES:
            break
    assert successes == ENOUGH_SUCCESSES
    # One that gives back what it was given, or nothing, needs no memory beside the scratch of earlier calls.
    needs_none = call.function == "verify_span" or call.make(native) is call.given[0]
    assert start >= ENOUGH_SUCCESSES or needs_none


@pytest.mark.parametrize("call", PUNTED, ids=name_of)
@pytest.mark.parametrize("start", [*range(40), *range(40, 400, 23)])
def test_a_failing_allocation_of_a_punted_call_leaves_the_extension_whole(
    native: ModuleType, call: NativeCall, start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the reference then raises is CPython's affair (3.11 at times a SystemError of its own)."""
    testcapi = pytest.importorskip("_testcapi")
    if not python_outlives_a_failing_allocation():
        # The extension looks the reference's function up at every punt; this one is C and crashes nowhere.
        monkeypatch.setattr(reference, call.function, "answered".format)
    expected = call.outcome(native)
    module = fresh(native)
    function = getattr(module, call.function)
    without_memory(testcapi, function, call.given, start, start + 1)
    assert call.outcome(module) == expected


def without_memory(
    testcapi: ModuleType, function: Any, given: list[Any], start: int, stop: int
) -> tuple[Optional[Any], Optional[Exception]]:
    """(result, what was raised) of a call whose allocations from `start` to `stop` fail"""
    try:
        testcapi.set_nomemory(start, stop)
        return function(*given), None
    except Exception as error:  # anything but this and what it catches would allocate
        return None, error
    finally:
        testcapi.remove_mem_hooks()


def test_a_module_that_cannot_be_made_is_a_memory_error_and_can_be_made_again(native: ModuleType) -> None:
    testcapi = pytest.importorskip("_testcapi")
    if not python_outlives_a_failing_allocation():
        pytest.skip("this Python crashes where json.dumps(), which the probes call, has no memory")
    extension: Any = native.normalize_json.__self__
    failures = successes = 0
    for start in range(MOST_ALLOCATIONS):
        spec = importlib.util.spec_from_file_location(extension.__name__, extension.__file__)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        _, raised = without_memory(testcapi, spec.loader.exec_module, [module], start, start + 1)
        assert raised is None or isinstance(raised, MemoryError), start
        failures += raised is not None
        successes = successes + 1 if raised is None else 0  # Python itself may do without one
        if successes == ENOUGH_SUCCESSES:
            break
    assert successes == ENOUGH_SUCCESSES
    assert failures > 5
    assert module.normalize_json("[ ]") == "[]"


def test_counts_of_punts_without_memory(native: ModuleType) -> None:
    testcapi = pytest.importorskip("_testcapi")
    module = fresh(native)
    for _ in range(300):  # beyond the small ints, which are there already
        with pytest.raises(ValueError, match="Expecting value"):
            module.normalize_json("")
    expected = module.punts()
    assert expected["syntax"] == 300
    for start in range(MOST_ALLOCATIONS):
        result, raised = without_memory(testcapi, module.punts, [], start, start + 1)
        if raised is None:
            break
        assert isinstance(raised, MemoryError)
    assert start > len(expected)
    assert result == expected == module.punts()


def test_nans_that_are_replaced_without_memory(native: ModuleType) -> None:
    """Told by their text, since none is equal to another."""
    testcapi = pytest.importorskip("_testcapi")
    value = [[float("nan")] * 40, {str(i): float("nan") for i in range(40)}]
    expected = repr(native.process_export_payload_pyobject(value, None))
    for start in range(MOST_ALLOCATIONS):
        function = fresh(native).process_export_payload_pyobject
        result, raised = without_memory(testcapi, function, [value, None], start, start + 1)
        assert isinstance(raised, MemoryError) or repr(result) == expected
        if start > ENOUGH_SUCCESSES and raised is None:
            break


def test_what_is_assumed_without_memory(native: ModuleType) -> None:
    testcapi = pytest.importorskip("_testcapi")
    expected = native.assumptions()
    for start in range(MOST_ALLOCATIONS):
        result, raised = without_memory(testcapi, native.assumptions, [], start, start + 1)
        if raised is None:
            break
        assert isinstance(raised, MemoryError)
    assert start > len(expected)
    assert result == expected == native.assumptions()


def test_instances_of_the_extension_share_no_counts(native: ModuleType) -> None:
    other = fresh(native)
    before = native.punts()
    with pytest.raises(ValueError, match="Expecting value"):
        other.normalize_json("")
    assert other.punts()["syntax"] == 1
    assert native.punts() == before
