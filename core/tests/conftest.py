"""The two subjects of every twin test, the running interpreter's digit limit, a bridge in shadow mode."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Callable, Union

import pytest


def _load(name: str) -> Union[ModuleType, ImportError]:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        return error


# Imported before any test runs, because some tests put fakes in their places.
SUBJECTS = {"reference": _load("driftcore.reference"), "native": _load("driftcore_native")}


def _subject(name: str) -> ModuleType:
    """One that cannot be imported is an error of every test that asks for it, never a skip."""
    subject = SUBJECTS[name]
    if isinstance(subject, ImportError):
        raise subject
    return subject


@pytest.fixture(params=SUBJECTS)
def core(request: pytest.FixtureRequest) -> ModuleType:
    """Either subject."""
    return _subject(request.param)


@pytest.fixture
def reference() -> ModuleType:
    return _subject("reference")


@pytest.fixture
def native() -> ModuleType:
    return _subject("native")


@pytest.fixture
def set_digit_limit() -> Iterator[Callable[[int], None]]:
    """`sys.set_int_max_str_digits`, undone after the test."""
    if not hasattr(sys, "set_int_max_str_digits"):
        pytest.skip("this Python has no limit on digits")
    before = sys.get_int_max_str_digits()
    yield sys.set_int_max_str_digits
    sys.set_int_max_str_digits(before)


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """A bridge with counts of its own that shadows every call and keeps files in `tmp_path`."""
    for name in [name for name in sys.modules if name.startswith("driftcore.bridge")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delenv("TUSK_CORE_SHADOW_ALLOW", raising=False)
    monkeypatch.setenv("TUSK_USE_C_CORE", "1")
    monkeypatch.setenv("TUSK_CORE_SHADOW", "1")
    monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(tmp_path))
    return importlib.import_module("driftcore.bridge")


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch, native: ModuleType) -> Callable[..., None]:
    """Puts a core in the place of the native one, with some of its functions changed."""

    def put(**changed: Any) -> None:
        functions = {name: getattr(native, name) for name in native.__all__}
        core: Any = SimpleNamespace(**{**functions, **changed})
        monkeypatch.setitem(sys.modules, "driftcore_native", core)

    return put
