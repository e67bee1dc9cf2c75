"""The lengths in protobuf bytes, read by a table of the tests' own: what a campaign wrote, by place."""

from __future__ import annotations

from collections.abc import Iterator

LENGTHS_IN: dict[str, dict[int, str]] = {
    "request": {1: "", 2: "", 3: "", 4: "", 5: "span"},
    "span": {
        **dict.fromkeys((*range(1, 8), *range(13, 17), 24, 25), ""), 9: "struct", 10: "struct", 11: "schema",
        12: "schema", 18: "status", 20: "time", 21: "time", 23: "struct",
    },
    "struct": {1: "entry"},
    "entry": {1: "", 2: "value"},
    "value": {3: "", 5: "struct", 6: "list"},
    "list": {1: "value"},
    "schema": {2: "property", 3: "schema"},
    "property": {1: "", 2: "schema"},
    "status": {2: ""},
    "time": {},
}  # fmt: skip
"""The fields of each message that have a length, and the message each holds, "" for a string."""


def lengths(message: str, data: bytes) -> Iterator[tuple[str, int, int]]:
    """(message, field, length) of every length in well-formed bytes"""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        field, wire_type = tag >> 3, tag & 7
        if wire_type == 0:
            _, at = _varint(data, at)
        elif wire_type == 1:
            at += 8
        else:
            assert wire_type == 2
            length, at = _varint(data, at)
            yield message, field, length
            inner = LENGTHS_IN[message][field]
            if inner:
                yield from lengths(inner, data[at : at + length])
            at += length
    assert at == len(data)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number, shift = 0, 0
    while True:
        number |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return number, at
