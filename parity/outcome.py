"""What a call came to: a value or an error, never a text of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class Value:
    """What the call returned."""

    value: object


@dataclass(frozen=True)
class Error:
    """What the call raised.

    `kind` is the class's qualified name, of builtins without the module.  `position`
    is where in a text the error says it is, None for errors that name no place.
    """

    kind: str
    message: str
    position: int | None = None


Outcome = Union[Value, Error]


def observe(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    """Call a function and keep what comes of it.

    What a person or the interpreter uses to stop the run passes through.  Any other
    `BaseException` is an outcome too: a Rust panic arrives as one.
    """
    try:
        return Value(function(*arguments))
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        return Error(_qualified_name(type(error)), _message(error), _position(error))


def _qualified_name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"<no message: str() raised {type(second).__name__}>"


def _position(error: BaseException) -> int | None:
    if isinstance(error, UnicodeError):
        return getattr(error, "start", None)
    position = getattr(error, "pos", None)
    return position if isinstance(position, int) else None
