"""JSON text as a tree that keeps what a reader sees: spellings of numbers, escapes, blanks, repeated keys.

The data of a JSON node is (blanks before it, its text, blanks after it); a container's text
is the blank in it when it is empty.  `raw text` is what is no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..anatomy import Kind
from ..features.text import TOKEN, is_json
from ..nodes import Node

SCALAR, KEY, LIST, OBJECT, RAW = "json scalar", "json key", "json list", "json object", "raw text"


def read_text(text: str) -> Node:
    """The tree of a text."""
    if not is_json(text):
        return Node(RAW, text)
    root = _read(text)
    return Node(RAW, text) if root is None else root


def _read(text: str) -> Node | None:
    """None where the tokens do not come out even, as with words Python alone reads."""
    opened: list[tuple[str, str]] = []  # kind, and the blank before it
    items: list[list[Node]] = [[]]
    blank = ""
    for token in TOKEN.finditer(text):
        kind, written = token.lastgroup, token.group()
        if kind == "blank":
            blank = written
            continue
        here = items[-1]
        if kind == "open":
            opened.append((OBJECT if written == "{" else LIST, blank))
            items.append([])
        elif kind == "close":
            if not opened:
                return None
            children = items.pop()
            name, before = opened.pop()
            if children:
                children[-1] = _followed(children[-1], blank)
            data = (before, "" if children else blank, "")
            items[-1].append(Node(name, data, tuple(children), 2 if name == OBJECT else 1))
        elif kind == "mark":
            if not here:
                return None
            here[-1] = _followed(here[-1], blank, KEY if written == ":" else here[-1].kind)
        else:
            here.append(Node(SCALAR, (blank, written, "")))
        blank = ""
    return _followed(items[0][0], blank) if len(items) == len(items[0]) == 1 else None


def _followed(node: Node, blank: str, kind: str | None = None) -> Node:
    before, text, _ = node.data
    return Node(kind or node.kind, (before, text, blank), node.children, node.group)


def _text(data: tuple[str, str, str], parts: Sequence[str]) -> str:
    return "".join(data)


def _list(data: tuple[str, str, str], parts: Sequence[str]) -> str:
    before, inner, after = data
    return f"{before}[{','.join(parts) or inner}]{after}"


def _object(data: tuple[str, str, str], parts: Sequence[str]) -> str:
    before, inner, after = data
    members = [f"{key}:{value}" for key, value in zip(parts[::2], parts[1::2])]
    return f"{before}{{{','.join(members) or inner}}}{after}"


def _unread(value: Any) -> tuple[Any, Sequence[Any]]:
    raise AssertionError("JSON text is read as a whole")


KINDS: Mapping[str, Kind] = {
    SCALAR: Kind(SCALAR, _unread, _text),
    KEY: Kind(KEY, _unread, _text),
    RAW: Kind(RAW, _unread, lambda data, parts: data),
    LIST: Kind(LIST, _unread, _list, 1),
    OBJECT: Kind(OBJECT, _unread, _object, 2),
}

UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
"""One character of a literal's body as it is written."""

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|-?Infinity|NaN")
