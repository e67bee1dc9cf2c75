"""The two subjects of every twin test, and the digit limit of the running interpreter."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Callable, Union

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
