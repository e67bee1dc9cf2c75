"""The first difference between two outcomes.

`==` would hide key order, 1 / 1.0 / True, -0.0, call NaN different from itself, and ask the objects,
so values are taken apart instead (`parity.anatomy`) and walked in pairs: exact class first, then
length and keys in order, then contents; floats by their bits; sets without order.  Of what
cannot be taken apart only the same object is equal.  The walk keeps its own stack, as a value may be
nested deeper than the interpreter allows calls to be, and sees where values hold themselves.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, Optional

from . import show
from .anatomy import ITSELF, Anatomy, Incomparable, Seen, take_any
from .nodes import Marks
from .outcome import Error, Outcome, Said, Value
from .streams import ATOMS, are_atoms, surely_equal

Path = Optional[tuple["Path", object]]
"""The way to a value, its last step first: a key of a dict, an index of a list, the name of a result."""


CHANGED_ARGUMENTS, REFERENCES, MEMORY = BESIDE = (
    "arguments after the call",
    "references",
    "memory blocks kept",
)
"""Reasons that say what a call did beside answering."""

SAID = PRINTED, WARNED = "printed output", "warnings"
"""Reasons that say what a call told besides, where subjects are listened to."""

ASKED_AGAIN = "asked again"
"""Begins the reason of a difference between two answers of one subject to one case."""

NO_WAY = "no way to compare"
"""The reason where two objects of one class show nothing of what they hold, and are not the same one."""


@dataclass(frozen=True)
class Difference:
    """Where two outcomes part, why, and what stands there on each side.

    `path` is `$.rows[3].price` for trees; a text or bytes that differs adds `offset 12`
    or `byte 12`, counted from 0.  `reason` is one of a closed list:
    outcome, error class, error message, error position, error arguments, error attributes, error notes,
    error suppresses context, error cause, type, length, keys, key order, members, attributes, cycle,
    value, no way to compare, those of `SAID`; and, beside the first answer, those of `BESIDE`.
    """

    path: str
    reason: str
    expected: object
    actual: object
    at: int | None = None
    """The offset or byte, where the path has one."""


def compare(expected: Outcome, actual: Outcome, results: tuple[str, ...] = ()) -> Difference | None:
    """First difference between two outcomes, or None.

    `results` names the members of a tuple result, for the path.  What calls printed and warned is
    compared where both were listened to.

    One rule is looser: of a RecursionError only the class counts, because its message
    tells where the stack happened to end, which differs between Python versions.
    """
    if isinstance(expected, Value) and isinstance(actual, Value):
        found = compare_values(expected.value, actual.value, results)
    elif isinstance(expected, Error) and isinstance(actual, Error):
        found = _compare_errors(expected, actual)
    else:
        return Difference("$", "outcome", expected, actual)
    if found is None and expected.said is not None and actual.said is not None:
        found = _compare_said(expected.said, actual.said)
    return found


# ---- errors and what was said -----------------------------------------------------


def _compare_errors(expected: Error, actual: Error) -> Difference | None:
    found = _compare_alone(expected, actual)
    if found is not None or expected.kind == "RecursionError":
        return found
    path = "$"
    for left, right in zip(expected.causes, actual.causes):
        path += ".__cause__"
        inner = _compare_alone(left, right)
        if inner is not None:
            return under(path, "error cause", inner)
    if len(expected.causes) != len(actual.causes) or expected.loops != actual.loops:
        count = min(len(expected.causes), len(actual.causes))
        nexts = _next_cause(expected, count), _next_cause(actual, count)
        return Difference(f"{path}.__cause__", "error cause", *nexts)
    return None


def _next_cause(error: Error, at: int) -> Error | str:
    if at < len(error.causes):
        return error.causes[at]
    return f"the error {error.loops - 1} causes before" if error.loops else "no cause"


def _compare_alone(expected: Error, actual: Error) -> Difference | None:
    """Two errors but for their causes."""
    if expected.kind != actual.kind or not _same_class(expected.of, actual.of):
        return Difference("$", "error class", expected, actual)
    if expected.kind == "RecursionError" or _surely_alike(expected, actual):
        return None
    if expected.message != actual.message:
        return Difference("$", "error message", expected, actual)
    if expected.position != actual.position:
        return Difference("$", "error position", expected, actual)
    if expected.suppressed != actual.suppressed:
        return Difference("$", "error suppresses context", expected.suppressed, actual.suppressed)
    return _compare_members(
        "args", "error arguments", expected.arguments, actual.arguments
    ) or _compare_attributes(dict(expected.attributes), dict(actual.attributes))


def _surely_alike(expected: Error, actual: Error) -> bool:
    """Whether two errors of one class hold the same atoms, found out fast; False says nothing."""
    return (
        len(expected.arguments) == len(actual.arguments)
        and len(expected.attributes) == len(actual.attributes)
        and _equal_atoms(_flat(expected), _flat(actual))
    )


def _flat(error: Error) -> tuple[object, ...]:
    held = error.attributes
    return error.message, error.position, error.suppressed, *error.arguments, *held, *held.values()


def _same_class(expected: type | None, actual: type | None) -> bool:
    """Two classes may have one name; of an error that was put together here the class is not known."""
    return expected is actual or expected is None or actual is None


def _compare_attributes(expected: dict[str, object], actual: dict[str, object]) -> Difference | None:
    """The order of attributes does not count: it is the order in which they were set."""
    notes = [held.pop("__notes__", None) for held in (expected, actual)]
    if expected.keys() != actual.keys():
        return Difference("$", "error attributes", sorted(expected), sorted(actual))
    for name in sorted(expected):
        found = _compare_members(name, "error attributes", expected[name], actual[name])
        if found is not None:
            return found
    return _compare_members("__notes__", "error notes", *notes)


def _compare_members(name: str, reason: str, expected: object, actual: object) -> Difference | None:
    found = compare_values(expected, actual)
    if found is None:
        return None
    return under(f"$.{name}", reason, found)


def under(path: str, reason: str, found: Difference) -> Difference:
    """A difference within a part of something larger, which lies at `path` and differs by `reason`."""
    why = NO_WAY if found.reason == NO_WAY else reason
    return Difference(path + found.path[1:], why, found.expected, found.actual, found.at)


def _compare_said(expected: Said, actual: Said) -> Difference | None:
    for name, left, right in (
        ("stdout", expected.output, actual.output),
        ("stderr", expected.errors, actual.errors),
    ):
        if left != right:
            at = first_difference(left, right)
            return Difference(f"{name} offset {at}", PRINTED, left, right, at)
    if expected.warnings != actual.warnings:
        return Difference("warnings", WARNED, expected.warnings, actual.warnings)
    return None


# ---- values, fast --------------------------------------------------------------------


def identical(expected: Any, actual: Any) -> bool:
    """Whether two values are surely equal, found out fast; False says nothing."""
    kind = type(expected)
    if kind is not type(actual):
        return False
    if id(kind) in ATOMS:
        return bool(expected == actual)
    if kind is tuple and _equal_atoms(expected, actual):
        return True
    return surely_equal(expected, actual)


def _equal_atoms(expected: tuple[object, ...], actual: tuple[object, ...]) -> bool:
    """Whether two tuples hold atoms alone, and those are equal one by one."""
    return (
        are_atoms(expected)
        and len(expected) == len(actual)
        and all(map(is_, map(type, expected), map(type, actual)))
        and expected == actual
    )


# ---- values, one part after the other ------------------------------------------------

_KEY, _MEMBER = "key", "member"
"""The steps to a key that is no str, and to a member of a set."""


def compare_values(expected: object, actual: object, results: tuple[str, ...] = ()) -> Difference | None:
    """First difference between two values in document order, or None."""
    if identical(expected, actual):
        return None
    return _Walk(results).first(expected, actual)


class _Walk:
    """Two values walked side by side.

    `_above` are the containers around the place at hand, by their ids, each with the one on the other
    side: where either holds itself, the other has to do so in the same place.  Pairs that are
    done need not be walked again, so that shared parts cost nothing.
    """

    def __init__(self, results: tuple[str, ...]) -> None:
        self._results = results
        self._above: tuple[dict[int, int], dict[int, int]] = {}, {}
        self._done: set[tuple[int, int]] = set()
        self._kept: list[object] = []  # parts may be made on the fly, and their ids must not be used again
        self._pending: list[tuple[object, object, Path]] = []
        self._marks = Marks()

    def first(self, expected: object, actual: object) -> Difference | None:
        self._pending.append((expected, actual, None))
        while self._pending:
            left, right, path = self._pending.pop()
            if left is _END:
                self._leave(right)
            else:
                found = self._pair(left, right, path)
                if found is not None:
                    return found
        return None

    def _pair(self, left: object, right: object, path: Path) -> Difference | None:
        if left is right:
            return None
        kind = type(left)
        if kind is not type(right):
            return Difference(_written(path), "type", left, right)
        if id(kind) in _SCALARS:
            return _compare_scalars(left, right, path)
        pair = id(left), id(right)
        mine, theirs = self._above
        if pair[0] in mine or pair[1] in theirs:
            same = mine.get(pair[0]) == pair[1] and theirs.get(pair[1]) == pair[0]
            return None if same else Difference(_written(path), "cycle", left, right)
        if pair in self._done:
            return None
        sides = _itself(left), _itself(right)
        try:
            one, other = take_any(left), take_any(right)
        except Incomparable:
            return Difference(_written(path), NO_WAY, *sides)
        if one.kind is ITSELF:
            return Difference(_written(path), "value", *sides)
        self._kept += (left, right, one, other)
        mine[pair[0]], theirs[pair[1]] = pair[1], pair[0]
        self._pending.append((_END, pair, None))
        return self._parts(one, other, sides, path)

    def _leave(self, pair: Any) -> None:
        del self._above[0][pair[0]], self._above[1][pair[1]]
        self._done.add(pair)

    def _parts(
        self, left: Anatomy, right: Anatomy, sides: tuple[object, object], path: Path
    ) -> Difference | None:
        """Compare what two objects of one class hold themselves, and hand on their parts."""
        kind = left.kind
        if left.data != right.data:
            if type(left.data) is tuple:
                return self._attributes(left, right, path)
            if kind.own:
                return Difference(_written((path, kind.own)), "value", left.data, right.data)
            return Difference(_written(path), "value", *sides)
        if kind.unordered:
            return self._members(left.parts, right.parts, path)
        if kind.group == 2:
            return self._mapping(left.parts, right.parts, path)
        if len(left.parts) != len(right.parts):
            return Difference(_written(path), "length", *sides)
        steps = self._steps(left, path)
        self._pending += [
            (left.parts[at], right.parts[at], (path, steps[at]) if steps[at] != "" else path)
            for at in range(len(left.parts) - 1, -1, -1)
        ]
        return None

    def _attributes(self, left: Anatomy, right: Anatomy, path: Path) -> Difference | None:
        """Attributes that were set in another order."""
        one, other = dict(zip(left.names, left.parts)), dict(zip(right.names, right.parts))
        if one.keys() != other.keys():
            return Difference(_written(path), "attributes", _shown(one), _shown(other))
        self._pending += [
            (one[name], other[name], (path, name) if name else path) for name in sorted(one, reverse=True)
        ]
        return None

    def _steps(self, anatomy: Anatomy, path: Path) -> Sequence[object]:
        count = len(anatomy.parts)
        names = anatomy.names or (self._results if path is None else ())
        return names if len(names) == count else range(count)

    def _mapping(self, left: Sequence[Any], right: Sequence[Any], path: Path) -> Difference | None:
        """Keys before values, and key sets before key order; both say which keys they saw."""
        expected, actual = left[::2], right[::2]
        texts = all(type(key) is str for keys in (expected, actual) for key in keys)
        marks = [
            list(keys) if texts else [self._marks.of(key) for key in keys] for keys in (expected, actual)
        ]
        if marks[0] != marks[1]:
            reason = "key order" if Counter(marks[0]) == Counter(marks[1]) else "keys"
            return Difference(_written(path), reason, list(expected), list(actual))
        self._pending += [
            (left[at + 1], right[at + 1], (path, left[at])) for at in range(len(left) - 2, -1, -2)
        ]
        if not texts:
            self._pending += [(one, other, (path, _KEY)) for one, other in zip(expected, actual)]
        return None

    def _members(self, left: Sequence[Any], right: Sequence[Any], path: Path) -> Difference | None:
        """Members of sets, each with the one that is marked alike."""
        expected, actual = (
            sorted(((self._marks.of(one), at) for at, one in enumerate(some))) for some in (left, right)
        )
        marks = [Counter(mark for mark, _ in some) for some in (expected, actual)]
        if marks[0] != marks[1]:
            lone = marks[0] - marks[1], marks[1] - marks[0]
            return Difference(
                _written(path),
                "members",
                [left[at] for mark, at in expected if mark in lone[0]],
                [right[at] for mark, at in actual if mark in lone[1]],
            )
        self._pending += [
            (left[one], right[other], (path, _MEMBER)) for (_, one), (_, other) in zip(expected, actual)
        ]
        return None


_END = object()
"""Stands in the place of a pair whose parts are all done."""

_SCALARS = frozenset(map(id, (bool, int, float, str, bytes, bytearray)))


def _itself(seen: object) -> object:
    """The object that is looked at, in whatever way."""
    return seen.value if type(seen) is Seen else seen


def _shown(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name)


def _compare_scalars(left: Any, right: Any, path: Path) -> Difference | None:
    """Two values of one class that hold no others."""
    kind = type(left)
    if (_bits(left) == _bits(right)) if kind is float else (left == right):
        return None
    if kind in (bool, int, float):
        return Difference(_written(path), "value", left, right)
    unit, at = "offset" if kind is str else "byte", first_difference(left, right)
    return Difference(f"{_written(path)} {unit} {at}", "value", left, right, at)


def _bits(number: float) -> bytes:
    return struct.pack("<d", number)


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
        plain = type(step) is str and step.isidentifier()
        steps.append(f".{step}" if plain else f"[{show.full(step)}]")
    return "$" + "".join(reversed(steps))
