"""Taking apart objects of any class at all, to compare them; nothing here puts one together again.

An object is its class, the builtin that the class is built on, its slots and its attributes.  Those of
compiled classes whose layout hides something are what their compiled `__reduce_ex__` gives.  Classes,
modules and the like are themselves alone.  What is left, a generator or a lock, is `Incomparable`.
No code of the class runs.
"""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from mmap import mmap
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from types import (
    BuiltinFunctionType,
    CellType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, Optional

from ..members import attributes, class_member, class_name, inherits, layout, mro
from ..raised import arguments_of, attributes_of, cause_of, class_of, suppresses_context
from .kinds import Kind, Parts, UnknownKind
from .standard import BY_TYPE

MOST_CLASSES = 1000
"""Classes whose kind is remembered; a subject may make new ones in each call."""


class Incomparable(ValueError):
    """Nothing that an object of some class holds can be seen, so that only itself is surely equal to it."""


@dataclass(frozen=True, eq=False)
class Seen:
    """An object as the builtin its class is built on, its attributes left aside."""

    kind: Kind
    value: object


def _never(data: Any, parts: Parts) -> object:
    raise UnknownKind("taken apart to be compared, not to be built")


def _named(name: str, names: str, apart: Callable[[Any], Parts]) -> Kind:
    return Kind(name, lambda value: (None, apart(value)), _never, names=tuple(names.split()))


def _items(name: str) -> Kind:
    return Kind(name, lambda value: (None, list(value)), _never, 1)


ITSELF = Kind("opaque", lambda value: (value, ()), _never)
"""Of what is only equal to itself."""

_ITSELF = (
    type,
    ModuleType,
    CodeType,
    ClassMethodDescriptorType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)

# ---- compiled classes, each in its own way ---------------------------------------


def _function_apart(value: Any) -> tuple[Any, Parts]:
    cells = value.__closure__
    return [id(value.__code__), id(value.__globals__)], (
        value.__defaults__,
        value.__kwdefaults__,
        None if cells is None else list(cells),
        value.__dict__,
    )


def _cell_apart(value: Any) -> tuple[Any, Parts]:
    try:
        return None, (value.cell_contents,)
    except ValueError:
        return None, ()  # not filled


_FUNCTION = Kind(
    "function", _function_apart, _never, names=("defaults", "kwdefaults", "closure", "attributes")
)
_BUILTIN = Kind(
    "builtin function", lambda value: (value.__name__, (value.__self__,)), _never, names=("self",), own="name"
)
_MATCH = ("re", "string", "regs", "pos", "endpos")

_MAPPINGS: tuple[dict[object, object], ...] = ({}, OrderedDict())
_VIEWS = [type(view) for one in _MAPPINGS for view in (one.keys(), one.values(), one.items())]

_COMPILED: tuple[tuple[type, Kind], ...] = (
    (FunctionType, _FUNCTION),
    (BuiltinFunctionType, _BUILTIN),
    (MethodWrapperType, _BUILTIN),
    (MethodType, _named("method", "function self", lambda value: (value.__func__, value.__self__))),
    (CellType, Kind("cell", _cell_apart, _never, 1)),
    (re.Pattern, _named("pattern", "pattern flags", lambda value: (value.pattern, value.flags))),
    (re.Match, _named("match", " ".join(_MATCH), lambda value: [getattr(value, name) for name in _MATCH])),
    *((view, _items(view.__name__)) for view in _VIEWS),
)
_MMAP = _named(
    "mmap", "bytes position", lambda value: (mmap.__getitem__(value, slice(None)), mmap.tell(value))
)

_SETTLED = (IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network)
"""Their objects keep in attributes what was once computed of them."""

_PLAIN = (
    *(
        type(None),
        bool,
        int,
        float,
        complex,
        str,
        bytes,
        bytearray,
        memoryview,
        array,
        type(...),
        type(NotImplemented),
    ),
    *(list, tuple, set, frozenset, deque, dict, OrderedDict, MappingProxyType, slice, range, Decimal),
    *(datetime, date, time, timedelta, timezone, PosixPath, PurePosixPath, PureWindowsPath),
)

_EXACT = {id(of): kind for of, kind in (*_COMPILED, *((one, BY_TYPE[one]) for one in _SETTLED))}
_BASES = {id(of): kind for of, kind in ((mmap, _MMAP), *((one, BY_TYPE[one]) for one in _PLAIN))}

# ---- objects of any other class ----------------------------------------------------


def _error_apart(value: Any) -> tuple[Any, Parts]:
    held = {
        "args": arguments_of(value),
        "__cause__": cause_of(value),
        "__suppress_context__": suppresses_context(value),
        **attributes_of(value, class_of(value)),
    }
    return tuple(held), tuple(held.values())


def _instance(kind: type, base: type, of: Optional[Kind]) -> Optional[Kind]:
    """Objects as a builtin, their slots and their attributes; None where they may hold more than that."""
    found = layout(kind, base)
    if not found.whole:
        return None
    if of is not None and kind is base and not found.slots and found.attributes is None:
        return of
    fields = class_member(kind, "_fields")  # of a namedtuple
    if of is not None and of.name == "tuple" and type(fields) is tuple:
        of = replace(of, names=tuple(map(str, fields)))

    def apart(value: Any) -> tuple[Any, Parts]:
        held = attributes(value, found.slots, found.attributes)
        if of is None:
            return tuple(held), tuple(held.values())
        return ("", *held), (Seen(of, value), *held.values())

    return _of_class(kind, apart)


def _of_class(kind: type, apart: Callable[[Any], tuple[Any, Parts]]) -> Kind:
    """Named by the class itself, as two classes may have one name."""
    return Kind(f"{class_name(kind)} {id(kind)}", apart, _never)


_REDUCING = (
    "__reduce_ex__",
    "__reduce__",
    "__getstate__",
    "__getnewargs_ex__",
    "__getnewargs__",
    "__getattribute__",
    "__getattr__",
)
"""What `__reduce_ex__` asks an object for; none of it may be written in Python."""

_COMPILED_CALLS = (
    MethodDescriptorType,
    WrapperDescriptorType,
    ClassMethodDescriptorType,
    BuiltinFunctionType,
)
_REDUCED = ("function", "arguments", "state", "items", "members", "setter")


def _reduced(kind: type) -> Optional[Kind]:
    """Objects as what pickle would make of them; None where that would run code of a Python class."""
    found = [class_member(kind, name) for name in _REDUCING]
    if not all(one is None or type(one) in _COMPILED_CALLS for one in found):
        return None

    def apart(value: Any) -> tuple[Any, Parts]:
        made = found[0].__get__(value, kind)(4)
        if type(made) is not tuple:
            raise Incomparable(f"a {class_name(kind)} is known by a name alone")
        parts = [list(part) if at in (3, 4) and part is not None else part for at, part in enumerate(made)]
        return _REDUCED[: len(parts)], parts

    return _of_class(kind, apart)


def _incomparable(kind: type) -> Kind:
    def apart(value: Any) -> tuple[Any, Parts]:
        raise Incomparable(f"nothing shows what a {class_name(kind)} holds")

    return _of_class(kind, apart)


_kinds: dict[int, tuple[type, Kind]] = {}


def foreign_kind(kind: type) -> Kind:
    """How objects of a class are taken apart."""
    known = _kinds.get(id(kind))
    if known is not None and known[0] is kind:
        return known[1]
    if len(_kinds) >= MOST_CLASSES:
        _kinds.clear()
    found = _found(kind)
    _kinds[id(kind)] = kind, found
    return found


def _found(kind: type) -> Kind:
    exact = _EXACT.get(id(kind))
    if exact is not None:
        return exact
    if any(inherits(kind, one) for one in _ITSELF):
        return ITSELF
    if inherits(kind, BaseException):
        return _of_class(kind, _error_apart)
    if kind is object:
        return _incomparable(kind)
    base = next((one for one in mro(kind) if id(one) in _BASES), object)
    return _instance(kind, base, _BASES.get(id(base))) or _reduced(kind) or _incomparable(kind)
