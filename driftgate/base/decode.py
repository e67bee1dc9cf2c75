"""JSON values as the frozen dataclasses they were written from."""

from __future__ import annotations

import collections.abc
import enum
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

MOST = 1 << 63
"""No count is as large; what is computed of it would be beyond every float."""


def decode(kind: Any, value: Any, where: str) -> Any:
    """The value as an instance of `kind`: dataclass, tuple, frozenset, mapping, Optional, enum, plain type.

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
    if origin is frozenset:
        return frozenset(_tuple((inner[0], Ellipsis), _expect(value, list, where), where))
    if origin in (dict, collections.abc.Mapping):
        members = _expect(value, dict, where)
        return {key: decode(inner[1], item, f"{where}.{key}") for key, item in members.items()}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _enum(kind, value, where)
    if kind in (int, float) and not isinstance(value, bool) and isinstance(value, (int, float)):
        return _number(kind, value, where)
    return _expect(value, kind, where)


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


def _enum(kind: type[enum.Enum], value: Any, where: str) -> enum.Enum:
    try:
        return kind(value)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _number(kind: type, value: Union[int, float], where: str) -> Union[int, float]:
    if isinstance(value, int) and not -MOST <= value < MOST:
        raise ValueError(f"{where}: an int beyond every count")
    if not math.isfinite(value):
        raise ValueError(f"{where}: a float beyond every figure")
    return float(value) if kind is float else int(_expect(value, int, where))


def _expect(value: Any, kind: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, float)):
        raise ValueError(f"{where}: {repr(value)[:100]} is not of type {kind.__name__}")
    return value
