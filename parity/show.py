"""Values as a person reads them: with their types, shortened, around the place where two part."""

from __future__ import annotations

import sys

from .outcome import Crash, Error, Hang, NoVerdict, Outcome, OutOfMemory, Value

AROUND = 40
"""How many characters or bytes are shown on each side of the place where two texts part."""


def full(value: object) -> str:
    """`repr`, also of ints longer than the interpreter likes to print and of objects that refuse."""
    restore = getattr(sys, "get_int_max_str_digits", None)
    limit = restore() if restore else 0
    try:
        if restore:
            sys.set_int_max_str_digits(0)
        return repr(value)
    except BaseException as error:
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    finally:
        if restore:
            sys.set_int_max_str_digits(limit)


def outcome(value: Outcome) -> str:
    """An outcome in full."""
    if isinstance(value, Value):
        return f"returned {type(value.value).__name__} {full(value.value)}"
    if not isinstance(value, Error):
        return str(value)
    place = "" if value.position is None else f" (position {value.position})"
    return f"raised {value.kind}: {value.message}{place}"


def shortened(text: str, limit: int = 300) -> str:
    """A text with its middle left out where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    kept = limit // 2
    return f"{text[:kept]} … {len(text) - 2 * kept:,} characters left out … {text[-kept:]}"


def typed(value: object, at: int | None = None) -> str:
    """A value behind its type; `at` is the index around which a text or bytes are shown."""
    if isinstance(value, Value):
        return typed(value.value)
    if isinstance(value, Error):
        place = "" if value.position is None else f" (position {value.position})"
        return f"raised {value.kind}: {shortened(value.message)}{place}"
    if isinstance(value, (Crash, Hang, OutOfMemory, NoVerdict)):
        return str(value)
    if at is not None and isinstance(value, (str, bytes)):
        return f"{type(value).__name__} {_window(value, at)}"
    return f"{type(value).__name__} {shortened(full(value))}"


def _window(value: str | bytes, at: int) -> str:
    start = max(0, at - AROUND)
    before = "…" if start else ""
    after = "…" if len(value) > at + AROUND else ""
    return f"{before}{value[start : at + AROUND]!r}{after} (length {len(value):,})"


def arguments(names: tuple[str, ...], values: tuple[object, ...], limit: int = 300) -> str:
    """Arguments as a call writes them, each shortened to `limit` characters."""
    return ", ".join(f"{name}={shortened(full(value), limit)}" for name, value in zip(names, values))
