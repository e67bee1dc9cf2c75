"""What a class and an object hold, read past whatever the class overrides.

A subject's class may override `__getattribute__`, `__dict__`, `__class__` or its metaclass's
methods, so that asking an object is asking its author.  Everything here reads through the
descriptors that the interpreter itself made, and runs no code of the class.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from operator import is_
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any, Optional

_POINTER = struct.calcsize("P")
_HEAP_TYPE = 1 << 9
"""The flag of a class that was made while the program ran (`Py_TPFLAGS_HEAPTYPE`)."""

_mro: Any = type.__dict__["__mro__"].__get__
_vars: Any = type.__dict__["__dict__"].__get__
_module: Any = type.__dict__["__module__"].__get__
_qualname: Any = type.__dict__["__qualname__"].__get__
_flags: Any = type.__dict__["__flags__"].__get__
_size: Any = type.__dict__["__basicsize__"].__get__
_dict_offset: Any = type.__dict__["__dictoffset__"].__get__
_weak_offset: Any = type.__dict__["__weakrefoffset__"].__get__

_OF_CLASS = frozenset({"__dictoffset__", "__weaklistoffset__", "__vectorcalloffset__"})
"""Names under which a compiled class keeps its own layout among the members of its objects."""

Member = tuple[str, Any]
"""A name, and the descriptor that reads what an object holds by it."""


def class_name(kind: type) -> str:
    """The qualified name of a class, of builtins without the module."""
    module = _module(kind) if is_compiled(kind) else _vars(kind).get("__module__")
    name = str.__str__(_qualname(kind))
    if module == "builtins":
        return name
    return f"{module if type(module) is str else '?'}.{name}"


def mro(kind: type) -> tuple[type, ...]:
    """The class and all it inherits from, in the order in which names are looked up."""
    found: tuple[type, ...] = _mro(kind)
    return found


def inherits(kind: type, base: type) -> bool:
    """`issubclass`, whatever either class says of itself."""
    return any(one is base for one in _mro(kind))


def is_compiled(kind: type) -> bool:
    """Whether a class is a static one of the interpreter or an extension."""
    return not _flags(kind) & _HEAP_TYPE


def class_member(kind: type, name: str) -> Any:
    """What a class or the first of its bases has under a name, not bound to anything; None if none has it."""
    for one in _mro(kind):
        members = _vars(one)
        if name in members:
            return members[name]
    return None


def own_members(kind: type) -> list[Member]:
    """The descriptors by which a class itself, without its bases, shows what its objects hold."""
    shown = (MemberDescriptorType, GetSetDescriptorType)
    members = _vars(kind).items()
    return [(name, member) for name, member in members if type(member) in shown and name not in _OF_CLASS]


@dataclass(frozen=True)
class Layout:
    """What objects of a class hold beside what a base of it accounts for.

    `attributes` reads the dict of an object's attributes.  `whole`: whether that is all, since an
    object of a compiled class may hold what no descriptor shows.
    """

    slots: tuple[Member, ...]
    attributes: Optional[Any]
    whole: bool


def layout(kind: type, base: type) -> Layout:
    """How objects of `kind` are laid out beyond `base`."""
    slots: list[Member] = []
    attributes = None
    for one in _mro(kind):
        for name, member in own_members(one):
            if name == "__dict__":
                attributes = attributes or member
            elif type(member) is MemberDescriptorType and not inherits(base, one):
                taken = any(name == other for other, _ in slots)
                slots.append((f"{name} of {class_name(one)}" if taken else name, member))
    words = len(slots) + sum(offset(kind) != offset(base) for offset in (_dict_offset, _weak_offset))
    return Layout(tuple(slots), attributes, _size(kind) <= _size(base) + _POINTER * words)


def attributes(value: object, slots: tuple[Member, ...], dictionary: Any) -> dict[str, object]:
    """What an object holds by name: its slots that are set, then its attributes.

    Attributes that are kept in no plain dict, under other names than str or under a slot's, are
    one member, `__dict__`.
    """
    held: Any = None if dictionary is None else dictionary.__get__(value)
    usual = type(held) is dict and all(map(is_, map(type, held), repeat(str)))
    if usual and not slots:
        return dict(held)
    found: dict[str, object] = {}
    for name, member in slots:
        with suppress(AttributeError):  # not set
            found[name] = member.__get__(value)
    if usual and found.keys().isdisjoint(held):
        found.update(held)
    elif held is not None:
        found["__dict__"] = held
    return found
