"""The order in which a tree is made smaller: whole arguments, items, levels, then single values.

Big steps first, as each success makes all later steps cheaper; begun again from the top
until nothing gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..nodes import Node, fold, walk, with_children
from .scalars import chunks
from .search import Search
from .shrink import plainer, together, values_of

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
        if search.change({id(node): with_children(node, children)}):
            return True
    return False


def _without_levels(search: Search) -> None:
    """Leave out levels of the deepest way down, as many at once as possible."""
    changed = True
    while changed:
        spine = _spine(search.best)
        changed = False
        for start, end in chunks(len(spine) - 1):
            if search.change({id(spine[start]): spine[end]}):
                changed = True
                break


def _spine(root: Node) -> list[Node]:
    """From the argument that goes deepest down its deepest values, each able to stand for the one before."""
    heights = _heights(root)
    spine = [max(root.children, key=lambda child: heights[id(child)])]
    below = values_of(spine[0])
    while below:
        spine.append(max(below, key=lambda child: heights[id(child)]))
        below = values_of(spine[-1])
    return spine


def _without_its_level(search: Search, node: Node) -> bool:
    """Put one of a container's values in its place."""
    return any(search.change({id(node): child}) for child in values_of(node)[:MOST_CHILDREN])


def _heights(root: Node) -> Mapping[int, int]:
    heights: dict[int, int] = {}

    def measure(node: Node, below: list[int]) -> int:
        heights[id(node)] = height = 1 + max(below, default=0)
        return height

    fold(root, measure)
    return heights


def _plainer(search: Search, node: Node) -> bool:
    return any(search.change({id(node): one}, fewer) for one, fewer in plainer(node))
