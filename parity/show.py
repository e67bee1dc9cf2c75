"""Values as a person reads them: with their types, shortened, around the place where two part."""

from __future__ import annotations

from .members import class_name
from .outcome import Crash, Error, Hang, NoVerdict, Outcome, OutOfMemory, Value
from .written import full

__all__ = ["AROUND", "arguments", "full", "outcome", "shortened", "typed"]

AROUND = 40
"""How many characters or bytes are shown on each side of the place where two texts part."""


def outcome(value: Outcome) -> str:
    """An outcome in full."""
    if isinstance(value, Value):
        return f"returned {class_name(type(value.value))} {full(value.value)}"
    return _raised(value, value.message) if isinstance(value, Error) else str(value)


def _raised(error: Error, message: str) -> str:
    place = "" if error.position is None else f" (position {error.position})"
    return f"raised {error.kind}: {message}{place}"


def shortened(text: str, limit: int = 300) -> str:
    """A text with its middle left out where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    kept = limit // 2
    return f"{text[:kept]} … {len(text) - 2 * kept:,} characters left out … {text[-kept:]}"


def typed(value: object, at: int | None = None) -> str:
    """A value behind its type; `at` is the index around which a text or bytes are shown."""
    kind = type(value)
    if kind in (Crash, Hang, OutOfMemory, NoVerdict):
        return str(value)
    if type(value) is Value:
        return typed(value.value)
    if type(value) is Error:
        return _raised(value, shortened(value.message))
    if at is not None and (type(value) is str or type(value) is bytes or type(value) is bytearray):
        return f"{kind.__name__} {_window(value, at)}"
    return f"{class_name(kind)} {shortened(full(value))}"


def _window(value: str | bytes | bytearray, at: int) -> str:
    start = max(0, at - AROUND)
    before = "…" if start else ""
    after = "…" if len(value) > at + AROUND else ""
    return f"{before}{value[start : at + AROUND]!r}{after} (length {len(value):,})"


def arguments(names: tuple[str, ...], values: tuple[object, ...], limit: int = 300) -> str:
    """Arguments as a call writes them, each shortened to `limit` characters."""
    return ", ".join(f"{name}={shortened(full(value), limit)}" for name, value in zip(names, values))
