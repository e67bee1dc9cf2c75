"""Facts of a Python object, walked without calls into its own code where that can be helped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum

from . import scalars

MOST_VISITED = 200_000
"""Values looked at; shared ones count once for each place they stand in."""

_PLAIN = (str, int, float, list, dict, bool, type(None))


def object_facts(value: object) -> set[str]:
    facts: set[str] = set()
    deepest = widest = visited = 0
    open_ids: list[int] = []  # of the containers around the value at hand
    seen: set[int] = set()
    pending: list[tuple[object, int]] = [(value, 0)]
    while pending and visited < MOST_VISITED:
        visited += 1
        item, depth = pending.pop()
        del open_ids[depth:]
        parts = _parts(item, facts)
        if parts is None:
            continue
        if id(item) in open_ids:
            facts.add("object within itself")
            continue
        if id(item) in seen and parts:
            facts.add("same object twice")
        seen.add(id(item))
        open_ids.append(id(item))
        deepest, widest = max(deepest, depth + 1), max(widest, len(parts))
        pending += [(part, depth + 1) for part in reversed(parts)]
    scalars.shape_facts(deepest, widest, facts)
    return facts


def _parts(item: object, facts: set[str]) -> list[object] | None:
    """What a container holds, None for anything else; adds the facts of the item itself.

    Objects may raise or contradict themselves wherever they are asked.
    """
    try:
        return _told_parts(item, facts)
    except Exception:
        facts.add("object that lies")
        return None


def _told_parts(item: object, facts: set[str]) -> list[object] | None:
    if isinstance(item, Enum):
        facts.add("enum member")
    elif type(item) not in _PLAIN and isinstance(item, (str, int, float, list, dict)):
        facts.add("subclass of a plain type")
    if item is None:
        facts.add("null")
    elif isinstance(item, bool):
        facts.add("true or false")
    elif isinstance(item, int):
        scalars.int_facts(int.__add__(item, 0), facts)
    elif isinstance(item, float):
        scalars.float_facts(float.__float__(item), facts)
    elif isinstance(item, str):
        scalars.string_facts("".join(str.__iter__(item)), facts)
    elif isinstance(item, Mapping):
        return _members(item, facts)
    elif isinstance(item, (list, tuple)):
        facts.add("tuple" if isinstance(item, tuple) else "list")
        return _items(item, facts)
    elif isinstance(item, (set, frozenset)):
        facts.add("set")
        return _items(item, facts)
    elif isinstance(item, (bytes, bytearray)):
        facts.add("bytes object")
    elif is_dataclass(item) and not isinstance(item, type):
        facts.add("dataclass")
        return [getattr(item, field.name, None) for field in fields(item)]
    else:
        facts.add(_kind_of_other(item))
    return None


def _kind_of_other(item: object) -> str:
    if isinstance(item, Decimal):
        return "Decimal"
    if isinstance(item, (date, time, timedelta)):
        return "date or time"
    try:
        str(item)
    except Exception:
        return "object whose str raises"
    return "enum member" if isinstance(item, Enum) else "object known by its str"


def _items(item: Iterable[object], facts: set[str]) -> list[object]:
    parts = list(item)
    if not parts:
        facts.add("empty list")
    return parts


def _members(item: Mapping[object, object], facts: set[str]) -> list[object]:
    facts.add("object")
    if not isinstance(item, dict):
        facts.add("Mapping that is no dict")
    members = list(item.items())
    if not members:
        facts.add("empty object")
    texts: list[str] = []
    for key, _ in members:
        if type(key) is str:
            texts.append(key)
            continue
        facts.add("key that is no str")
        try:
            texts.append(str(key))
        except Exception:
            facts.add("object whose str raises")
    distinct = list(dict.fromkeys(texts))
    if len(distinct) < len(texts):
        facts.add("keys alike as text")
    scalars.keys_facts(distinct, facts)
    return [member for _, member in members]
