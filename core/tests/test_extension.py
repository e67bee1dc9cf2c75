"""The extension as a module: its digit limit, what it leaves of the collector, modules made by half."""

from __future__ import annotations

import gc
import importlib.util
import sys
from types import ModuleType
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
