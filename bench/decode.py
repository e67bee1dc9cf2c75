"""JSON values as the frozen dataclasses they were written from."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


def decode(kind: Any, value: Any, where: str) -> Any:
    """The value as an instance of `kind`: a dataclass, tuple, dict, Optional, enum or plain type.

    Raises ValueError, beginning with `where`, for anything else than was written.  Members of a
    dataclass that it does not know are an error: a misspelt one must not be passed over.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, value, where)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Union:
        return _union(inner, value, where)
    if origin is tuple:
        return _tuple(inner, _expect(value, list, where), where)
    if origin is dict:
        members = _expect(value, dict, where)
        return {key: decode(inner[1], item, f"{where}.{key}") for key, item in members.items()}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return _float(value, where)
    return _expect(value, kind, where)


def _float(value: int, where: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{where}: an int beyond every float") from None


def _union(inner: tuple[Any, ...], value: Any, where: str) -> Any:
    """Optional of one type is decoded as it; any other union holds plain JSON."""
    if value is None and type(None) in inner:
        return None
    others = [one for one in inner if one is not type(None)]
    return decode(others[0], value, where) if len(others) == 1 else value


def _dataclass(kind: type, value: Any, where: str) -> Any:
    members = _expect(value, dict, where)
    hints = _hints(kind)
    unknown = sorted(set(members) - set(hints))
    if unknown:
        raise ValueError(f"{where}: unknown {unknown[0]!r}; there are {', '.join(hints)}")
    try:
        return kind(**{name: decode(hints[name], item, f"{where}.{name}") for name, item in members.items()})
    except TypeError as error:  # a member is missing
        raise ValueError(f"{where}: {error}") from error


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _tuple(inner: tuple[Any, ...], items: list[Any], where: str) -> tuple[Any, ...]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(decode(inner[0], item, f"{where}[{at}]") for at, item in enumerate(items))
    if len(items) != len(inner):
        raise ValueError(f"{where}: {len(items)} items, {len(inner)} expected")
    return tuple(decode(kind, item, f"{where}[{at}]") for at, (kind, item) in enumerate(zip(inner, items)))


def _expect(value: Any, kind: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, float)):
        raise ValueError(f"{where}: {value!r} is not of type {kind.__name__}")
    return value
