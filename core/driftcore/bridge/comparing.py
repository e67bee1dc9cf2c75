"""The core's outcome of a call against the reference's: a value or an exception."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Optional

from driftcore import reference
from driftcore.bridge.sameness import same


def difference(function: str, arguments: tuple[Any, ...], actual: Any) -> Optional[str]:
    """How the core's outcome differs from the reference's, without values; None if it does not."""
    expected = outcome(reference, function, arguments)
    return None if _alike(expected, actual) else f"{_kind(expected)} against {_kind(actual)}"


def outcome(side: ModuleType, function: str, arguments: tuple[Any, ...]) -> Any:
    """What a call returns, or the exception it raises."""
    call = getattr(side, function)
    try:
        return call(*arguments)
    except Exception as error:
        return error


def _alike(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Exception) or isinstance(actual, Exception):
        return type(expected) is type(actual) and str(expected) == str(actual)
    return same(expected, actual)


def _kind(one: Any) -> str:
    return f"{type(one).__name__} raised" if isinstance(one, Exception) else "a value"
