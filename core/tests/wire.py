"""Protobuf bytes as the tests write them down, apart from both subjects.

Source: "Encoding" in the Protocol Buffers documentation.
"""

from __future__ import annotations

import struct


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number as 64-bit two's complement."""
    septets = []
    rest = number % 2**64
    while True:
        septets.append(rest % 128)
        rest //= 128
        if rest == 0:
            return bytes([septet + 128 for septet in septets[:-1]] + septets[-1:])


def integer(field: int, number: int) -> bytes:
    return varint(field * 8) + varint(number)


def double(field: int, number: float) -> bytes:
    return varint(field * 8 + 1) + struct.pack("<d", number)


def part(field: int, *contents: bytes) -> bytes:
    """A length-delimited field: a string or a message given as its fields."""
    content = b"".join(contents)
    return varint(field * 8 + 2) + varint(len(content)) + content


# ---- google.protobuf.Value ------------------------------------------------------------------

NULL = integer(1, 0)
FALSE = integer(4, 0)
TRUE = integer(4, 1)


def number(value: float) -> bytes:
    return double(2, value)


def text(value: str) -> bytes:
    return part(3, value.encode())


def struct_value(*entries: bytes) -> bytes:
    return part(5, *entries)


def list_value(*elements: bytes) -> bytes:
    return part(6, *(part(1, element) for element in elements))


def entry(key: str, value: bytes) -> bytes:
    """One field of a Struct; the key "" is proto3's default and leaves no bytes."""
    return part(1, part(1, key.encode()) if key else b"", part(2, value))
