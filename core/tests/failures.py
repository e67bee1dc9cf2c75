"""What a call raises, for tests that compare class and message."""

from __future__ import annotations

from typing import Any, Callable


def failure(function: Callable[..., object], *arguments: Any, **keywords: Any) -> Exception:
    """The exception of a call; a call that returns is a failed test."""
    try:
        result = function(*arguments, **keywords)
    except Exception as error:
        return error
    raise AssertionError(f"returned {result!r:.200} instead of raising")


def told(function: Callable[..., object], *arguments: Any, **keywords: Any) -> tuple[type[Exception], str]:
    """(exact class, message) of a call's exception"""
    error = failure(function, *arguments, **keywords)
    return type(error), str(error)
