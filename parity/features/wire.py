"""Facts of Span and Struct bytes: how they differ from what a plain encoder writes."""

from __future__ import annotations

from ..messages import DELIMITED, MESSAGES, REPEATED, VARINT, Field, fields, read_varint, value_of
from ..parting import MAPS, entry_key
from . import scalars

MOST_MESSAGES = 2_000

_ALWAYS_WRITTEN = frozenset({"Value"})
"""Messages whose fields are members of a oneof, so that a default is written too."""


def message_facts(data: bytes, message: str) -> set[str]:
    facts: set[str] = set()
    pending: list[tuple[str, int, int, int]] = [(message, 0, len(data), 0)]
    deepest = visited = 0
    while pending and visited < MOST_MESSAGES:
        message, start, end, depth = pending.pop()
        visited += 1
        deepest = max(deepest, depth)
        found = fields(data, message, start, end)
        _order(message, found, facts)
        keys = [entry_key(data, field).decode("utf-8", "replace") for field in found if field.kind in MAPS]
        scalars.keys_facts(list(dict.fromkeys(keys)), facts)
        if len(set(keys)) < len(keys):
            facts.add("repeated key")
        if message in MAPS and not any(field.number == 1 for field in found):
            facts.add("map entry without key")
        if message == "Value" and not found:
            facts.add("value of no kind")
        for field in found:
            _field(data, message, field, facts)
            if field.message is not None:
                pending.append((field.message, field.content, field.end, depth + 1))
    scalars.shape_facts(deepest // 3 + 1, 0, facts)
    return facts


def _order(message: str, found: list[Field], facts: set[str]) -> None:
    numbers = [field.number for field in found if field.number]
    if numbers != sorted(numbers):
        facts.add("fields out of order")
    single = [
        number for number in numbers if (message, number) not in REPEATED and number in MESSAGES[message]
    ]
    if len(set(single)) < len(single):
        facts.add("repeated field")


def _field(data: bytes, message: str, field: Field, facts: set[str]) -> None:
    if field.number == 0:
        facts.add("damaged bytes")
        return
    if field.kind is None:
        facts.add("unknown field")
        return
    if _padded(data, field):
        facts.add("padded varint")
    value = value_of(data, field)
    if field.kind == "string":
        if isinstance(value, str):
            scalars.characters_facts(value, facts)
        else:
            facts.update(("bytes not UTF-8", "damaged bytes"))
    elif isinstance(value, float):
        scalars.float_facts(value, facts)
    if field.kind in ("int", "string") and not value and message not in _ALWAYS_WRITTEN:
        optional = (message, field.number) in (
            ("JsonSchema", 4),
            ("JsonSchema", 5),
            ("Span", 24),
            ("Span", 25),
        )
        if not optional:
            facts.add("default written out")


def _padded(data: bytes, field: Field) -> bool:
    at = field.content
    if field.wire_type == VARINT:
        at = field.end
    elif field.wire_type != DELIMITED:
        return False
    tag = read_varint(data, field.start, field.end)
    assert tag is not None, "a field that was read has a tag"
    number = read_varint(data, tag[1], at)
    return number is not None and (
        number[1] - tag[1] != max(1, (number[0].bit_length() + 6) // 7)
        or tag[1] - field.start != max(1, (tag[0].bit_length() + 6) // 7)
    )
