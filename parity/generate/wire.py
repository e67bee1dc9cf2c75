"""Protobuf bytes of Structs and Spans, made field by field: right, non-canonical and damaged.

Written apart from every encoder under test: a generator that used one of them could
only make what that one can write.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from .limits import DECODED_TYPES, FIELD_NUMBERS, OPEN_MESSAGES, SCHEMA_TYPES, TAG_LENGTHS, VARINT_LENGTHS
from .source import Source
from .strings import hostile_text

_BYTES = tuple(bytes((number,)) for number in range(0x80))
_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Shape:
    """How often odd forms appear: 0 for never, else once in so many fields."""

    odd: int = 0


CANONICAL, NON_CANONICAL = Shape(), Shape(odd=6)


def varint(number: int, padding: int = 0) -> bytes:
    """A varint of up to 64 bits, with `padding` needless bytes."""
    if 0 <= number < 0x80 and not padding:
        return _BYTES[number]
    number &= 0xFFFF_FFFF_FFFF_FFFF
    out = []
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    if padding:
        out[-1] |= 0x80
        out += [0x80] * (padding - 1) + [0]
    return bytes(out)


def delimited(field: int, content: bytes, padding: int = 0) -> bytes:
    return varint(field << 3 | _DELIMITED) + varint(len(content), padding) + content


def string_field(field: int, text: str) -> bytes:
    """A string that is left out when empty."""
    return delimited(field, text.encode("utf-8")) if text else b""


def number_field(field: int, number: int, padding: int = 0) -> bytes:
    return varint(field << 3 | _VARINT) + varint(number, padding)


def double_field(field: int, number: float) -> bytes:
    return varint(field << 3 | _FIXED64) + struct.pack("<d", number)


def struct_message(source: Source, shape: Shape, depth: int = 2) -> bytes:
    """A Struct with a few fields, their keys distinct unless the shape is odd."""
    entries: list[bytes] = []
    while source.more(2):
        key = f"k{len(entries)}" if not source.chance(4) else f"{len(entries)}{_text(source)}"
        entries.append(
            delimited(
                1, _join(source, shape, [string_field(1, key), delimited(2, _value(source, shape, depth))])
            )
        )
    return _join(source, shape, entries)


def _value(source: Source, shape: Shape, depth: int) -> bytes:
    """A Value with its one member; of no member where the shape is odd."""
    kind = source.below(8 if depth > 0 else 6)
    if kind == 0:
        return number_field(1, 0) if not _odd(source, shape) else b""
    if kind < 3:
        return double_field(2, source.pick((0.0, 1.0, -0.0, 19.99, 1e16, 5e-324, float("inf"), float("nan"))))
    if kind < 5:
        return delimited(3, _text(source).encode("utf-8"))
    if kind == 5:
        return number_field(4, source.below(2))
    if kind == 6:
        return delimited(5, struct_message(source, shape, depth - 1))
    items = []
    while source.more(2):
        items.append(delimited(1, _value(source, shape, depth - 1)))
    return delimited(6, b"".join(items))


def schema_message(source: Source, shape: Shape, depth: int = 2) -> bytes:
    """A JsonSchema."""
    parts = [number_field(1, source.pick(SCHEMA_TYPES[2:]))]
    if depth > 0:
        while source.more(1):
            nested = schema_message(source, shape, depth - 1)
            parts.append(delimited(2, string_field(1, f"p{len(parts)}") + delimited(2, nested)))
        if source.chance(3):
            parts.append(delimited(3, schema_message(source, shape, depth - 1)))
    if source.chance(4):
        parts += [number_field(4, source.below(2)), number_field(5, source.pick(DECODED_TYPES[1:]))]
    if source.chance(4):
        parts.append(double_field(6, source.pick((0.0, 0.5, 1.0))))
    return _join(source, shape, parts)


def span_message(source: Source, shape: Shape) -> bytes:
    """A Span; canonical ones are as an encoder that follows the field numbers writes them."""
    parts = [string_field(field, _text(source)) for field in range(1, 8) if not source.chance(4)]
    if source.chance(2):
        parts.append(number_field(8, source.between(1, 11)))
    for field in (9, 10):
        content = struct_message(source, shape)
        if content or shape.odd:
            parts.append(delimited(field, content))
    parts += [delimited(field, schema_message(source, shape)) for field in (11, 12)]
    parts += [string_field(field, "ab" * 32) for field in range(13, 17)]
    parts.append(number_field(17, source.between(1, 5)))
    parts.append(delimited(18, number_field(1, source.between(1, 2)) + string_field(2, _text(source))))
    if source.chance(2):
        parts.append(number_field(19, 1))
    parts.append(
        delimited(20, number_field(1, 1_700_000_000 + source.below(1000)) + number_field(2, 125_000_000))
    )
    parts.append(delimited(21, number_field(2, 1000 * source.between(1, 900_000))))
    if source.chance(2):
        parts.append(number_field(22, 1))
    if source.chance(4):
        parts.append(delimited(24, _text(source).encode("utf-8")))
    return _join(source, shape, [part for part in parts if part])


def deep_struct(source: Source) -> bytes:
    """Values nested in lists and Structs, so that from a few to a thousand messages stand in one another."""
    content, messages = number_field(4, 1), 3  # the outer Struct, its entry and the innermost Value
    wanted = source.pick((5, 20, *OPEN_MESSAGES)) - source.below(3)
    while messages < wanted:
        if wanted - messages == 3 or (source.chance(2) and wanted - messages != 2):
            content = delimited(5, delimited(1, string_field(1, "a") + delimited(2, content)))
            messages += 3
        else:
            content = delimited(6, delimited(1, content))
            messages += 2
    return delimited(1, string_field(1, "a") + delimited(2, content))


def damage(source: Source, data: bytes) -> bytes:
    """Bytes cut short, changed, lengthened, or followed by a field no verifier may accept."""
    kind = source.below(5)
    at = source.below(len(data) + 1)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes((source.below(256),)) + data[at + 1 :]
    if kind == 2:
        return data[:at] + bytes((source.below(256),)) + data[at:]
    if kind == 3:
        return data[:at] + data[at + 1 :]
    return data + source.pick(_FAULTS)


_FAULTS = (
    b"\x00\x00",  # field number 0
    b"\x0a\x05ab",  # longer than its message
    b"\x0a\x02\xc3\x28",  # field 1 is not UTF-8
    b"\x0a\x03\xed\xa0\x80",  # a surrogate in UTF-8
    b"\x0a\x02\xc0\x80",  # an overlong zero
    b"\x08\x01",  # field 1 as a varint
    b"\x4a\x02\x0a\x05",  # a Struct cut short inside
    b"\x4d\x00\x00\x00\x00",  # field 9 as fixed32
    b"\xf3\x01\xf4\x01",  # a group
    b"\xfe\x01",  # wire type 6
    b"\x98\x06\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02",  # a varint over 64 bits
    b"\x98\x06\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00",  # a varint of eleven bytes
    b"\x9a\x06\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  # a length of 2**64 - 1
    b"\x80\x80\x80\x80\x10\x00",  # a tag over 32 bits
    b"\x80",  # a tag cut short
    b"\x99\x06\x00\x00",  # a fixed64 cut short
)


def _text(source: Source) -> str:
    return (
        hostile_text(source).encode("utf-8", "replace").decode("utf-8")
        if source.chance(3)
        else f"t{source.below(99)}"
    )


def _odd(source: Source, shape: Shape) -> bool:
    return shape.odd > 0 and source.chance(shape.odd)


def _join(source: Source, shape: Shape, parts: list[bytes]) -> bytes:
    """A message's fields in order; where the shape is odd, swapped, repeated or joined by unknown ones."""
    if parts and _odd(source, shape):
        change: Callable[[Source, list[bytes]], list[bytes]] = source.pick(
            (_swapped, _repeated, _with_unknown)
        )
        parts = change(source, parts)
    return b"".join(parts)


def _swapped(source: Source, parts: list[bytes]) -> list[bytes]:
    return parts[::-1]


def _repeated(source: Source, parts: list[bytes]) -> list[bytes]:
    return [*parts, source.pick(parts)]


def _padded_tag(source: Source, field: int) -> bytes:
    """A field whose tag is written in so many bytes, six being more than a tag may have."""
    tag = field << 3 | _VARINT
    needed = len(varint(tag))
    return varint(tag, padding=max(0, source.pick(TAG_LENGTHS) - needed)) + b"\x01"


def _with_unknown(source: Source, parts: list[bytes]) -> list[bytes]:
    """A field no message has, with each wire type that may be skipped, or a needlessly long varint."""
    field = source.pick(FIELD_NUMBERS)
    unknown = source.pick(
        (
            number_field(field, source.bits(64)),
            number_field(field, 1, padding=source.pick(VARINT_LENGTHS)),
            delimited(field, b"\xff\x00"),
            delimited(field, b"abc", padding=source.pick(VARINT_LENGTHS)),
            _padded_tag(source, field),
            double_field(field, 0.5),
            varint(field << 3 | _FIXED32) + b"\x01\x02\x03\x04",
        )
    )
    at = source.below(len(parts) + 1)
    return [*parts[:at], unknown, *parts[at:]]
