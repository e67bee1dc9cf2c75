"""The way to the native core, and the shapes its functions promise."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from driftcore.bridge.counting import IMPORT_FAILED, fell_back, was_disabled
from driftcore.bridge.loading import load
from driftcore.bridge.shadow import Shadowed, is_due
from driftcore.bridge.switches import is_enabled

# What each native function returns: one type, or a tuple of exactly these.
SHAPES: dict[str, type | tuple[type, ...]] = {
    "normalize_json": str,
    "deterministic_hash": str,
    "normalize_and_hash": (str, str),
    "process_export_payload_pyobject": (object, str, dict, str, bytes),
    "build_span_proto_bytes_pyobject": bytes,
    "export_span": (bytes, str, str, str, str, str, str, bytes, bytes),
    "build_export_spans_request_bytes_pyobject": bytes,
    "verify_span": type(None),
}


class WrongShape(Exception):
    """The core returned something else than its function promises."""


def usable_core(helper: str) -> ModuleType | Shadowed | None:
    """The native module, in shadow mode at times watched by the reference.

    None, counted for this helper, where it is switched off or not importable.
    """
    if not is_enabled():
        was_disabled(helper)
        return None
    loaded = load()
    if loaded.core is None:
        fell_back(helper, IMPORT_FAILED, f"{loaded.error}; {loaded.remedy}")
        return None
    return Shadowed(loaded.core, helper) if is_due() else loaded.core


def shaped(function: str, result: Any) -> Any:
    """The result as it is, if it has the shape its function promises.  Raises WrongShape."""
    shape = SHAPES[function]
    if type(result) is not shape and not _fits(result, shape):
        raise WrongShape(f"{function} returned {_described(result)}")
    return result


def _fits(result: Any, shape: type | tuple[type, ...]) -> bool:
    if isinstance(shape, type):
        return isinstance(result, shape)
    return isinstance(result, tuple) and len(result) == len(shape) and all(map(isinstance, result, shape))


def _described(result: Any) -> str:
    if isinstance(result, tuple):
        return f"({', '.join(type(item).__name__ for item in result)})"
    return type(result).__name__
