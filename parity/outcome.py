"""What a call came to: a value, an error, a crash, a hang, no memory, or no verdict.  Never a text of one."""

from __future__ import annotations

import signal
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
    `arguments` are the exception's `args`.
    """

    kind: str
    message: str
    position: int | None = None
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True)
class Crash:
    """The call ended its process: by a signal, or by an exit status where `signal` is 0."""

    signal: int
    status: int = 0

    def __str__(self) -> str:
        if not self.signal:
            return f"ended its process with status {self.status}"
        try:
            return f"crashed with {signal.Signals(self.signal).name}"
        except ValueError:
            return f"crashed with signal {self.signal}"


@dataclass(frozen=True)
class Hang:
    """The call had not ended after so many seconds, and its process was killed."""

    seconds: float

    def __str__(self) -> str:
        return f"had not ended after {self.seconds:g} s"


@dataclass(frozen=True)
class OutOfMemory:
    """The call asked for more memory than it may take, `limit` bytes beyond what its process had."""

    limit: int

    def __str__(self) -> str:
        return f"asked for more than {self.limit:,} bytes of memory"


@dataclass(frozen=True)
class NoVerdict:
    """The call says nothing for or against the subject; the reason is one of a closed list, `REASONS`."""

    reason: str

    def __str__(self) -> str:
        return f"no verdict: {self.reason}"


REFERENCE_LOST = "the reference crashed or hung"
REFERENCE_UNSTEADY = "the reference, asked again, answers differently"
CRASH_CAP = "too many crashes and hangs before it"
REASONS = (REFERENCE_LOST, REFERENCE_UNSTEADY, CRASH_CAP)

Outcome = Union[Value, Error, Crash, Hang, OutOfMemory, NoVerdict]


def observe(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    """Call a function and keep what comes of it.

    Every `BaseException` is an outcome: a Rust panic arrives as one, and a subject that raises `SystemExit`
    or `KeyboardInterrupt` must not end the run.  A person's interrupt does not reach who calls subjects.
    """
    try:
        return Value(function(*arguments))
    except BaseException as error:
        return Error(_qualified_name(type(error)), _message(error), _position(error), error.args)


def _qualified_name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException as second:
        return f"<no message: str() raised {type(second).__name__}>"


def _position(error: BaseException) -> int | None:
    if isinstance(error, UnicodeError):
        return getattr(error, "start", None)
    position = getattr(error, "pos", None)
    return position if isinstance(position, int) else None
