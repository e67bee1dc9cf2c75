"""A tree of nodes: what Python objects, JSON texts and protobuf bytes are to the reducer and to saved cases.

Nodes are never changed; a change makes a new tree that shares the rest.  All walks keep
their own stack, since inputs may be nested deeper than the interpreter allows calls to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .anatomy import ITSELF, Anatomy, Incomparable, Kind, UnknownKind, kind_named, take_any, take_apart
from .anatomy.kinds import UNORDERED


class Unbuildable(ValueError):
    """A tree that stands for no object: a part is of a kind its place does not allow."""


@dataclass(frozen=True, eq=False)
class Node:
    """One value: its kind, what it holds besides parts, and the nodes of its parts.

    `group` is how many children make one item that can be left out, 0 for none.  A node that
    stands in several places is one object in several places.  `anchor` marks a node that is
    its own descendant: there stands a node of the kind `BACK` with that number as its data.

    `mark` is the same for trees of the same kinds, data and shape, within one process; `height`
    is 1 for a leaf.
    """

    kind: str
    data: Any = None
    children: tuple[Node, ...] = ()
    group: int = 0
    anchor: Optional[int] = None
    mark: int = field(init=False, repr=False)
    height: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        data = id(self.data) if self.kind == "opaque" else repr(self.data)
        marks = [child.mark for child in self.children]
        if self.kind in UNORDERED:
            marks.sort()
        mark, height = hash((self.kind, data, *marks)), 0
        for child in self.children:
            if child.height > height:
                height = child.height
        object.__setattr__(self, "mark", mark)
        object.__setattr__(self, "height", height + 1)


BACK = "back"
OPAQUE = Kind(ITSELF.name, ITSELF.apart, lambda data, parts: data)


def walk(root: Node) -> Iterator[Node]:
    """Every node once, parents before children, breadth first."""
    seen = {id(root)}
    level = [root]
    while level:
        below: list[Node] = []
        for node in level:
            yield node
            for child in node.children:
                if id(child) not in seen:
                    seen.add(id(child))
                    below.append(child)
        level = below


def fold(root: Node, make: Callable[[Node, list[Any]], Any]) -> Any:
    """`make` of every node with what it made of its children, children first; a shared node is made once."""
    made: dict[int, Any] = {}
    pending: list[tuple[Node, bool]] = [(root, False)]
    while pending:
        node, ready = pending.pop()
        if id(node) in made:
            continue
        if ready or not node.children:
            made[id(node)] = make(node, [made[id(child)] for child in node.children])
        else:
            pending.append((node, True))
            pending += [(child, False) for child in reversed(node.children) if id(child) not in made]
    return made[id(root)]


def replaced(root: Node, changes: Mapping[int, Node]) -> Node:
    """The tree with some nodes, by their `id`, replaced wherever they stand."""

    def make(node: Node, children: list[Node]) -> Node:
        change = changes.get(id(node))
        if change is not None:
            return change
        for new, old in zip(children, node.children):
            if new is not old:
                return with_children(node, tuple(children))
        return node

    made: Node = fold(root, make)
    return made


def parents(root: Node) -> dict[int, list[Node]]:
    """The nodes that have each node, by its `id`, as a child."""
    found: dict[int, list[Node]] = {id(root): []}
    for node in walk(root):
        for child in node.children:
            found.setdefault(id(child), []).append(node)
    return found


def replaced_one(of: Mapping[int, list[Node]], old: Node, new: Node) -> Node | None:
    """The tree with one node replaced, by its `parents`; None where it stands in several places."""
    above = of[id(old)]
    while above:
        if len(above) > 1:
            return None
        (parent,) = above
        children = tuple(new if child is old else child for child in parent.children)
        old, new = parent, with_children(parent, children)
        above = of[id(old)]
    return new


def with_children(node: Node, children: tuple[Node, ...]) -> Node:
    return Node(node.kind, node.data, children, node.group, node.anchor)


# ---- Python objects ----------------------------------------------------------


def kept_whole(value: object) -> Anatomy:
    """An object taken apart, or where it is of no known kind a leaf that keeps it as it is."""
    try:
        return take_apart(value)
    except UnknownKind:
        return Anatomy(OPAQUE, value, ())


def _comparable(value: object) -> Anatomy:
    try:
        return take_any(value)
    except Incomparable:
        return Anatomy(ITSELF, value, ())


class Marks:
    """Marks of objects of any class, the same for equal ones within one process.

    What several objects hold is looked at once; objects that hold themselves are not remembered.
    """

    def __init__(self) -> None:
        self._known: dict[int, Node] = {}
        self._kept: list[object] = []

    def of(self, value: object) -> int:
        return from_object(value, _comparable, self._known, self._kept).mark


def from_object(
    value: object,
    take: Callable[[object], Anatomy] = take_apart,
    known: dict[int, Node] | None = None,
    kept: list[object] | None = None,
) -> Node:
    """The tree of a Python object; `take` takes each one apart, `take_apart` raises `UnknownKind`.

    `known` are trees by the `id` of their objects, which `kept` keeps alive; both are added to.
    """
    known, kept = {} if known is None else known, [] if kept is None else kept
    done: dict[int, Node] = {}
    taken: dict[int, Anatomy] = {}
    anchors: dict[int, int] = {}  # of the objects that hold themselves
    pending: list[tuple[object, bool]] = [(value, False)]
    out: list[Node] = []
    while pending:
        item, ready = pending.pop()
        key = id(item)
        if ready:
            anatomy = taken.pop(key)
            count = len(anatomy.parts)
            children = tuple(out[len(out) - count :])
            del out[len(out) - count :]
            node = Node(anatomy.kind.name, anatomy.data, children, anatomy.kind.group, anchors.get(key))
            done[key] = node
            out.append(node)
        elif key in taken:
            out.append(Node(BACK, anchors.setdefault(key, len(anchors))))
        elif key in done or key in known:
            out.append(done[key] if key in done else known[key])
        else:
            kept.append(item)  # parts may be made on the fly, and their ids must not be used again
            anatomy = take(item)
            if not anatomy.parts and anatomy.kind.group == 0:
                out.append(Node(anatomy.kind.name, anatomy.data))
                continue
            taken[key] = anatomy
            kept.append(anatomy)
            pending.append((item, True))
            pending += [(part, False) for part in reversed(anatomy.parts)]
    if not anchors:
        known.update(done)
    return out[0]


def to_object(root: Node, kinds: Mapping[str, Kind] | None = None) -> Any:
    """A new object of a tree, in which `kinds` beside the known ones may stand; raises `Unbuildable`."""
    kinds = {OPAQUE.name: OPAQUE, **(kinds or {})}
    anchored: dict[int, Any] = {}
    made: dict[int, Any] = {}
    pending: list[tuple[Node, bool]] = [(root, False)]
    try:
        while pending:
            node, ready = pending.pop()
            if id(node) in made:
                continue
            if node.kind == BACK:
                made[id(node)] = anchored[node.data]
                continue
            kind = kinds.get(node.kind) or kind_named(node.kind)
            if not ready:
                if node.anchor is not None:
                    anchored[node.anchor] = kind.build(node.data, ())
                pending.append((node, True))
                pending += [(child, False) for child in reversed(node.children)]
                continue
            parts = [made[id(child)] for child in node.children]
            if node.anchor is None:
                made[id(node)] = kind.build(node.data, parts)
            else:
                assert kind.fill is not None, "only what can be filled holds itself"
                kind.fill(anchored[node.anchor], parts)
                made[id(node)] = anchored[node.anchor]
    except (
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        ArithmeticError,
        AssertionError,
    ) as error:
        raise Unbuildable(f"{type(error).__name__}: {error}") from None
    return made[id(root)]
