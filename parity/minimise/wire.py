"""Protobuf bytes as a tree of fields, so that a field can be left out and every length around it stays right.

A field's data is (number, wire type, padding of the tag, padding of the number that follows,
content); a message in a field is its children.  What cannot be read any further is a field of
number 0 that holds its bytes as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..anatomy import Kind
from ..messages import DELIMITED, VARINT, Field, fields, read_varint
from ..nodes import Node
from .scalars import MOST_CHUNKS, chunks

MESSAGE, FIELD, LEAF = "message", "field", "leaf field"

FieldData = tuple[int, int, int, int, bytes]


def read_message(data: bytes, message: str) -> Node:
    """The tree of a message's bytes; its data is the message's name."""
    root: list[Node] = []
    # Per open message: its name, the fields that are left, its children so far, the field it is in.
    stack: list[tuple[str, list[Field], list[Node], Field | None]] = [
        (message, fields(data, message)[::-1], root, None)
    ]
    while True:
        name, left, children, holder = stack[-1]
        if left:
            field = left.pop()
            if field.message is not None:
                inner = fields(data, field.message, field.content, field.end)[::-1]
                stack.append((field.message, inner, [], field))
            else:
                children.append(_leaf(data, field))
            continue
        stack.pop()
        node = Node(MESSAGE, name, tuple(children), 1)
        if holder is None:
            return node
        tag, number = _paddings(data, holder)
        stack[-1][2].append(Node(FIELD, (holder.number, DELIMITED, tag, number, b""), (node,)))


def _leaf(data: bytes, field: Field) -> Node:
    content = data[field.content : field.end]
    if field.number == 0:
        return Node(LEAF, (0, -1, 0, 0, content))
    tag, number = _paddings(data, field)
    return Node(LEAF, (field.number, field.wire_type, tag, number, content))


def _paddings(data: bytes, field: Field) -> tuple[int, int]:
    """How many needless bytes the tag has, and the length behind it."""
    tag = read_varint(data, field.start, field.end)
    assert tag is not None, "a field that was read has a tag"
    padding = tag[1] - field.start - len(varint(tag[0]))
    if field.wire_type != DELIMITED:
        return padding, 0
    return padding, field.content - tag[1] - len(varint(field.end - field.content))


def varint(number: int, padding: int = 0) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    for _ in range(padding):
        out[-1] |= 0x80
        out.append(0)
    return bytes(out)


def _write(data: FieldData, content: bytes) -> bytes:
    number, wire_type, tag, padding, _ = data
    if number == 0:
        return content
    head = varint(number << 3 | wire_type, tag)
    return head + (varint(len(content), padding) if wire_type == DELIMITED else b"") + content


def _unread(value: Any) -> tuple[Any, Sequence[Any]]:
    raise AssertionError("protobuf bytes are read as a whole")


KINDS: Mapping[str, Kind] = {
    MESSAGE: Kind(MESSAGE, _unread, lambda data, parts: b"".join(parts), 1),
    FIELD: Kind(FIELD, _unread, lambda data, parts: _write(data, parts[0])),
    LEAF: Kind(LEAF, _unread, lambda data, parts: _write(data, data[4])),
}


def plainer_field(node: Node) -> list[Node]:
    """Plainer fields of the same number: canonical, then with less in them."""
    number, wire_type, tag, padding, content = node.data
    out = []
    if tag or padding:
        out.append(Node(node.kind, (number, wire_type, 0, 0, content), node.children))
    if node.kind == LEAF:
        out += [Node(LEAF, (number, wire_type, 0, 0, less)) for less in _less(wire_type, content)]
    return out


def _less(wire_type: int, content: bytes) -> list[bytes]:
    if wire_type == VARINT:
        short = [b"\x00", b"\x01"]
        read = read_varint(content, 0, len(content))
        return [
            one
            for one in (*short, varint(read[0]) if read else b"")
            if (one and one < content) or len(one) < len(content)
        ]
    if wire_type in (DELIMITED, -1):
        return less_bytes(content)
    return [bytes(len(content))] if any(content) else []


def less_bytes(content: bytes) -> list[bytes]:
    """Shorter runs of bytes, halves first; then plainer bytes in the same places."""
    out = [content[:start] + content[end:] for start, end in chunks(len(content))]
    for at, byte in enumerate(content[:MOST_CHUNKS]):
        out += [content[:at] + bytes((plain,)) + content[at + 1 :] for plain in b"\x00a" if plain < byte]
    return out
