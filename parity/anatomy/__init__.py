"""Taking Python objects apart and putting them together again, one kind at a time.

A kind has a name, own data that JSON can hold, and parts that are objects again.  The
reducer works on such parts, and saved cases are written in them: no pickle, no eval.
Every class of `parity.generate.objects` and `.lying` is a kind without being listed anywhere;
those of the standard library stand in `standard`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from .kinds import Kind, Parts, UnknownKind
from .own import ENUM, EXCEPTION, TYPE, class_kind, is_own, own_class
from .standard import BY_TYPE, text_data, text_of

__all__ = ["Anatomy", "Kind", "Parts", "UnknownKind", "kind_named", "take_apart", "text_data", "text_of"]

_BY_NAME = {kind.name: kind for kind in (*BY_TYPE.values(), ENUM, TYPE, EXCEPTION)}


@dataclass(frozen=True)
class Anatomy:
    """An object taken apart."""

    kind: Kind
    data: Any
    parts: Parts


def take_apart(value: object) -> Anatomy:
    """Raises `UnknownKind`."""
    if isinstance(value, Enum):
        kind = ENUM
    elif isinstance(value, type):
        kind = TYPE
    elif is_own(type(value)):
        kind = class_kind(type(value))
    elif isinstance(value, Exception):
        kind = EXCEPTION
    else:
        found = BY_TYPE.get(type(value))
        if found is None:
            raise UnknownKind(
                f"no kind for {type(value).__module__}.{type(value).__qualname__}: "
                "add it to parity/anatomy/standard.py, or the class to parity/generate/objects.py"
            )
        kind = found
    data, parts = kind.apart(value)
    return Anatomy(kind, data, parts)


def kind_named(name: str) -> Kind:
    """Raises `UnknownKind`."""
    if "." in name:
        return class_kind(own_class(name))
    if name not in _BY_NAME:
        raise UnknownKind(f"no kind {name!r}: it was written by another version of parity/anatomy")
    kind: Kind = _BY_NAME[name]
    return kind
