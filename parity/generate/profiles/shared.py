"""The same list or dict in several places of one object, and objects that hold themselves."""

from __future__ import annotations

from typing import Union

from ...operations import Takes
from ..merge_rules import merges_text
from ..numbers import everyday_number
from ..pools import KEYS
from ..source import Source
from ..strings import awkward_key, everyday_key, everyday_string, quoted
from ..text import Style, array_text, object_text
from ..values import Arguments, JsonValue, read
from .base import Profile

Container = Union[list[JsonValue], dict[str, JsonValue]]

_STYLE = Style(everyday_number, everyday_string, everyday_key, members=2, depth=4)


def shared_value(source: Source) -> JsonValue:
    """A tree in which some container stands in two places; in one of eight, within itself."""
    if source.chance(8):
        return _doubled(source)
    root = read(f"[{object_text(source, _STYLE, 3)},{array_text(source, _STYLE, 2)},{{}}]")
    containers = _containers(root)
    _add(source, containers, cycles=False)
    while source.more(1):
        _add(source, containers, cycles=source.chance(8))
    return root if source.chance(2) else {"value": root, "id": source.pick(containers[1:])}


def _add(source: Source, containers: list[Container], cycles: bool) -> None:
    """Put one of the containers into another, which is inside it only if a cycle is wanted."""
    holder = source.pick(containers)
    fit = [one for one in containers if _holds(one, holder) == cycles]
    if not fit:
        return
    item = source.pick(fit)
    if isinstance(holder, list):
        holder.append(item)
    else:
        key = read(awkward_key(source))
        assert isinstance(key, str)
        holder[key] = item


def _doubled(source: Source) -> JsonValue:
    """Each level holds the next one twice: few containers, many paths."""
    value: JsonValue = [source.below(9)]
    for _ in range(source.between(1, 8)):
        value = [value, value] if source.chance(2) else {"a": value, "b": value}
    return value


def _containers(root: JsonValue) -> list[Container]:
    found: list[Container] = []
    pending = [root]
    while pending:
        value = pending.pop(0)
        if isinstance(value, (list, dict)):
            found.append(value)
            pending += value.values() if isinstance(value, dict) else value
    return found


def _holds(outer: Container, wanted: Container) -> bool:
    """Whether `wanted` is `outer` or somewhere in it."""
    seen: set[int] = set()
    pending: list[JsonValue] = [outer]
    while pending:
        value = pending.pop()
        if value is wanted:
            return True
        if isinstance(value, (list, dict)) and id(value) not in seen:
            seen.add(id(value))
            pending += value.values() if isinstance(value, dict) else value
    return False


def _arguments(source: Source) -> Arguments:
    value = shared_value(source)
    if not source.chance(4):
        return value, None
    return value, read(merges_text(source, [quoted(source.pick(KEYS)) for _ in range(2)]))


PROFILE = Profile(
    "shared",
    "one list or dict in several places, and within itself",
    (Takes.OBJECT_AND_MERGES,),
    lambda source: {Takes.OBJECT_AND_MERGES: lambda: _arguments(source.again())},
    weight=3,
)
