"""Plainer forms of single nodes, plainest first.

Each is a step down: shorter, or of the same length and earlier in the order of its text, or
marked as worth taking only with fewer features.  So no chain of them comes back to where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from ..anatomy import text_of
from ..nodes import Node, fold, from_object, to_object, walk, with_children
from . import json_text, wire
from .scalars import less_text, plainer_numbers, plainer_tokens

Plainer = Iterator[tuple[Node, bool]]
"""A node, and whether it is worth taking only with fewer features."""

_PLAIN_OF_GROUP = {1: "list", 2: "dict"}
_VALUE_MESSAGES = frozenset({"Value", "Struct", "JsonSchema", "ListValue"})

_PLAIN_LEAVES = {
    "Decimal": ("0", "1", "NaN"),
    "Fraction": ("0", "1/2"),
    "UUID": ("00000000-0000-0000-0000-000000000000",),
    "datetime": ("2000-01-01T00:00:00",),
    "date": ("2000-01-01",),
    "time": ("00:00:00",),
    "timedelta": ([0, 0, 0],),
}


def values_of(node: Node) -> list[Node]:
    """The nodes below that may stand in this one's place: its values, not its keys."""
    if node.kind == wire.MESSAGE:
        return _same_messages(node)
    if node.kind in ("arguments", wire.FIELD, wire.LEAF):
        return []
    children = node.children[1::2] if node.group == 2 else node.children
    return [child for child in children if child.kind != "back"]


def sort_of(node: Node) -> str:
    """Nodes of one sort may stand in each other's places: messages of a kind, fields, all other values."""
    if node.kind == wire.MESSAGE:
        return str(node.data)
    return node.kind if node.kind in (wire.FIELD, wire.LEAF) else "value"


def _same_messages(node: Node) -> list[Node]:
    """The nearest messages of the same kind within a message."""
    if node.data not in _VALUE_MESSAGES:
        return []
    found: list[Node] = []
    level = list(node.children)
    while level and not found:
        level = [child for one in level for child in one.children]
        found = [one for one in level if one.kind == wire.MESSAGE and one.data == node.data]
    return found


def together(root: Node) -> Iterator[Mapping[int, Node]]:
    """Changes of many nodes at once, for what fills an input: keys, blanks, odd containers, padding."""
    nodes = list(walk(root))
    yield from _renamed_keys(nodes)
    keys = {id(key) for node in nodes if node.group == 2 for key in node.children[::2]}
    values = [node for node in nodes if id(node) not in keys]
    yield {id(node): zero for node in values if (zero := _as_zero(node)) is not None}
    for choose in (_without_blanks, _as_list, _as_plain_container, _canonical):
        changes = {id(node): new for node in nodes if (new := choose(node)) is not None}
        if len(changes) > 1:
            yield _inner_first(root, changes)


def _renamed_keys(nodes: list[Node]) -> Iterator[Mapping[int, Node]]:
    """All keys as a, b, c …, the same name for the same key: as they stand, then in the order they sort in.

    Those that mean something keep their names.
    """
    keys = [child for node in nodes if node.group == 2 for child in node.children[::2]]
    texts = {id(key): text for key in keys if (text := _key_text(key)) is not None and text not in _KNOWN}
    for order in (list(dict.fromkeys(texts.values())), sorted(set(texts.values()))):
        if len(order) <= len(_NAMES):
            names = dict(zip(order, _LETTERS if len(order) <= len(_LETTERS) else _NAMES))
            yield {id(key): _renamed(key, names[texts[id(key)]]) for key in keys if id(key) in texts}


_KNOWN = frozenset({"encoding", "decoded_type", "match_importance", "type", "properties", "items"})
_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
_NAMES = tuple(one + other for one in _LETTERS for other in _LETTERS)
"""Of one length, so that they sort as the letters do."""


def _key_text(key: Node) -> str | None:
    if key.kind == "str":
        return text_of(key.data)
    if key.kind != json_text.KEY:
        return None
    try:
        text: str = json.loads(key.data[1], strict=False)
    except ValueError:
        return None
    return text


def _renamed(key: Node, name: str) -> Node:
    if key.kind == "str":
        return Node("str", name)
    before, _, after = key.data
    return Node(key.kind, (before, f'"{name}"', after))


def _inner_first(root: Node, changes: Mapping[int, Node]) -> Mapping[int, Node]:
    """The same changes where a change also holds changed children."""

    def make(node: Node, children: list[Node]) -> Node:
        new = changes.get(id(node))
        if new is None:
            return node if not children else with_children(node, tuple(children))
        by_old = {id(old): child for old, child in zip(node.children, children)}
        kept = tuple(by_old.get(id(child), child) for child in new.children)
        return with_children(new, kept)

    return {id(root): fold(root, make)}


def _without_blanks(node: Node) -> Node | None:
    if node.kind not in json_text.KINDS or node.kind == json_text.RAW:
        return None
    plain = ("", "" if node.group else node.data[1], "")
    return None if plain == node.data else Node(node.kind, plain, node.children, node.group)


def _as_list(node: Node) -> Node | None:
    if node.kind == json_text.OBJECT:
        return Node(json_text.LIST, ("", "", ""), node.children[1::2], 1)
    return None


def _as_plain_container(node: Node) -> Node | None:
    plain = _PLAIN_OF_GROUP.get(node.group)
    if plain is None or node.kind in (plain, wire.MESSAGE) or node.kind in json_text.KINDS:
        return None
    return Node(plain, None, node.children, node.group)


def _canonical(node: Node) -> Node | None:
    if node.kind in (wire.FIELD, wire.LEAF) and (node.data[2] or node.data[3]):
        number, wire_type, _, _, content = node.data
        return Node(node.kind, (number, wire_type, 0, 0, content), node.children)
    return None


def _as_zero(node: Node) -> Node | None:
    if node.kind == json_text.SCALAR and node.data[1] != "0":
        return Node(json_text.SCALAR, (node.data[0], "0", node.data[2]))
    if node.kind in _SCALARS and not (node.kind == "int" and node.data == 0):
        return from_object(0)
    return None


_SCALARS = frozenset({"None", "bool", "int", "float", "str", "bytes", "bytearray"})


def plainer(node: Node) -> Plainer:
    """Plainer forms of one node that keep its place."""
    blanks = _without_blanks(node)
    if blanks is not None:
        yield blanks, False
    if node.kind == json_text.RAW:
        yield from ((Node(json_text.RAW, text), False) for text in less_text(node.data, by_token=True))
    elif node.kind in (json_text.SCALAR, json_text.KEY):
        before, token, after = node.data
        for text, fewer in plainer_tokens(token, key=node.kind == json_text.KEY):
            yield Node(node.kind, (before, text, after)), fewer
    elif node.kind in (json_text.LIST, json_text.OBJECT):
        yield from _plainer_json_container(node)
    elif node.kind in (wire.FIELD, wire.LEAF):
        yield from ((one, False) for one in wire.plainer_field(node))
    elif node.kind not in ("arguments", wire.MESSAGE, "back"):
        yield from _plainer_object(node)


def _plainer_json_container(node: Node) -> Plainer:
    yield Node(json_text.SCALAR, ("", "0", "")), False
    as_list = _as_list(node)
    if as_list is not None:
        yield as_list, False
    if not node.children:
        zero = Node(json_text.SCALAR, ("", "0", ""))
        key = Node(json_text.KEY, ("", '"a"', ""))
        children = (zero,) if node.kind == json_text.LIST else (key, zero)
        yield Node(node.kind, node.data, children, node.group), True


def _plainer_object(node: Node) -> Plainer:
    if node.kind == "int":
        yield from ((from_object(number), False) for number in plainer_numbers(to_object(node)))
        return
    yield from_object(0), False
    if node.kind == "float":
        yield from ((from_object(number), False) for number in plainer_numbers(to_object(node)))
    elif node.kind == "str":
        yield from ((from_object(text), False) for text in less_text(text_of(node.data)))
    elif node.kind in ("bytes", "bytearray", "memoryview"):
        content = bytes.fromhex(node.data)
        yield from ((Node(node.kind, less.hex()), False) for less in wire.less_bytes(content))
        if node.kind != "bytes":
            yield Node("bytes", node.data), False
    elif node.kind in _PLAIN_LEAVES:
        plain = _PLAIN_LEAVES[node.kind]
        yield from ((Node(node.kind, data), False) for data in _before(node.data, plain))
    elif node.group:
        yield from _plainer_container(node)


def _before(data: object, plain: Iterable[object]) -> Iterator[object]:
    for one in plain:
        if one == data:
            return
        yield one


def _plainer_container(node: Node) -> Plainer:
    plain = _as_plain_container(node)
    if plain is not None:
        yield plain, False
    for at in range(0, len(node.children) if node.group == 2 else 0, 2):
        if node.children[at].kind != "str":
            name = from_object(_LETTERS[at // 2 % len(_LETTERS)])
            yield with_children(node, (*node.children[:at], name, *node.children[at + 1 :])), False
    if node.kind == "dict":
        yield Node("list", None, node.children[1::2], 1), False
    if not node.children:
        children = (from_object(0),) if node.group == 1 else (from_object("a"), from_object(0))
        yield Node(node.kind, node.data, children, node.group), True
