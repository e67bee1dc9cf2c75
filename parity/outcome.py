"""What a call came to: a value, an error, no return, or no verdict.  Never a text of one."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Optional, Union

from .raised import arguments_of, attributes_of, cause_of, class_of, message_of, suppresses_context

NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True)
class Said:
    """What a call printed, on stdout and on stderr, and each warning by class and text."""

    output: str = ""
    errors: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Value:
    """What the call returned; `said` is None where nobody listened."""

    value: object
    said: Optional[Said] = field(default=None, init=False)


@dataclass(frozen=True, init=False)
class Error:
    """What the call raised.

    `kind` is the class's qualified name, of builtins without the module, and `of` the class itself.
    `position` is where in a text the error says it is, None for errors that name no place.
    `arguments` are the exception's `args`, `attributes` all else that it holds by name, its notes
    under `__notes__`.  `suppressed`: whether its context is not to be shown.  `causes` are its
    `__cause__`, the cause of that and so on, without causes of their own; where that leads back to
    one of them or to the error itself, `loops` counts how far back.
    """

    kind: str
    message: str
    position: Optional[int]
    arguments: tuple[object, ...]
    attributes: Mapping[str, object]
    suppressed: bool
    causes: tuple[Error, ...]
    loops: int
    of: Optional[type] = field(repr=False)
    said: Optional[Said] = None

    def __init__(
        self,
        kind: str,
        message: str,
        position: int | None = None,
        arguments: tuple[object, ...] = (),
        attributes: Mapping[str, object] = NOTHING,
        suppressed: bool = False,
        causes: tuple[Error, ...] = (),
        loops: int = 0,
        of: type | None = None,
    ) -> None:
        # Many calls end with an error, and setting a frozen field by field costs thrice as much.
        self.__dict__.update(
            kind=kind,
            message=message,
            position=position,
            arguments=arguments,
            attributes=attributes,
            suppressed=suppressed,
            causes=causes,
            loops=loops,
            of=of,
        )


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
    """The call asked for more memory than a subject may have beyond what its process had, in bytes."""

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

Ending = Union[Crash, Hang, OutOfMemory]
"""What a call came to that did not return to its caller."""

Outcome = Union[Value, Error, Ending, NoVerdict]


def with_said(outcome: Outcome, said: Said) -> Outcome:
    """An outcome of a call that was listened to."""
    if isinstance(outcome, (Value, Error)):
        outcome.__dict__.update(said=said)
    return outcome


def observe(function: Callable[..., object], arguments: tuple[object, ...]) -> Outcome:
    """Call a function and keep what comes of it.

    Every `BaseException` is an outcome: a Rust panic arrives as one, and a subject that raises `SystemExit`
    or `KeyboardInterrupt` must not end the run.  A person's interrupt does not reach who calls subjects.
    """
    try:
        return Value(function(*arguments))
    except BaseException as error:
        return error_of(error)


def error_of(error: BaseException) -> Error:
    """An exception as an outcome, with its causes."""
    first = _alone(error)
    cause = cause_of(error)
    if cause is None:
        return first
    chain = {id(error): error}
    while cause is not None and id(cause) not in chain:
        chain[id(cause)] = cause
        cause = cause_of(cause)
    loops = 0 if cause is None else len(chain) - list(chain).index(id(cause))
    first.__dict__.update(causes=tuple(_alone(one) for one in list(chain.values())[1:]), loops=loops)
    return first


def _alone(error: BaseException) -> Error:
    of = class_of(error)
    held = attributes_of(error, of)
    position = held.get(of.position)
    return Error(
        of.name,
        message_of(error),
        position if type(position) is int else None,
        arguments_of(error),
        held,
        suppresses_context(error),
        of=of.kind,
    )
