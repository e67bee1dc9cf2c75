"""Enums, classes as values, exceptions, and instances of every class the generator made for its inputs."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any

from ..generate import lying, objects
from ..members import attributes, class_member, layout
from .kinds import Kind, Parts, UnknownKind

_MODULES = {"objects": objects, "lying": lying}
_PREFIXES = {module.__name__: prefix for prefix, module in _MODULES.items()}


def is_own(kind: type) -> bool:
    module = class_member(kind, "__module__")
    return type(module) is str and module in _PREFIXES


def own_name(kind: type) -> str:
    """`objects.Point`"""
    return f"{_PREFIXES[kind.__module__]}.{kind.__qualname__}"


def own_class(name: str) -> type:
    prefix, _, rest = name.partition(".")
    kind = getattr(_MODULES.get(prefix), rest, None)
    if not isinstance(kind, type) or kind.__module__ not in _PREFIXES or own_name(kind) != name:
        raise UnknownKind(f"{name!r}: neither objects.py nor lying.py in parity/generate has such a class")
    return kind


def _member_of(data: Any) -> object:
    kind = own_class(data[0])
    if not issubclass(kind, Enum):
        raise UnknownKind(f"{data[0]!r} is no Enum")
    return kind[data[1]]


_TYPES = {kind.__name__: kind for kind in (int, str, float, bool, list, dict, tuple, set, object, memoryview)}
_EXCEPTIONS = {kind.__name__: kind for kind in (ValueError, TypeError, KeyError, RuntimeError, LookupError)}


def type_data(value: type) -> str:
    if is_own(value):
        return own_name(value)
    if _TYPES.get(value.__name__) is not value:
        raise UnknownKind(f"the class {value.__name__} as a value: add it to _TYPES in parity/anatomy/own.py")
    return value.__name__


def type_of(data: Any) -> type:
    return own_class(data) if "." in data else _TYPES[data]


def _exception_data(value: Exception) -> tuple[Any, Parts]:
    if _EXCEPTIONS.get(type(value).__name__) is not type(value):
        raise UnknownKind(f"{type(value).__name__}: add it to _EXCEPTIONS in parity/anatomy/own.py")
    return type(value).__name__, value.args


ENUM = Kind(
    "enum",
    lambda value: ([own_name(type(value)), value.name], ()),
    lambda data, parts: _member_of(data),
)
TYPE = Kind("type", lambda value: (type_data(value), ()), lambda data, parts: type_of(data))
EXCEPTION = Kind("exception", _exception_data, lambda data, parts: _EXCEPTIONS[data](*parts))

_BASES: tuple[type, ...] = (str, int, float, tuple, list, dict, set, frozenset, bytes)


@cache
def class_kind(kind: type) -> Kind:
    """A class of the generator's: its parts are its value as a builtin, then its attributes."""
    base = next((one for one in _BASES if issubclass(kind, one)), None)
    found = layout(kind, base or object)

    def apart(value: Any) -> tuple[Any, Parts]:
        state = attributes(value, found.slots, found.attributes)
        plain = [] if base is None else [_as_base(base, value)]
        return list(state), [*plain, *state.values()]

    def build(data: Any, parts: Parts) -> Any:
        fields = getattr(kind, "_fields", None)
        if fields is not None and len(fields) != len(parts[0]):
            raise ValueError(f"{kind.__qualname__} has {len(fields)} fields, not {len(parts[0])}")
        attributes = dict(zip(data, parts if base is None else parts[1:]))
        if base is not None and type(parts[0]) is not base:
            raise TypeError(
                f"{kind.__qualname__} is made of a {base.__name__}, not of {type(parts[0]).__name__}"
            )
        value = _new(kind, base, None if base is None else parts[0])
        for name, attribute in attributes.items():
            object.__setattr__(value, name, attribute)
        return value

    return Kind(own_name(kind), apart, build)


def _as_base(base: Any, value: Any) -> Any:
    """The builtin a value holds, past whatever its class overrides."""
    if base is str:
        return "".join(str.__iter__(value))
    if base is dict:
        return dict(zip(dict.keys(value), dict.values(value)))
    if base is int:
        return int.__add__(value, 0)
    if base is float:
        return float.__float__(value)
    return base(base.__iter__(value))


def _new(kind: Any, base: Any, plain: Any) -> Any:
    if base is None:
        return object.__new__(kind)
    if base not in _FILLERS:
        return base.__new__(kind, plain)
    value = base.__new__(kind)
    _FILLERS[base](value, plain)
    return value


_FILLERS: dict[Any, Any] = {list: list.extend, dict: dict.update, set: set.update}
