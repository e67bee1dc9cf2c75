"""Fields of span bytes written wrong, or as no encoder writes them: a table of all pairs of spot and flaw.

A *spot* is a field of some message, a *flaw* a way of writing it: a varint cut behind each of its bytes or
longer than it may be, a length that says too much, another wire type, text that is no UTF-8.  All else is
right, and so are the lengths of the messages around: it is a message that ends behind a field that is cut,
and not only the whole.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from .. import messages
from .limits import (
    FIELD_NUMBERS,
    FOUR_BYTE_LENGTHS,
    TAG_LENGTHS,
    THREE_BYTE_LENGTHS,
    TWO_BYTE_LENGTHS,
    UTF8_FAULTS,
    VARINT_LENGTHS,
)
from .source import Source
from .wire import delimited, double_field, number_field, string_field, varint

VARINT, FIXED64, TEXT, FIXED32 = "varint", "fixed64", "text", "fixed32"

_NAMES = {
    "Struct": "struct", "Struct.Entry": "entry", "Value": "value", "ListValue": "list",
    "JsonSchema": "schema", "JsonSchema.Entry": "property",
    "Timestamp": "time", "Duration": "time", "SpanStatus": "status", "Span": "span",
}  # fmt: skip
_HELD = {"int": VARINT, "double": FIXED64, "string": TEXT, **_NAMES}

MESSAGES: dict[str, dict[int, str]] = {
    name: {number: _HELD[kind] for number, (_, kind) in messages.MESSAGES[message].items()}
    for message, name in _NAMES.items()
}
"""The fields of each message by their numbers, and what they hold; Timestamp and Duration are one."""

STRUCT_MESSAGES = ("struct", "entry", "value", "list")
_ALIKE = ("time", "span")
"""Messages of which all fields that hold the same are one spot."""

_WIRE_TYPES = {VARINT: 0, FIXED64: 1, FIXED32: 5}
_DELIMITED, _GROUP, _GROUP_END = 2, 3, 4
_CONTENTS: dict[str, bytes] = {
    VARINT: b"\x01", FIXED64: struct.pack("<d", 1.5), FIXED32: b"\x01\x02\x03\x04", TEXT: b"text",
    "struct": delimited(1, string_field(1, "a") + delimited(2, double_field(2, 1.5))),
    "entry": string_field(1, "a") + delimited(2, number_field(4, 1)), "value": double_field(2, 1.5),
    "list": delimited(1, double_field(2, 1.5)), "schema": number_field(1, 6), "time": number_field(1, 5),
    "property": string_field(1, "a") + delimited(2, number_field(1, 2)), "status": number_field(1, 1),
}  # fmt: skip
"""What a field of each kind may hold, without its length."""

_STEPS = (*TWO_BYTE_LENGTHS[:2], *THREE_BYTE_LENGTHS[:2], *FOUR_BYTE_LENGTHS[:2])
"""Lengths below and at a step of their varint."""

_UNKNOWN = 100
_NUMBERS = (0, 2, 127, 128, 1 << 31, 1 << 32, 1 << 63, (1 << 64) - 1)


@dataclass(frozen=True)
class Spot:
    """Fields of one message or several that hold the same; `outer` is the message around it, "" for any."""

    messages: tuple[str, ...]
    fields: tuple[int, ...]
    kind: str
    outer: str = ""

    @property
    def in_struct(self) -> bool:
        """Whether Struct bytes alone can have it."""
        return self.messages[0] in STRUCT_MESSAGES

    def outers(self) -> list[str]:
        """Messages that may hold the one it is in, if there are several: readers may know some by heart."""
        if len(self.messages) > 1:
            return []
        found = dict.fromkeys(outer for outer, _ in _OUTER[self.messages[0]])
        return [one for one in found if not self.in_struct or one in STRUCT_MESSAGES]


@dataclass(frozen=True)
class Flaw:
    """How a field's tag is written, and what stands behind it, made of its content; by default as is right.

    Behind one that `ends` its message ends, as what is cut would be read on.
    """

    name: str
    tag: Callable[[int], bytes] = varint
    payload: Callable[[bytes], bytes] | None = None
    ends: bool = False

    def written(self, field: int, kind: str) -> bytes:
        content, wire_type = _CONTENTS[kind], _WIRE_TYPES.get(kind, _DELIMITED)
        right = varint(len(content)) + content if wire_type == _DELIMITED else content
        return self.tag(field << 3 | wire_type) + (right if self.payload is None else self.payload(content))


def spots() -> Iterator[Spot]:
    """Every known field, and unknown ones of each kind in any message."""
    for message, fields in MESSAGES.items():
        if message in _ALIKE:
            for kind in dict.fromkeys(fields.values()):
                yield Spot((message,), tuple(one for one, held in fields.items() if held == kind), kind)
        else:
            yield from (Spot((message,), (field,), kind) for field, kind in fields.items())
    unknown = tuple(number for number in FIELD_NUMBERS if number > max(MESSAGES["span"]))
    yield from (Spot(tuple(MESSAGES), unknown, kind) for kind in (VARINT, FIXED64, TEXT, FIXED32))


def flaws(kind: str) -> Iterator[Flaw]:
    """Every way of writing a field that holds this."""
    yield from _of_tags(_WIRE_TYPES.get(kind, _DELIMITED))
    if kind == VARINT:
        yield from _of_numbers()
    elif kind in _WIRE_TYPES:
        yield from _of_fixed(len(_CONTENTS[kind]))
    else:
        yield from _of_lengths(kind)
    if kind == TEXT:
        yield from _of_texts()


def pairs() -> Iterator[tuple[Spot, Flaw]]:
    """Every flaw at every spot, of one field each: fields that hold the same take turns.

    What is cut short is so in each message that may hold it.
    """
    for spot in spots():
        for number, flaw in enumerate(flaws(spot.kind)):
            for outer in (flaw.ends and spot.outers()) or [""]:
                yield replace(spot, fields=(spot.fields[number % len(spot.fields)],), outer=outer), flaw


def flawed(source: Source, message: str, spot: Spot, flaw: Flaw) -> bytes:
    """A Span or Struct (`message`) with the flaw at the spot, and right fields beside it."""
    inner = source.pick([one for one in spot.messages if message == "span" or one in STRUCT_MESSAGES])
    (field,) = spot.fields
    content = _among(source, inner, field, flaw.written(field, spot.kind), last=flaw.ends)
    wanted = spot.outer
    while inner != message:
        fit = [one for one in _OUTER[inner] if message == "span" or one[0] in STRUCT_MESSAGES]
        outer, field = source.pick([one for one in fit if one[0] == wanted] or fit)
        content = _among(source, outer, field, delimited(field, content))
        inner, wanted = outer, ""
    return content


# ---- the flaws --------------------------------------------------------------------


def _of_tags(right: int) -> Iterator[Flaw]:
    for size in TAG_LENGTHS[:-1]:
        yield Flaw(f"tag cut behind {size}", partial(_cut, size), _nothing, ends=True)
    for size in TAG_LENGTHS[1:]:
        yield Flaw(f"tag of {size} bytes", partial(_padded, size))
    yield Flaw("tag beyond 32 bits", lambda number: varint(number | 1 << 32))
    yield Flaw("field 0", lambda number: varint(number & 7))
    for above in (32, 256):  # what a table of 32 fields, or a number of 8 bits, would take for the field
        yield Flaw(f"field {above} above", partial(_above, above))
    yield Flaw("tag alone", payload=_nothing, ends=True)
    for wire_type, payload in enumerate((b"\x01", bytes(8), b"\x01t", b"", b"", bytes(4), b"", b"\x01")):
        if wire_type != right:
            yield Flaw(f"wire type {wire_type}", partial(_of_type, wire_type), partial(_given, payload))


def _of_numbers() -> Iterator[Flaw]:
    for size in VARINT_LENGTHS:
        yield Flaw(f"varint cut behind {size}", payload=partial(_given, _cut(size, 1)), ends=True)
        yield Flaw(f"varint of {size} bytes", payload=partial(_given, _padded(size, 1)))
    for number in _NUMBERS:
        yield Flaw(f"varint {number}", payload=partial(_given, varint(number)))
    for last in (2, 0x7F):
        yield Flaw(f"varint that ends in {last:#x}", payload=partial(_given, _beyond(last)))


def _of_fixed(size: int) -> Iterator[Flaw]:
    for there in range(size):
        yield Flaw(f"{there} of {size} bytes", payload=partial(_given, bytes(there)), ends=True)
    yield Flaw("a byte too many", payload=partial(_given, b"\x01" * (size + 1)))
    yield Flaw("all bits", payload=partial(_given, b"\xff" * size))


def _of_lengths(kind: str) -> Iterator[Flaw]:
    for size in VARINT_LENGTHS:
        yield Flaw(f"length cut behind {size}", payload=partial(_cut_length, size), ends=True)
        yield Flaw(f"length of {size} bytes", payload=partial(_padded_length, size))
    for more in (-1, 1, 2, *_STEPS, 1 << 31, 1 << 32, 1 << 63):
        yield Flaw(f"length of {more} more", payload=partial(_wrong_length, more))
    for size in _STEPS[:4]:
        yield Flaw(f"{size} bytes", payload=partial(_given, varint(size) + _filled(kind, size)))
        short = varint(size) + _filled(kind, size - 1)
        yield Flaw(f"{size} bytes but for one", payload=partial(_given, short), ends=True)
    yield Flaw("length of 1 more at the end", payload=partial(_wrong_length, 1), ends=True)
    yield Flaw("length of 64 bits", payload=partial(_given, varint((1 << 64) - 1) + b"text"))
    yield Flaw("length beyond 64 bits", payload=partial(_given, _beyond(2)))
    yield Flaw("nothing in it", payload=partial(_given, b"\x00"))


def _of_texts() -> Iterator[Flaw]:
    for number, fault in enumerate(UTF8_FAULTS):
        before = (0, 61, 13)[number % 3]  # within the first word, across a block of 64, in the middle of one
        text = b"a" * before + fault + b"b" * (80 - before)
        written = text if number % 2 else text[: before + len(fault)]
        yield Flaw(f"text with {fault.hex()}", payload=partial(_given, varint(len(written)) + written))


def _filled(kind: str, size: int) -> bytes:
    """A text of so many bytes, or a message, which has nothing but an unknown field."""
    if kind == TEXT:
        return b"a" * size
    return next(
        varint(_UNKNOWN << 3 | _DELIMITED) + varint(size - head) + b"a" * (size - head)
        for head in range(3, 8)
        if len(varint(size - head)) == head - 2
    )


def _padded(size: int, number: int) -> bytes:
    """A varint of so many bytes, or of as many as it needs."""
    return varint(number, padding=max(0, size - len(varint(number))))


def _cut(size: int, number: int) -> bytes:
    """The first bytes of a varint, so many, each of which says that there is another."""
    return bytes(byte | 0x80 for byte in _padded(size, number)[:size])


def _beyond(last: int) -> bytes:
    """A varint whose tenth byte has more than the one bit that is left for it."""
    return b"\x80" * 9 + bytes((last,))


def _above(fields: int, number: int) -> bytes:
    return varint(number + (fields << 3))


def _of_type(wire_type: int, number: int) -> bytes:
    """A tag of another wire type; behind a group's start its end."""
    types = (wire_type, _GROUP_END) if wire_type == _GROUP else (wire_type,)
    return b"".join(varint(number & ~7 | one) for one in types)


def _nothing(content: bytes) -> bytes:
    return b""


def _given(payload: bytes, content: bytes) -> bytes:
    return payload


def _cut_length(size: int, content: bytes) -> bytes:
    return _cut(size, len(content))


def _padded_length(size: int, content: bytes) -> bytes:
    return _padded(size, len(content)) + content


def _wrong_length(more: int, content: bytes) -> bytes:
    return varint(len(content) + more) + content


# ---- what stands around -----------------------------------------------------------

_RIGHT = Flaw("right")
_WAY_OUT = ("span", "entry", "list", "value", "property", "struct", "schema")
_OUTER: dict[str, list[tuple[str, int]]] = {
    message: sorted(
        (
            (outer, field)
            for outer, fields in MESSAGES.items()
            for field, kind in fields.items()
            if kind == message
        ),
        key=lambda one: _WAY_OUT.index(one[0]),
    )
    for message in MESSAGES
}
"""Where a message may stand: first what leads straight to the span."""


def _among(source: Source, message: str, field: int, written: bytes, last: bool = False) -> bytes:
    """A message's content: a written field, mostly with right ones beside it, none behind a `last` one."""
    known = MESSAGES[message]
    if message in ("entry", "property"):
        if source.chance(8):
            return written
        key, value = (_RIGHT.written(field, kind) for field, kind in known.items())
        if field == 2:
            return key + written
        return written if last else written + value
    if message in ("value", "schema") and not source.chance(8):  # of which one member is usual
        return written
    before, behind = (
        _RIGHT.written(*source.pick(list(known.items()))) if source.chance(2) else b"" for _ in range(2)
    )
    return before + written + (b"" if last else behind)
