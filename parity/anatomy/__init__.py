"""Taking Python objects apart and putting them together again, one kind at a time.

A kind has a name, own data that JSON can hold, and parts that are objects again.  The
reducer works on such parts, and saved cases are written in them: no pickle, no eval.
Every class of `parity.generate.objects` and `.lying` is a kind without being listed anywhere;
those of the standard library stand in `standard`.

To be compared, objects of any class at all are taken apart, by `foreign` and without a way back.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from ..members import class_name, inherits
from .foreign import ITSELF, Incomparable, Seen, foreign_kind
from .kinds import Kind, Parts, UnknownKind
from .own import ENUM, EXCEPTION, TYPE, class_kind, is_own, own_class
from .standard import BY_TYPE, text_data, text_of

__all__ = [
    "ITSELF",
    "Anatomy",
    "Incomparable",
    "Kind",
    "Parts",
    "Seen",
    "UnknownKind",
    "foreign_kind",
    "kind_named",
    "take_any",
    "take_apart",
    "text_data",
    "text_of",
]

_BY_NAME = {kind.name: kind for kind in (*BY_TYPE.values(), ENUM, TYPE, EXCEPTION)}


class Anatomy(NamedTuple):
    """An object taken apart."""

    kind: Kind
    data: Any
    parts: Parts

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parts, where they have any; an object's own tuple of names is its data."""
        return self.data if type(self.data) is tuple else self.kind.names


def take_apart(value: object) -> Anatomy:
    """An object whose kind can be built again; raises `UnknownKind`."""
    kind = _known(type(value))
    if kind is None:
        raise UnknownKind(
            f"no kind for {class_name(type(value))}: "
            "add it to parity/anatomy/standard.py, or the class to parity/generate/objects.py"
        )
    data, parts = kind.apart(value)
    return Anatomy(kind, data, parts)


def _known(kind: type) -> Kind | None:
    if is_own(kind):
        return ENUM if inherits(kind, Enum) else class_kind(kind)
    if inherits(kind, type):
        return TYPE
    if inherits(kind, Exception):
        return EXCEPTION
    return BY_TYPE.get(kind)


def take_any(value: object) -> Anatomy:
    """An object of any class, to be compared; raises `Incomparable`."""
    if type(value) is Seen:
        kind, value = value.kind, value.value
    else:
        kind = foreign_kind(type(value))
    try:
        data, parts = kind.apart(value)
    except Incomparable:
        raise
    except Exception as error:
        name = class_name(type(value))
        raise Incomparable(f"a {name} cannot be taken apart: {type(error).__name__}") from None
    return Anatomy(kind, data, parts)


def kind_named(name: str) -> Kind:
    """Raises `UnknownKind`."""
    if "." in name:
        return class_kind(own_class(name))
    if name not in _BY_NAME:
        raise UnknownKind(f"no kind {name!r}: it was written by another version of parity/anatomy")
    kind: Kind = _BY_NAME[name]
    return kind
