"""The one import of the native module: lazy, once per process, safe with threads and after a fork.

A fork waits until an import under way in another thread is done (the way `logging` guards
its own lock): a child could never finish what a thread it does not have has begun.
"""

from __future__ import annotations

import importlib
import os
import threading
from types import ModuleType
from typing import NamedTuple

MODULE = "driftcore_native"


class Loaded(NamedTuple):
    """The native module, or None with what its import raised, as `"ImportError: message"`, and what helps."""

    core: ModuleType | None
    error: str | None = None
    remedy: str | None = None


_lock = threading.RLock()
_loaded: Loaded | None = None


def load() -> Loaded:
    """The native module; the first call imports it, and a failure is remembered too.

    Only an `Exception` counts as failure.  A `BaseException` (a Ctrl-C during the import)
    passes through, and the next call tries again.
    """
    return _load_once() if _loaded is None else _loaded


def _load_once() -> Loaded:
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = _import()
        return _loaded


def _import() -> Loaded:
    try:
        return Loaded(importlib.import_module(MODULE))
    except Exception as error:
        return Loaded(None, f"{type(error).__name__}: {error}", _remedy(error))


def _remedy(error: Exception) -> str:
    """Nothing is ever installed from here; a person is told how to."""
    if isinstance(error, ModuleNotFoundError) and error.name == MODULE:
        return "pip install 'driftcore[native]' brings it, where there is a wheel or a C compiler"
    return "pip install --force-reinstall driftcore-native, with the Python that runs this"


def _renew_lock() -> None:
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _lock.acquire(),
        after_in_parent=lambda: _lock.release(),
        after_in_child=_renew_lock,
    )
