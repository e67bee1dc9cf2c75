"""Kinds of the standard library: scalars by their own data, containers by their parts."""

from __future__ import annotations

import gc
import struct
from array import array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

from ..generate.lying import Forged
from .kinds import Kind, Parts
from .own import type_data, type_of

# ---- scalars -----------------------------------------------------------------


def text_data(text: str) -> object:
    """A str as JSON can hold it: half surrogates as bytes, since JSON readers join or refuse them."""
    text = str.__str__(text)
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
    number = int.__add__(number, 0)
    return number if -(1 << 53) < number < 1 << 53 else hex(number)


def _int_of(data: Any) -> int:
    if isinstance(data, bool) or not isinstance(data, (int, str)):
        raise ValueError(f"{data!r} is no int")
    return data if isinstance(data, int) else int(data, 16)


def _float_data(number: float) -> str:
    return struct.pack(">d", float.__float__(number)).hex()


def _float_of(data: Any) -> float:
    (number,) = struct.unpack(">d", bytes.fromhex(data))
    assert isinstance(number, float)
    return number


def _leaf(
    name: str, kind: type, data: Callable[[Any], object], build: Callable[[Any], object]
) -> tuple[type, Kind]:
    return kind, Kind(name, lambda value: (data(value), ()), lambda given, parts: build(given))


# ---- dates and times -----------------------------------------------------------

_DATE = [date.__dict__[name].__get__ for name in ("year", "month", "day")]
_CLOCK = ("hour", "minute", "second", "microsecond", "tzinfo", "fold")
_CLOCK_OF_DATETIME = [datetime.__dict__[name].__get__ for name in _CLOCK]
_CLOCK_OF_TIME = [time.__dict__[name].__get__ for name in _CLOCK]
_TIMEDELTA = [timedelta.__dict__[name].__get__ for name in ("days", "seconds", "microseconds")]


def _moment(naive: Any, zone: Any, fold: int) -> tuple[Any, Parts]:
    """The text without a zone, behind it 1 for the second of two equal times; the zone is a part."""
    text = naive.isoformat()
    return [text, 1] if fold else text, () if zone is None else (zone,)


def _datetime_apart(value: Any) -> tuple[Any, Parts]:
    *clock, zone, fold = (read(value) for read in _CLOCK_OF_DATETIME)
    return _moment(datetime(*(read(value) for read in _DATE), *clock), zone, fold)


def _time_apart(value: Any) -> tuple[Any, Parts]:
    *clock, zone, fold = (read(value) for read in _CLOCK_OF_TIME)
    return _moment(time(*clock), zone, fold)


def _moment_of(kind: Any) -> Callable[[Any, Parts], object]:
    def build(data: Any, parts: Parts) -> object:
        text, fold = (data, 0) if isinstance(data, str) else data
        moment = kind.fromisoformat(text).replace(fold=fold)
        return moment.replace(tzinfo=parts[0]) if parts else moment

    return build


# ---- containers --------------------------------------------------------------


def _sequence(name: str, kind: Any, mutable: bool = False) -> tuple[Any, Kind]:
    fill = (lambda value, parts: value.extend(parts)) if mutable else None
    return kind, Kind(
        name, lambda value: (None, list(kind.__iter__(value))), lambda data, parts: kind(parts), 1, fill
    )


def _pairs(kind: Any, value: Any) -> list[Any]:
    return [part for member in kind.items(value) for part in member]


def _members(parts: Parts) -> list[tuple[Any, Any]]:
    return list(zip(parts[::2], parts[1::2]))


def _uncounted(put: Callable[[list[tuple[Any, Any]]], Any], parts: Parts) -> Any:
    """What a function makes of members, the keys of which count anew how often they are compared."""
    counts = [(key, key.compared) for key in parts[::2] if type(key) is Forged]
    made = put(_members(parts))
    for key, count in counts:
        key.compared = count
    return made


def _mapping(
    name: str,
    kind: Any,
    build: Callable[[list[tuple[Any, Any]]], Any],
    mutable: bool = False,
    pairs: Callable[[Any], list[Any]] | None = None,
) -> tuple[type, Kind]:
    """`pairs` gives a value's keys and values in turn, where its `items()` does not."""
    return kind, Kind(
        name,
        lambda value: (None, pairs(value) if pairs else _pairs(kind, value)),
        lambda data, parts: _uncounted(build, parts),
        group=2,
        fill=(lambda value, parts: _uncounted(value.update, parts)) if mutable else None,
    )


def _fixed(
    name: str, kind: Any, apart: Callable[[Any], Parts], names: str, build: Callable[..., Any] | None = None
) -> tuple[Any, Kind]:
    make = build or kind
    return kind, Kind(
        name, lambda value: (None, apart(value)), lambda data, parts: make(*parts), names=tuple(names.split())
    )


def _factory_data(value: Any) -> Any:
    factory = defaultdict.__dict__["default_factory"].__get__(value)
    return None if factory is None else type_data(factory)


def _default_dict(data: Any, parts: Parts) -> object:
    return defaultdict(None if data is None else type_of(data), _members(parts))


def _proxy_of(data: Any, parts: Parts) -> object:
    """Of the mapping that it shows; files that were saved before have the members of a dict."""
    return MappingProxyType(dict(_members(parts)) if data is None else parts[0])


# ---- buffers -------------------------------------------------------------------


def _memoryview_data(value: memoryview) -> object:
    """Bytes; behind them format, shape and whether they are read-only, where these are not the usual ones."""
    usual = value.format == "B" and value.ndim == 1 and value.readonly
    return value.hex() if usual else [value.hex(), value.format, list(value.shape or ()), value.readonly]


def _memoryview_of(data: Any) -> memoryview:
    if isinstance(data, str):
        return memoryview(bytes.fromhex(data))
    text, form, shape, readonly = data
    held = bytes.fromhex(text)
    view = memoryview(held if readonly else bytearray(held))
    return view.cast("B").cast(form, shape)


def _array_of(typecode: str, held: bytes) -> array[Any]:
    made = array(typecode)
    made.frombytes(held)
    return made


# ---- the table ---------------------------------------------------------------

_SCALARS = (
    _leaf("None", type(None), lambda value: None, lambda data: None),
    _leaf("bool", bool, lambda value: value, bool),
    _leaf("int", int, _int_data, _int_of),
    _leaf("float", float, _float_data, _float_of),
    _leaf("str", str, text_data, text_of),
    _leaf("bytes", bytes, bytes.hex, bytes.fromhex),
    _leaf("bytearray", bytearray, bytearray.hex, bytearray.fromhex),
    _leaf("memoryview", memoryview, _memoryview_data, _memoryview_of),
    _leaf("ellipsis", type(Ellipsis), lambda value: None, lambda data: Ellipsis),
    _leaf("NotImplemented", type(NotImplemented), lambda value: None, lambda data: NotImplemented),
    _leaf("Decimal", Decimal, Decimal.__str__, Decimal),
    _leaf("Fraction", Fraction, str, Fraction),
    _leaf("UUID", UUID, str, UUID),
    _leaf("date", date, lambda value: date(*(read(value) for read in _DATE)).isoformat(), date.fromisoformat),
    *(
        _leaf(kind.__name__, kind, kind.__str__, kind)
        for kind in (IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network)
    ),
    *(_leaf(kind.__name__, kind, kind.__str__, kind) for kind in (PosixPath, PurePosixPath, PureWindowsPath)),
)

_MOMENTS = (
    (datetime, Kind("datetime", _datetime_apart, _moment_of(datetime))),
    (time, Kind("time", _time_apart, _moment_of(time))),
)

_FIXED = (
    _fixed(
        "complex",
        complex,
        lambda value: tuple(complex.__dict__[name].__get__(value) for name in ("real", "imag")),
        "real imag",
    ),
    _fixed(
        "timedelta",
        timedelta,
        lambda value: [read(value) for read in _TIMEDELTA],
        "days seconds microseconds",
    ),
    _fixed("timezone", timezone, lambda value: value.__getinitargs__(), "offset name"),
    _fixed("UserString", UserString, lambda value: (value.data,), "data"),
    _fixed("slice", slice, lambda value: (value.start, value.stop, value.step), "start stop step"),
    _fixed("range", range, lambda value: (value.start, value.stop, value.step), "start stop step"),
    _fixed(
        "array",
        array,
        lambda value: (array.__dict__["typecode"].__get__(value), array.tobytes(value)),
        "typecode bytes",
        _array_of,
    ),
    (
        MappingProxyType,
        Kind(
            "MappingProxyType",
            lambda value: ("of", gc.get_referents(value)),
            _proxy_of,
            names=("mapping",),
        ),
    ),
    (
        ChainMap,
        Kind("ChainMap", lambda value: (None, value.maps), lambda data, parts: ChainMap(*parts), 1),
    ),
)

_SEQUENCES = (
    _sequence("list", list, mutable=True),
    _sequence("tuple", tuple),
    _sequence("set", set),
    _sequence("frozenset", frozenset),
    (UserList, Kind("UserList", lambda value: (None, value.data), lambda data, parts: UserList(parts), 1)),
    (
        deque,
        Kind(
            "deque",
            lambda value: (deque.__dict__["maxlen"].__get__(value), list(deque.__iter__(value))),
            lambda data, parts: deque(parts, data),
            group=1,
            own="maxlen",
        ),
    ),
)

_MAPPINGS = (
    _mapping("dict", dict, dict, mutable=True),
    _mapping("OrderedDict", OrderedDict, OrderedDict, mutable=True),
    _mapping("Counter", Counter, lambda members: Counter(dict(members))),
    _mapping(
        "UserDict",
        UserDict,
        lambda members: UserDict(dict(members)),
        pairs=lambda value: _pairs(dict, value.data),
    ),
    _mapping(
        "SimpleNamespace",
        SimpleNamespace,
        lambda members: SimpleNamespace(**dict(members)),
        pairs=lambda value: _pairs(dict, vars(value)),
    ),
    (
        defaultdict,
        Kind("defaultdict", lambda value: (_factory_data(value), _pairs(dict, value)), _default_dict, 2),
    ),
)

BY_TYPE: dict[type, Kind] = dict((*_SCALARS, *_MOMENTS, *_FIXED, *_SEQUENCES, *_MAPPINGS))
