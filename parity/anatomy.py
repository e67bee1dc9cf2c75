"""Taking Python objects apart and putting them together again, one kind at a time.

A kind has a name, own data that JSON can hold, and parts that are objects again.  The
reducer works on such parts, and saved cases are written in them: no pickle, no eval.
Every class of `parity.generate.objects` is a kind without being listed here; classes of
the standard library stand in `_KINDS`.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any, Optional
from uuid import UUID

from .generate import objects

Parts = Sequence[Any]


class UnknownKind(ValueError):
    """An object, or a name, that is no known kind; the message says where one is added."""


@dataclass(frozen=True)
class Kind:
    """How objects of one kind are taken apart and built.

    `group` is how many parts stand for one item that can be left out (2: a key and its
    value), 0 where the number of parts is fixed.  `fill` adds the parts to an object that was
    built without, which an object needs that holds itself.
    """

    name: str
    apart: Callable[[Any], tuple[Any, Parts]]
    build: Callable[[Any, Parts], Any]
    group: int = 0
    fill: Optional[Callable[[Any, Parts], None]] = None


@dataclass(frozen=True)
class Anatomy:
    """An object taken apart."""

    kind: Kind
    data: Any
    parts: Parts


def take_apart(value: object) -> Anatomy:
    """Raises `UnknownKind`."""
    if isinstance(value, Enum):
        kind = _ENUM
    elif isinstance(value, type):
        kind = _TYPE
    elif type(value).__module__ == objects.__name__:
        kind = _class_kind(type(value))
    elif isinstance(value, Exception):
        kind = _EXCEPTION
    else:
        found = _BY_TYPE.get(type(value))
        if found is None:
            raise UnknownKind(
                f"no kind for {type(value).__module__}.{type(value).__qualname__}: "
                "add it to parity/anatomy.py, or the class to parity/generate/objects.py"
            )
        kind = found
    data, parts = kind.apart(value)
    return Anatomy(kind, data, parts)


def kind_named(name: str) -> Kind:
    """Raises `UnknownKind`."""
    if name.startswith("objects."):
        return _class_kind(_own_class(name))
    if name not in _BY_NAME:
        raise UnknownKind(f"no kind {name!r}: it was written by another version of parity/anatomy.py")
    return _BY_NAME[name]


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


def _zone_data(moment: datetime) -> object:
    return moment.isoformat()


# ---- containers --------------------------------------------------------------


def _sequence(name: str, kind: Callable[..., Any], mutable: bool = False) -> Kind:
    return Kind(
        name,
        lambda value: (None, list(value)),
        lambda data, parts: kind(parts),
        group=1,
        fill=(lambda value, parts: value.extend(parts)) if mutable else None,
    )


def _pairs(value: Any) -> list[Any]:
    return [part for member in value.items() for part in member]


def _members(parts: Parts) -> list[tuple[Any, Any]]:
    return list(zip(parts[::2], parts[1::2]))


def _mapping(name: str, build: Callable[[list[tuple[Any, Any]]], Any], mutable: bool = False) -> Kind:
    return Kind(
        name,
        lambda value: (None, _pairs(value)),
        lambda data, parts: build(_members(parts)),
        group=2,
        fill=(lambda value, parts: value.update(_members(parts))) if mutable else None,
    )


def _fixed(name: str, apart: Callable[[Any], Parts], build: Callable[..., Any]) -> Kind:
    return Kind(name, lambda value: (None, apart(value)), lambda data, parts: build(*parts))


def _deque(data: Any, parts: Parts) -> object:
    return deque(parts, data)


# ---- enums, types, classes of ours -------------------------------------------


def _own_class(name: str) -> type:
    kind = getattr(objects, name.partition(".")[2], None)
    if not isinstance(kind, type) or kind.__module__ != objects.__name__:
        raise UnknownKind(f"{name!r}: parity/generate/objects.py has no such class")
    return kind


def _member_of(data: Any) -> object:
    kind = _own_class(data[0])
    if not issubclass(kind, Enum):
        raise UnknownKind(f"{data[0]!r} is no Enum")
    return kind[data[1]]


_TYPES = {kind.__name__: kind for kind in (int, str, float, bool, list, dict, tuple, set, object, memoryview)}
_EXCEPTIONS = {kind.__name__: kind for kind in (ValueError, TypeError, KeyError, RuntimeError, LookupError)}


def _type_data(value: type) -> str:
    if value.__module__ == objects.__name__:
        return f"objects.{value.__qualname__}"
    if _TYPES.get(value.__name__) is not value:
        raise UnknownKind(f"the class {value.__name__} as a value: add it to _TYPES in parity/anatomy.py")
    return value.__name__


def _type_of(data: Any) -> type:
    return _own_class(data) if data.startswith("objects.") else _TYPES[data]


def _exception_data(value: Exception) -> tuple[Any, Parts]:
    if _EXCEPTIONS.get(type(value).__name__) is not type(value):
        raise UnknownKind(f"{type(value).__name__}: add it to _EXCEPTIONS in parity/anatomy.py")
    return type(value).__name__, value.args


_ENUM = Kind(
    "enum",
    lambda value: ([f"objects.{type(value).__name__}", value.name], ()),
    lambda data, parts: _member_of(data),
)
_TYPE = Kind("type", lambda value: (_type_data(value), ()), lambda data, parts: _type_of(data))
_EXCEPTION = Kind("exception", _exception_data, lambda data, parts: _EXCEPTIONS[data](*parts))

_BASES: tuple[type, ...] = (str, int, float, tuple, list, dict, set, frozenset, bytes)


def _class_kind(kind: type) -> Kind:
    """A class of `parity.generate.objects`: its parts are its value as a plain builtin, then its attributes."""
    base = next((one for one in _BASES if issubclass(kind, one)), None)

    def apart(value: Any) -> tuple[Any, Parts]:
        state = getattr(value, "__dict__", {})
        plain = [] if base is None else [_as_base(base, value)]
        return list(state), [*plain, *state.values()]

    def build(data: Any, parts: Parts) -> Any:
        attributes = dict(zip(data, parts if base is None else parts[1:]))
        value = _new(kind, base, None if base is None else parts[0])
        if attributes:
            vars(value).update(attributes)
        return value

    return Kind(f"objects.{kind.__qualname__}", apart, build)


def _as_base(base: type, value: Any) -> Any:
    """The builtin a value holds, past whatever its class overrides."""
    if base is str:
        return str.__str__(value) if type(value) is str else "".join(str.__iter__(value))
    if base is dict:
        return dict(zip(dict.keys(value), dict.values(value)))
    if base in (int, float):
        return base.__add__(value, 0) if base is int else float.__float__(value)
    return base(base.__iter__(value)) if base is not bytes else bytes(memoryview(value))


def _new(kind: type, base: type | None, plain: Any) -> Any:
    if base is None:
        return object.__new__(kind)
    if base in (list, dict, set):
        value = base.__new__(kind)
        {list: list.extend, dict: dict.update, set: set.update}[base](value, plain)
        return value
    return base.__new__(kind, plain)


# ---- the table ---------------------------------------------------------------

_BY_TYPE: dict[type, Kind] = dict(
    (
        _leaf("None", type(None), lambda value: None, lambda data: None),
        _leaf("bool", bool, lambda value: value, bool),
        _leaf("int", int, _int_data, _int_of),
        _leaf("float", float, lambda value: struct.pack(">d", value).hex(), _float_of),
        _leaf("str", str, text_data, text_of),
        _leaf("bytes", bytes, bytes.hex, bytes.fromhex),
        _leaf("bytearray", bytearray, bytearray.hex, bytearray.fromhex),
        _leaf("memoryview", memoryview, lambda value: value.tobytes().hex(), lambda data: memoryview(bytes.fromhex(data))),
        _leaf("ellipsis", type(Ellipsis), lambda value: None, lambda data: Ellipsis),
        _leaf("NotImplemented", type(NotImplemented), lambda value: None, lambda data: NotImplemented),
        _leaf("Decimal", Decimal, str, Decimal),
        _leaf("Fraction", Fraction, str, Fraction),
        _leaf("UUID", UUID, str, UUID),
        _leaf("datetime", datetime, datetime.isoformat, datetime.fromisoformat),
        _leaf("date", date, date.isoformat, date.fromisoformat),
        _leaf("time", time, time.isoformat, time.fromisoformat),
        _leaf("timedelta", timedelta, lambda value: [value.days, value.seconds, value.microseconds], lambda data: timedelta(*data)),
        _leaf("timezone", timezone, lambda value: value.utcoffset(None).total_seconds(), lambda data: timezone(timedelta(seconds=data))),
        (complex, Kind("complex", lambda value: (None, (value.real, value.imag)), lambda data, parts: complex(*parts))),
        (list, _sequence("list", list, mutable=True)),
        (tuple, _sequence("tuple", tuple)),
        (set, Kind("set", lambda value: (None, list(value)), lambda data, parts: set(parts), group=1)),
        (frozenset, _sequence("frozenset", frozenset)),
        (deque, Kind("deque", lambda value: (value.maxlen, list(value)), _deque, group=1)),
        (UserList, _sequence("UserList", UserList)),
        (dict, _mapping("dict", dict, mutable=True)),
        (OrderedDict, _mapping("OrderedDict", OrderedDict, mutable=True)),
        (Counter, _mapping("Counter", lambda members: Counter(dict(members)))),
        (UserDict, _mapping("UserDict", lambda members: UserDict(dict(members)))),
        (MappingProxyType, _mapping("MappingProxyType", lambda members: MappingProxyType(dict(members)))),
        (SimpleNamespace, Kind("SimpleNamespace", lambda value: (list(vars(value)), list(vars(value).values())), lambda data, parts: SimpleNamespace(**dict(zip(data, parts))))),
        (defaultdict, Kind("defaultdict", lambda value: (None if value.default_factory is None else _type_data(value.default_factory), _pairs(value)), lambda data, parts: defaultdict(None if data is None else _type_of(data), _members(parts)), group=2)),
        (UserString, _fixed("UserString", lambda value: (value.data,), UserString)),
        (slice, _fixed("slice", lambda value: (value.start, value.stop, value.step), slice)),
        (range, _fixed("range", lambda value: (value.start, value.stop, value.step), range)),
    )
)  # fmt: skip

_BY_NAME = {kind.name: kind for kind in (*_BY_TYPE.values(), _ENUM, _TYPE, _EXCEPTION)}
