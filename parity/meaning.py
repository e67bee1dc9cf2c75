"""What a protobuf message says, apart from how it is written: protobuf's own rules of equality."""

from __future__ import annotations

import struct
from collections.abc import Hashable

from .messages import MESSAGES, REPEATED, Field, fields, value_of
from .parting import MAPS, entry_key

_OPTIONAL = frozenset({("JsonSchema", 4), ("JsonSchema", 5), ("JsonSchema", 6), ("Span", 24), ("Span", 25)})
"""Scalar fields whose presence says something."""


def meaning(data: bytes, message: str, start: int = 0, end: int | None = None) -> Hashable:
    """Something equal for messages that say the same.

    Of a repeated single field the last counts, of submessages their merge; map entries go by
    key, the last counting; unknown fields are left out.  Raises `ValueError` for damaged bytes.
    """
    by_number: dict[int, list[tuple[bytes, Field]]] = {}
    for field in fields(data, message, start, end):
        if field.number == 0:
            raise ValueError(f"damaged at byte {field.start}")
        if field.kind is not None:
            by_number.setdefault(field.number, []).append((data, field))
    if message == "Value" and len(by_number) > 1:  # members of a oneof: the last one counts
        last = max((group[-1][1].start, number) for number, group in by_number.items())[1]
        by_number = {last: by_number[last]}
    said = {number: _field(message, number, group) for number, group in by_number.items()}
    return frozenset((number, value) for number, value in said.items() if value is not None)


def _field(message: str, number: int, group: list[tuple[bytes, Field]]) -> Hashable:
    """What all fields of one number say together; None where that is the default."""
    kind = MESSAGES[message][number][1]
    if kind in MAPS:
        entries = {entry_key(data, field): _inside(data, field) for data, field in group}
        return frozenset(entries.items())
    if (message, number) in REPEATED:
        return tuple(_inside(data, field) for data, field in group)
    if kind in MESSAGES:
        joined = b"".join(data[field.content : field.end] for data, field in group)
        return meaning(joined, kind)
    data, field = group[-1]
    value = value_of(data, field)
    said = struct.pack("<d", value) if isinstance(value, float) else value
    default = not value and said in (0, "", bytes(8))
    keeps_default = message == "Value" or (message, number) in _OPTIONAL
    return None if default and not keeps_default else ("is", said)  # type: ignore[return-value]


def _inside(data: bytes, field: Field) -> Hashable:
    if field.message is None:
        return value_of(data, field)  # type: ignore[return-value]
    return meaning(data, field.message, field.content, field.end)
