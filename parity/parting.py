"""Where two runs of protobuf bytes part, by their fields: the innermost message both still share, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .messages import REPEATED, Field, fields

MAPS = frozenset({"Struct.Entry", "JsonSchema.Entry"})


@dataclass(frozen=True)
class Step:
    """One field on a way: its name, and how many fields of its number stand before it where it may repeat."""

    field: Field
    index: int
    repeated: bool
    key: str | None = None
    """Of a map's entry: its key."""

    def __str__(self) -> str:
        if self.key is not None:
            return f"{self.field.name}[{self.key!r}]"
        return f"{self.field.name}[{self.index}]" if self.repeated else self.field.name


@dataclass(frozen=True)
class Parting:
    """The fields that part, and the way to them through messages on both sides.

    `expected` or `actual` is None where that side lacks the field the other has there;
    both are None where the order alone differs (`reordered`) or nothing does.  Offsets are
    those of each side's own bytes.
    """

    expected_steps: tuple[Step, ...]
    actual_steps: tuple[Step, ...]
    expected: Field | None
    actual: Field | None
    reordered: bool = False

    @property
    def way(self) -> list[Field]:
        """The fields to the difference, that one included, of the side that has it."""
        steps = (
            self.actual_steps if self.expected is None and self.actual is not None else self.expected_steps
        )
        return [step.field for step in steps]


def part(expected: bytes, actual: bytes, message: str) -> Parting:
    """The first parting of two messages of one kind, in the order of the expected bytes."""
    left_steps: list[Step] = []
    right_steps: list[Step] = []
    left_span, right_span = (0, len(expected)), (0, len(actual))
    while True:
        left, right = fields(expected, message, *left_span), fields(actual, message, *right_span)
        at = _first_unlike(expected, left, actual, right)
        if at is None:
            return Parting(tuple(left_steps), tuple(right_steps), None, None)
        if _same_in_another_order(message, expected, left[at:], actual, right[at:]):
            return Parting(tuple(left_steps), tuple(right_steps), None, None, reordered=True)
        one = left[at] if at < len(left) else None
        other = right[at] if at < len(right) else None
        if one is not None and other is not None and one.number != other.number:
            if not any(field.number == one.number for field in right[at:]):
                other = None  # only one side has it
            elif not any(field.number == other.number for field in left[at:]):
                one = None
        if one is not None:
            left_steps.append(step_of(expected, message, left, at))
        if other is not None:
            right_steps.append(step_of(actual, message, right, at))
        if one is None or other is None or one.number != other.number:
            return Parting(tuple(left_steps), tuple(right_steps), one, other)
        if one.message is None or other.message is None or _same_content(expected, one, actual, other):
            return Parting(tuple(left_steps), tuple(right_steps), one, other)
        message = one.message
        left_span, right_span = (one.content, one.end), (other.content, other.end)


def _same_content(expected: bytes, one: Field, actual: bytes, other: Field) -> bool:
    """Whether two fields differ in nothing but how tag and length are written."""
    return expected[one.content : one.end] == actual[other.content : other.end]


def step_of(data: bytes, message: str, siblings: list[Field], at: int) -> Step:
    """The step to one of a message's fields."""
    field = siblings[at]
    index = sum(1 for one in siblings[:at] if one.number == field.number)
    key = entry_key(data, field).decode("utf-8", "backslashreplace") if field.kind in MAPS else None
    return Step(field, index, (message, field.number) in REPEATED, key)


def entry_key(data: bytes, entry: Field) -> bytes:
    """The key of a map's entry, b"" where it is left out."""
    if entry.message is None:
        return b""
    keys = [one for one in fields(data, entry.message, entry.content, entry.end) if one.number == 1]
    return data[keys[-1].content : keys[-1].end] if keys else b""


def way_to(data: bytes, message: str, at: int) -> list[Step]:
    """The fields that hold byte `at`, outermost first; empty behind the end."""
    steps: list[Step] = []
    start, end = 0, len(data)
    while True:
        siblings = fields(data, message, start, end)
        number = next((n for n, field in enumerate(siblings) if field.start <= at < field.end), None)
        if number is None:
            return steps
        field = siblings[number]
        steps.append(step_of(data, message, siblings, number))
        if field.message is None or at < field.content:
            return steps
        message, start, end = field.message, field.content, field.end


def _first_unlike(expected: bytes, left: list[Field], actual: bytes, right: list[Field]) -> int | None:
    for at, (one, other) in enumerate(zip(left, right)):
        if expected[one.start : one.end] != actual[other.start : other.end]:
            return at
    return None if len(left) == len(right) else min(len(left), len(right))


def _same_in_another_order(
    message: str, expected: bytes, left: list[Field], actual: bytes, right: list[Field]
) -> bool:
    """Whether the rest of two messages has the same fields, maps the same keys, only not in this order."""
    if len(left) != len(right) or len(left) < 2:
        return False
    one, other = _identities(expected, message, left), _identities(actual, message, right)
    return one != other and Counter(one) == Counter(other)


def _identities(data: bytes, message: str, some: list[Field]) -> list[tuple[int, bytes]]:
    """What each field is, whatever stands in it: maps by key, single messages by number."""
    out = []
    for field in some:
        content = data[field.start : field.end]
        if field.kind in MAPS:
            content = entry_key(data, field)
        elif field.message is not None and (message, field.number) not in REPEATED:
            content = b""
        out.append((field.number, content))
    return out
