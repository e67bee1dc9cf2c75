"""The import of the native module: lazy, once per process, safe with threads and after a fork.

A module that is not there stays away.  Anything else that an import raises may pass, as too many open files
do, and is tried again at growing intervals: what Python and the loader say of a shortage is no sure sign.

A fork waits until an import under way in another thread is done (the way `logging` guards
its own lock): a child could never finish what a thread it does not have has begun.
"""

from __future__ import annotations

import os
import sys
import threading
from time import monotonic
from types import ModuleType
from typing import NamedTuple, Optional

MODULE = "driftcore_native"

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 60.0
"""Between two attempts: twice as long each time, until one call a minute pays for an import."""


class Loaded(NamedTuple):
    """The native module, or None with what its import raised, as `"ImportError: message"`, and what may help.

    `again_at` is the `time.monotonic()` from which on the import is tried again, None for never.
    """

    core: Optional[ModuleType]
    error: Optional[str] = None
    remedy: Optional[str] = None
    again_at: Optional[float] = None


_lock = threading.RLock()
_loaded: Optional[Loaded] = None
_attempts = 0


def load() -> Loaded:
    """The native module; the first call imports it, and a failure is remembered too, at least for a while.

    Only an `Exception` counts as failure.  A `BaseException` (a Ctrl-C during the import)
    passes through, and the next call tries again.
    """
    loaded = _loaded
    return _load_now() if loaded is None or _is_due(loaded) else loaded


def _is_due(loaded: Loaded) -> bool:
    return loaded.again_at is not None and monotonic() >= loaded.again_at


def _load_now() -> Loaded:
    global _loaded, _attempts
    with _lock:
        if _loaded is None or _is_due(_loaded):
            _attempts += 1
            _loaded = _import(pause_s=min(FIRST_PAUSE_S * 2 ** min(_attempts - 1, 10), LONGEST_PAUSE_S))
        return _loaded


def _import(pause_s: float) -> Loaded:
    if _is_without_gil():
        return Loaded(
            None,
            f"ImportError: this process runs without the GIL, which {MODULE} needs and would switch on",
            "a Python with the GIL can use it",
        )
    try:
        return Loaded(import_core())
    except Exception as error:
        again_at = None if isinstance(error, ModuleNotFoundError) else monotonic() + pause_s
        return Loaded(None, _described(error), _remedy(error), again_at)


def import_core() -> ModuleType:
    """The native module.  By a statement, which programs that freeze an application see."""
    import driftcore_native

    return driftcore_native


def _is_without_gil() -> bool:
    """Whether this is a free-threaded build whose GIL is off (`sys._is_gil_enabled` exists since 3.13)."""
    is_gil_enabled = getattr(sys, "_is_gil_enabled", None)
    return is_gil_enabled is not None and not is_gil_enabled()


def _described(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # its own `__str__` raised
        return type(error).__name__


def _remedy(error: Exception) -> Optional[str]:
    """Nothing is ever installed from here; a person is told how to, unless the error does."""
    if "driftcore-native" in _described(error):
        return None
    if isinstance(error, (OSError, MemoryError, RecursionError)):
        return "it is tried again"
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
