"""Kinds of the standard library: scalars by their own data, containers by their parts."""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

from .kinds import Kind, Parts
from .own import type_data, type_of

# ---- scalars -----------------------------------------------------------------


def text_data(text: str) -> object:
    """A str as JSON can hold it: half surrogates as bytes, since JSON readers join or refuse them."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return {"utf-8": text.encode("utf-8", "surrogatepass").hex()}
    return text


def text_of(data: Any) -> str:
    if isinstance(data, str):
        return data
    return bytes.fromhex(data["utf-8"]).decode("utf-8", "surrogatepass")


def _int_data(number: int) -> object:
    return number if -(1 << 53) < number < 1 << 53 else hex(number)


def _int_of(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, (int, str)):
        raise ValueError(f"{data!r} is no int")
    return data if isinstance(data, int) else int(data, 16)


def _float_of(data: Any) -> float:
    (number,) = struct.unpack(">d", bytes.fromhex(data))
    assert isinstance(number, float)
    return number


def _leaf(
    name: str, kind: type, data: Callable[[Any], object], build: Callable[[Any], object]
) -> tuple[type, Kind]:
    return kind, Kind(name, lambda value: (data(value), ()), lambda given, parts: build(given))


# ---- containers --------------------------------------------------------------


def _sequence(name: str, kind: Callable[..., Any], mutable: bool = False) -> tuple[Any, Kind]:
    fill = (lambda value, parts: value.extend(parts)) if mutable else None
    return kind, Kind(name, lambda value: (None, list(value)), lambda data, parts: kind(parts), 1, fill)


def _pairs(value: Any) -> list[Any]:
    return [part for member in value.items() for part in member]


def _members(parts: Parts) -> list[tuple[Any, Any]]:
    return list(zip(parts[::2], parts[1::2]))


def _mapping(
    name: str,
    kind: type,
    build: Callable[[list[tuple[Any, Any]]], Any],
    mutable: bool = False,
    pairs: Callable[[Any], Any] = lambda value: value,
) -> tuple[type, Kind]:
    """`pairs` gives a value's members as something with `items()`."""
    return kind, Kind(
        name,
        lambda value: (None, _pairs(pairs(value))),
        lambda data, parts: build(_members(parts)),
        group=2,
        fill=(lambda value, parts: value.update(_members(parts))) if mutable else None,
    )


def _fixed(name: str, kind: Callable[..., Any], apart: Callable[[Any], Parts]) -> tuple[Any, Kind]:
    return kind, Kind(name, lambda value: (None, apart(value)), lambda data, parts: kind(*parts))


def _factory_data(value: Any) -> Any:
    return None if value.default_factory is None else type_data(value.default_factory)


def _default_dict(data: Any, parts: Parts) -> object:
    return defaultdict(None if data is None else type_of(data), _members(parts))


# ---- the table ---------------------------------------------------------------

_SCALARS = (
    _leaf("None", type(None), lambda value: None, lambda data: None),
    _leaf("bool", bool, lambda value: value, bool),
    _leaf("int", int, _int_data, _int_of),
    _leaf("float", float, lambda value: struct.pack(">d", value).hex(), _float_of),
    _leaf("str", str, text_data, text_of),
    _leaf("bytes", bytes, bytes.hex, bytes.fromhex),
    _leaf("bytearray", bytearray, bytearray.hex, bytearray.fromhex),
    _leaf("memoryview", memoryview, lambda value: value.hex(), lambda data: memoryview(bytes.fromhex(data))),
    _leaf("ellipsis", type(Ellipsis), lambda value: None, lambda data: Ellipsis),
    _leaf("NotImplemented", type(NotImplemented), lambda value: None, lambda data: NotImplemented),
    _leaf("Decimal", Decimal, str, Decimal),
    _leaf("Fraction", Fraction, str, Fraction),
    _leaf("UUID", UUID, str, UUID),
    _leaf("datetime", datetime, datetime.isoformat, datetime.fromisoformat),
    _leaf("date", date, date.isoformat, date.fromisoformat),
    _leaf("time", time, time.isoformat, time.fromisoformat),
)

_FIXED = (
    _fixed("complex", complex, lambda value: (value.real, value.imag)),
    _fixed("timedelta", timedelta, lambda value: (value.days, value.seconds, value.microseconds)),
    _fixed("timezone", timezone, lambda value: (value.utcoffset(None),)),
    _fixed("UserString", UserString, lambda value: (value.data,)),
    _fixed("slice", slice, lambda value: (value.start, value.stop, value.step)),
    _fixed("range", range, lambda value: (value.start, value.stop, value.step)),
)

_SEQUENCES = (
    _sequence("list", list, mutable=True),
    _sequence("tuple", tuple),
    _sequence("set", set),
    _sequence("frozenset", frozenset),
    _sequence("UserList", UserList),
    (
        deque,
        Kind("deque", lambda value: (value.maxlen, list(value)), lambda data, parts: deque(parts, data), 1),
    ),
)

_MAPPINGS = (
    _mapping("dict", dict, dict, mutable=True),
    _mapping("OrderedDict", OrderedDict, OrderedDict, mutable=True),
    _mapping("Counter", Counter, lambda members: Counter(dict(members))),
    _mapping("UserDict", UserDict, lambda members: UserDict(dict(members))),
    _mapping("MappingProxyType", MappingProxyType, lambda members: MappingProxyType(dict(members))),
    _mapping(
        "SimpleNamespace", SimpleNamespace, lambda members: SimpleNamespace(**dict(members)), pairs=vars
    ),
    (defaultdict, Kind("defaultdict", lambda value: (_factory_data(value), _pairs(value)), _default_dict, 2)),
)

BY_TYPE: dict[type, Kind] = dict((*_SCALARS, *_FIXED, *_SEQUENCES, *_MAPPINGS))
