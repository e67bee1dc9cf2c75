"""The order in which a tree is made smaller: whole arguments, items, levels, then single values.

Big steps first, as each success makes all later steps cheaper; begun again from the top
until nothing gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..nodes import Node, walk, with_children
from .scalars import chunks
from .search import Search
from .shrink import plainer, sort_of, together, values_of

MOST_CHILDREN = 20
"""How many of a container's values are tried in its place; what is left after dropping items is few."""


def reduce(search: Search, plain: Sequence[Node]) -> None:
    """Make the search's best tree as small as it gets; `plain` are the arguments' plainest values."""
    done = {id(node) for one in plain for node in walk(one)}  # nothing is plainer than these
    while True:
        before = search.best
        _plain_arguments(search, plain)
        for change in together(search.best):
            search.change(change)
        _without_levels(search)
        _at_every_node(search, done, _without_items)
        _at_every_node(search, done, _without_its_level)
        _at_every_node(search, done, _plainer)
        if search.best is before:
            return


def _plain_arguments(search: Search, plain: Sequence[Node]) -> None:
    """As many arguments as possible at their plainest, the last of them first."""
    for start, end in chunks(len(plain)):
        children = search.best.children
        search.take(with_children(search.best, (*children[:start], *plain[start:end], *children[end:])))


def _at_every_node(search: Search, done: set[int], attempt: Callable[[Search, Node], bool]) -> None:
    """Try something at each node, parents first; at the same place again as long as it succeeds."""
    at = 0
    nodes = list(walk(search.best))
    while at < len(nodes):
        if id(nodes[at]) not in done and attempt(search, nodes[at]):
            nodes = list(walk(search.best))
        else:
            at += 1


def _without_items(search: Search, node: Node) -> bool:
    """Leave out the items of a container, as many at once as possible."""
    if not node.group or not node.children:
        return False
    width = node.group
    for start, end in chunks(len(node.children) // width):
        children = node.children[: start * width] + node.children[end * width :]
        if search.put(node, with_children(node, children)):
            return True
    return False


def _without_levels(search: Search) -> None:
    """Leave out levels of the deepest way down, as many at once as possible."""
    changed = True
    while changed:
        spine = _spine(search.best)
        changed = False
        for start, end in chunks(len(spine) - 1):
            if search.put(spine[start], spine[end]):
                changed = True
                break


def _spine(root: Node) -> list[Node]:
    """On the deepest way down the values that can stand for one another, outermost first."""
    way = [root]
    while way[-1].children:
        way.append(max(way[-1].children, key=_height))
    by_sort: dict[str, list[Node]] = {}
    for node in way[1:]:
        by_sort.setdefault(sort_of(node), []).append(node)
    return max(by_sort.values(), key=len)


def _height(node: Node) -> int:
    return node.height


def _without_its_level(search: Search, node: Node) -> bool:
    """Put one of a container's values in its place."""
    return any(search.put(node, child) for child in values_of(node)[:MOST_CHILDREN])


def _plainer(search: Search, node: Node) -> bool:
    return any(search.put(node, one, fewer) for one, fewer in plainer(node))
