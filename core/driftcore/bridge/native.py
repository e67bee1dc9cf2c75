"""The way to the native core, and the shapes its functions promise."""

from __future__ import annotations

import os
from types import BuiltinFunctionType, ModuleType
from typing import Any

import driftcore
from driftcore.bridge.counting import IMPORT_FAILED, fell_back, was_disabled
from driftcore.bridge.loading import load
from driftcore.bridge.shadow import SHADOW_KEY, Shadowed, is_due
from driftcore.bridge.switches import BEHIND, C_KEY, ENVIRON, RUST_KEY, is_enabled, switches_on

# What each native function returns: one type, or a tuple of exactly these (None: any).
SHAPES: dict[str, type | tuple[type | None, ...]] = {
    "normalize_json": str,
    "deterministic_hash": str,
    "normalize_and_hash": (str, str),
    "process_export_payload_pyobject": (None, str, dict, str, bytes),
    "build_span_proto_bytes_pyobject": bytes,
    "export_span": (bytes, str, str, str, str, str, str, bytes, bytes),
    "build_export_spans_request_bytes_pyobject": bytes,
    "verify_span": type(None),
}

believed: dict[str, object] = dict.fromkeys(SHAPES)
"""Functions whose results need no look: C of this very version, whose shapes the harness has proved."""

# The core, and what the deciding variable held when the core was last found to be on.
_core: Any = None
_raw: Any = object()

# The names of the variables, as the dictionary has them: the same objects are found without being compared.
_c_key, _rust_key = C_KEY, RUST_KEY


class WrongShape(Exception):
    """The core returned something else than its function promises."""


def usable_core(helper: str) -> ModuleType | Shadowed | None:
    """The native module, in shadow mode at times watched by the reference.

    None, counted for this helper, where it is switched off or not importable.
    """
    if _c_key in BEHIND:
        raw = BEHIND[_c_key]
    elif _rust_key in BEHIND:
        raw = BEHIND[_rust_key]
    else:
        raw = None
    if raw is not _raw or os.environ is not ENVIRON:
        return _found(helper, raw)
    return Shadowed(_core, helper) if SHADOW_KEY in BEHIND and is_due() else _core


def _found(helper: str, raw: Any) -> ModuleType | Shadowed | None:
    """The same where something is new: the environment, or whether the core can be had."""
    global _core, _raw, _c_key, _rust_key
    is_seen = os.environ is ENVIRON
    if not (raw is None or switches_on(raw) if is_seen else is_enabled()):
        was_disabled(helper)
        return None
    loaded = load()
    if loaded.core is None:
        fell_back(helper, IMPORT_FAILED, "; ".join(filter(None, (loaded.error, loaded.remedy))))
        return None
    if loaded.core is not _core:
        _believe(loaded.core)
    if is_seen and raw is not _raw:
        _core, _raw = loaded.core, raw
        names = {name: name for name in list(BEHIND)}
        _c_key, _rust_key = names.get(C_KEY, C_KEY), names.get(RUST_KEY, RUST_KEY)
    return Shadowed(loaded.core, helper) if is_due() else loaded.core


def _believe(core: ModuleType) -> None:
    if getattr(core, "__version__", None) == driftcore.__version__:
        functions = {name: getattr(core, name, None) for name in SHAPES}
        believed.update({name: f for name, f in functions.items() if type(f) is BuiltinFunctionType})


def require_shape(function: str, result: Any) -> None:
    """Raise WrongShape for a result that has not exactly the types its function promises."""
    shape = SHAPES[function]
    if isinstance(shape, type):
        if type(result) is shape:
            return
    elif type(result) is tuple and len(result) == len(shape):
        wrong = [kind for item, kind in zip(result, shape) if kind is not None and type(item) is not kind]
        if not wrong:
            return
    raise WrongShape(f"{function} returned {_described(result)}")


def _described(result: Any) -> str:
    if isinstance(result, tuple):
        return f"({', '.join(type(item).__name__ for item in result)})"
    return type(result).__name__
