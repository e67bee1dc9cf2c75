"""The first difference between two outcomes.

`==` would hide key order, 1 / 1.0 / True, -0.0, and call NaN different from
itself, so trees are walked: exact type first, then length and keys in order, then
contents; floats by their bits.  The walk keeps its own stack, as a value may be
nested deeper than the interpreter allows calls to be.
"""

from __future__ import annotations

import marshal
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .outcome import Error, Outcome, Value

Path = Optional[tuple["Path", object]]
"""The way to a value, its last step first: a key of a dict, an index of a list, the name of a result."""


CHANGED_ARGUMENTS, REFERENCES, MEMORY = BESIDE = (
    "arguments after the call",
    "references",
    "memory blocks kept",
)
"""Reasons that say what a call did beside answering."""

ASKED_AGAIN = "asked again"
"""Begins the reason of a difference between two answers of one subject to one case."""


@dataclass(frozen=True)
class Difference:
    """Where two outcomes part, why, and what stands there on each side.

    `path` is `$.rows[3].price` for trees; a text or bytes that differs adds `offset 12`
    or `byte 12`, counted from 0.  `reason` is one of a closed list:
    outcome, error class, error message, error position, error arguments, type, length,
    keys, key order, value; and, beside the first answer, those of `BESIDE`.
    """

    path: str
    reason: str
    expected: object
    actual: object
    at: int | None = None
    """The offset or byte, where the path has one."""


def compare(expected: Outcome, actual: Outcome, results: tuple[str, ...] = ()) -> Difference | None:
    """First difference between two outcomes, or None.

    `results` names the members of a tuple result, for the path.

    One rule is looser: of a RecursionError only the class counts, because its message
    tells where the stack happened to end, which differs between Python versions.
    """
    if isinstance(expected, Value) and isinstance(actual, Value):
        return compare_values(expected.value, actual.value, results)
    if isinstance(expected, Error) and isinstance(actual, Error):
        return _compare_errors(expected, actual)
    return Difference("$", "outcome", expected, actual)


def _compare_errors(expected: Error, actual: Error) -> Difference | None:
    if expected.kind != actual.kind:
        return Difference("$", "error class", expected, actual)
    if expected.kind == "RecursionError":
        return None
    if expected.message != actual.message:
        return Difference("$", "error message", expected, actual)
    if expected.position != actual.position:
        return Difference("$", "error position", expected, actual)
    if not _same_arguments(expected.arguments, actual.arguments):
        return Difference("$", "error arguments", expected, actual)
    return None


def _same_arguments(expected: tuple[object, ...], actual: tuple[object, ...]) -> bool:
    """Arguments of exceptions may be of any type; those that hold no plain values count by their text."""
    return len(expected) == len(actual) and all(
        compare_values(left, right) is None or (type(left) is type(right) and repr(left) == repr(right))
        for left, right in zip(expected, actual)
    )


MARSHAL_TREES, MARSHAL_CYCLES = 2, 4


def identical(expected: Any, actual: Any, version: int = MARSHAL_TREES) -> bool:
    """Whether two values are surely equal, found out fast; False says nothing.

    `marshal` in its version 2 writes exact types, key order and float bits, interns nothing, and
    refuses what is not of a plain type.  It never ends on what holds itself twice; version 4 does, but
    tells equal values apart that were made in different ways.
    """
    kind = type(expected)
    if kind is not type(actual):
        return False
    if kind is str or kind is bytes or kind is int:
        return bool(expected == actual)
    try:
        return marshal.dumps(expected, version) == marshal.dumps(actual, version)
    except ValueError:
        return False


def compare_values(expected: object, actual: object, results: tuple[str, ...] = ()) -> Difference | None:
    """First difference between two values in document order, or None."""
    if identical(expected, actual):
        return None
    pending: list[tuple[object, object, Path]] = [(expected, actual, None)]
    while pending:
        left, right, path = pending.pop()
        kind = type(left)
        if kind is not type(right):
            return Difference(_written(path), "type", left, right)
        if kind is dict:
            assert isinstance(left, dict) and isinstance(right, dict)
            found = _compare_keys(left, right, path)
            if found is not None:
                return found
            pending += [(item, right[key], (path, key)) for key, item in reversed(left.items())]
        elif kind is list or kind is tuple:
            assert isinstance(left, (list, tuple)) and isinstance(right, (list, tuple))
            if len(left) != len(right):
                return Difference(_written(path), "length", left, right)
            steps: Sequence[object] = (
                results if path is None and len(results) == len(left) else range(len(left))
            )
            pending += [(left[at], right[at], (path, steps[at])) for at in range(len(left) - 1, -1, -1)]
        else:
            found = _compare_scalars(left, right, path)
            if found is not None:
                return found
    return None


def _compare_keys(left: dict[object, object], right: dict[object, object], path: Path) -> Difference | None:
    """Key sets before key order; both say which keys they saw.  Keys are compared with their types."""
    expected, actual = list(left), list(right)
    if expected == actual and all(type(one) is type(other) for one, other in zip(expected, actual)):
        return None
    same_keys = len(expected) == len(actual) and all(key in right for key in expected)
    return Difference(_written(path), "key order" if same_keys else "keys", expected, actual)


def _compare_scalars(left: object, right: object, path: Path) -> Difference | None:
    """Two values of one type that hold no others.  A type no operation returns is never equal."""
    if isinstance(left, float) and isinstance(right, float):
        if struct.pack("<d", left) == struct.pack("<d", right):
            return None
        return Difference(_written(path), "value", left, right)
    if isinstance(left, (bytes, str)) and isinstance(right, (bytes, str)):
        if left == right:
            return None
        unit, at = "offset" if isinstance(left, str) else "byte", first_difference(left, right)
        return Difference(f"{_written(path)} {unit} {at}", "value", left, right, at)
    if left is None or (isinstance(left, int) and left == right):
        return None
    return Difference(_written(path), "value", left, right)


def first_difference(left: str | bytes, right: str | bytes) -> int:
    """The first index at which two texts or two runs of bytes differ."""
    for at, (one, other) in enumerate(zip(left, right)):
        if one != other:
            return at
    return min(len(left), len(right))


def _written(path: Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        plain = isinstance(step, str) and step.isidentifier()
        steps.append(f".{step}" if plain else f"[{step!r}]")
    return "$" + "".join(reversed(steps))
