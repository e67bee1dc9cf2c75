"""What a protobuf message says, apart from how it is written: protobuf's own rules of equality.

The declared looser comparison, never the default.  Map entries in any order, the last of a
key counting; fields in any order; of a repeated single field the last, of submessages their
merge; unknown fields, padding and defaults disregarded; doubles by their bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from .messages import MESSAGES, REPEATED, Field, fields, value_of
from .parting import MAPS, entry_key

_OPTIONAL = frozenset({("JsonSchema", 4), ("JsonSchema", 5), ("JsonSchema", 6), ("Span", 24), ("Span", 25)})
"""Scalar fields whose presence says something."""

Said = tuple[int, bytes, int]
"""What a part of a message is about: a field's number, a map's key, an index among repeated fields."""


def compare_protobuf_meaning(expected: bytes, actual: bytes, message: str) -> bool:
    """Whether two messages say the same.  Damaged bytes say the same only as themselves."""
    try:
        return meaning(expected, message) == meaning(actual, message)
    except ValueError:
        return expected == actual


def meaning(data: bytes, message: str) -> bytes:
    """A digest equal for messages that say the same; raises `ValueError` for damaged bytes.

    Its own stack, as messages may be nested deeper than calls may be.
    """
    stack = [_Message(message, data)]
    while True:
        current = stack[-1]
        if current.inside:
            stack.append(_Message(*current.inside[-1][1:]))
            continue
        stack.pop()
        digest = current.digest()
        if not stack:
            return digest
        about = stack[-1].inside.pop()[0]
        stack[-1].said[about] = digest


class _Message:
    """A message being read: what it says, and the messages in it that are still to be read."""

    def __init__(self, message: str, data: bytes) -> None:
        self.said: dict[Said, bytes] = {}
        self.inside: list[tuple[Said, str, bytes]] = []
        groups: dict[int, list[Field]] = {}
        for field in fields(data, message):
            if field.number == 0:
                raise ValueError(f"damaged at byte {field.start}")
            if field.kind is not None:
                groups.setdefault(field.number, []).append(field)
        if message == "Value" and len(groups) > 1:  # members of a oneof: the last one counts
            last = max(groups, key=lambda number: groups[number][-1].start)
            groups = {last: groups[last]}
        for number, group in groups.items():
            self._add(message, number, group, data)

    def _add(self, message: str, number: int, group: list[Field], data: bytes) -> None:
        kind = MESSAGES[message][number][1]
        contents = [data[field.content : field.end] for field in group]
        if kind in MAPS:
            entries: Mapping[bytes, bytes] = {
                entry_key(data, field): one for field, one in zip(group, contents)
            }
            self.inside += [((number, key, 0), kind, one) for key, one in entries.items()]
        elif (message, number) in REPEATED:
            self.inside += [((number, b"", at), kind, one) for at, one in enumerate(contents)]
        elif kind in MESSAGES:
            self.inside.append(((number, b"", 0), kind, b"".join(contents)))
        else:
            self._scalar(message, number, contents[-1], value_of(data, group[-1]))

    def _scalar(self, message: str, number: int, content: bytes, value: object) -> None:
        keeps_default = message == "Value" or (message, number) in _OPTIONAL
        if keeps_default or value not in (0, "") or (isinstance(value, float) and any(content)):
            self.said[number, b"", 0] = str(value).encode() if isinstance(value, int) else content

    def digest(self) -> bytes:
        out = hashlib.sha256()
        for (number, key, at), said in sorted(self.said.items()):
            for part in (b"%d,%d" % (number, at), key, said):
                out.update(b"%d:" % len(part) + part)
        return out.digest()
