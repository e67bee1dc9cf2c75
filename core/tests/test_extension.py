"""The extension as a module: its digit limit, what it leaves of the collector, modules made by half."""

from __future__ import annotations

import gc
import importlib.util
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from .test_no_memory import fresh

MANY_DIGITS = "[" + "1" * 5000 + "]"


def test_a_python_without_a_limit_on_digits(native: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """As early releases of 3.9 and 3.10 are."""
    monkeypatch.delattr(sys, "get_int_max_str_digits", raising=False)
    other = fresh(native)
    assert other.normalize_json(MANY_DIGITS) == MANY_DIGITS
    assert other.punts()["digits"] == 0


@pytest.mark.parametrize("answer", [RuntimeError("not now"), "4300", -1])
def test_a_limit_that_cannot_be_asked_for_leaves_ints_to_the_reference(
    native: ModuleType, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    def limit() -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(sys, "get_int_max_str_digits", limit, raising=False)
    other = fresh(native)
    text = "[" + "1" * 700 + "]"
    assert other.normalize_json(text) == text
    assert other.assumptions()["digit limit"]["holds"] is False
    assert other.punts()["assumption"] == 1


@pytest.mark.parametrize("limit", [[].pop, "text".upper], ids=["raises", "gives no int"])
def test_a_limit_of_python_that_cannot_be_had_leaves_ints_to_the_reference(
    native: ModuleType, monkeypatch: pytest.MonkeyPatch, limit: object
) -> None:
    monkeypatch.setattr(sys, "get_int_max_str_digits", limit, raising=False)
    other = fresh(native)
    text = "[" + "1" * 700 + "]"
    assert other.normalize_json(text) == text
    assert other.punts()["digits"] == 1


@pytest.mark.parametrize("threshold", [700, "many", None], ids=str)
def test_another_threshold_for_the_limit_is_noticed(
    native: ModuleType, monkeypatch: pytest.MonkeyPatch, threshold: object
) -> None:
    if not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    info = SimpleNamespace(str_digits_check_threshold=threshold) if threshold is not None else object()
    monkeypatch.setattr(sys, "int_info", info)
    assert fresh(native).assumptions()["digit limit"]["holds"] is False


@pytest.mark.parametrize("module", ["json", "base64", "struct", "_collections_abc"])
def test_an_interpreter_without_a_module_that_is_compared_refuses_the_import(
    native: ModuleType, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=module):
        fresh(native)


def test_modules_that_are_compared_are_imported_where_they_are_not(native: ModuleType) -> None:
    extension: Any = native.normalize_json.__self__
    code = (
        "import importlib.util, sys; before = 'json' in sys.modules;"
        f"spec = importlib.util.spec_from_file_location({extension.__name__!r}, {extension.__file__!r});"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module);"
        "print(before, 'json' in sys.modules, all(row['holds'] for row in module.assumptions().values()))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "False True True\n", done.stderr


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(native: ModuleType, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        native.process_export_payload_pyobject({"a": [1, {"b": 2}]}, None)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_a_subclass_of_str_is_answered_by_a_str(native: ModuleType) -> None:
    class Text(str):
        pass

    answer = native.normalize_json(Text('{"a":[1]}'))
    assert answer == '{"a":[1]}'
    assert type(answer) is str


def test_a_module_that_was_made_and_never_run_can_be_collected(native: ModuleType) -> None:
    extension: Any = native.normalize_json.__self__
    spec = importlib.util.spec_from_file_location(extension.__name__, extension.__file__)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    gc.collect()
    del module
    gc.collect()
    assert native.normalize_json("[]") == "[]"
