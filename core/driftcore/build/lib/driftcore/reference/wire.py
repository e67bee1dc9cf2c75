"""Protobuf's wire format, writing side: varints, tags and length-delimited fields.

Source: "Encoding" in the Protocol Buffers documentation.  Lengths are bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

pack_double: Callable[[float], bytes] = Struct("<d").pack


def varint(number: int) -> bytes:
    """An int of at most 64 bits; a negative one as its two's complement, ten bytes long."""
    number &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(field: int, wire_type: int) -> bytes:
    return varint(field << 3 | wire_type)


def delimited(field: int, content: bytes) -> bytes:
    """A length-delimited field, present also when `content` is empty."""
    return tag(field, LENGTH_DELIMITED) + varint(len(content)) + content


def string(field: int, text: str) -> bytes:
    """A string field; the empty string is proto3's default and leaves no bytes."""
    return delimited(field, text.encode("utf-8")) if text else b""


def integer(field: int, number: int) -> bytes:
    """An int, bool or enum field; zero is proto3's default and leaves no bytes."""
    return tag(field, VARINT) + varint(number) if number else b""


def message(field: int, content: bytes) -> bytes:
    """A message field that is left out when it would be empty."""
    return delimited(field, content) if content else b""
