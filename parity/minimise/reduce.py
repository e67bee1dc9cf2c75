"""The order in which a tree is made smaller: whole arguments, items, levels, then single values.

Big steps first, as each success makes all later steps cheaper; begun again from the top
until nothing gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..nodes import Node, fold, walk, with_children
from .search import Search
from .shrink import plainer, together, values_of

MOST_CHILDREN = 20
"""How many of a container's values are tried in its place; what is left after dropping items is few."""


def reduce(search: Search, plain: Sequence[Node | None]) -> None:
    """Make the search's best tree as small as it gets; `plain` are the arguments' plainest values."""
    while True:
        before = search.best
        _plain_arguments(search, plain)
        for change in together(search.best):
            search.change(change)
        _at_every_node(search, _without_items)
        _without_levels(search)
        _at_every_node(search, _plainer)
        if search.best is before:
            return


def _plain_arguments(search: Search, plain: Sequence[Node]) -> None:
    """As many arguments as possible at their plainest, the last of them first."""
    size = len(plain)
    while size:
        for end in range(len(plain), 0, -size):
            start = max(0, end - size)
            children = search.best.children
            search.take(with_children(search.best, (*children[:start], *plain[start:end], *children[end:])))
        size //= 2


def _at_every_node(search: Search, attempt: Callable[[Search, Node], bool]) -> None:
    """Try something at each node, parents first; at the same place again as long as it succeeds."""
    at = 0
    nodes = list(walk(search.best))
    while at < len(nodes):
        if attempt(search, nodes[at]):
            nodes = list(walk(search.best))
        else:
            at += 1


def _without_items(search: Search, node: Node) -> bool:
    """Leave out the items of a container, as many at once as possible."""
    if not node.group or not node.children:
        return False
    current = node
    width = node.group
    size = len(node.children) // width
    while size:
        end = len(current.children) // width
        while end > 0:
            start = max(0, end - size)
            children = current.children[: start * width] + current.children[end * width :]
            smaller = with_children(current, children)
            if search.change({id(current): smaller}):
                current = smaller
            end = start
        size //= 2
    return current is not node


def _without_levels(search: Search) -> None:
    """Put values from further down in containers' places: as many levels at once as possible."""
    at = 0
    while True:
        nodes = list(walk(search.best))
        heights = _heights(search.best)
        while at < len(nodes) and not _without_levels_at(search, nodes[at], heights):
            at += 1
        if at >= len(nodes):
            return


def _without_levels_at(search: Search, node: Node, heights: Mapping[int, int]) -> bool:
    below = values_of(node)
    spine = [node]
    while below:
        spine.append(max(below, key=lambda child: heights[id(child)]))
        below = values_of(spine[-1])
    step = len(spine) - 1
    while step > 1:
        if search.change({id(node): spine[step]}):
            return True
        step //= 2
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
