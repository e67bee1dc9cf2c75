"""What an exception holds, read past whatever its class overrides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .members import Member, attributes, class_name, inherits, mro, own_members

_HIDDEN = frozenset({"__class__", "__dict__", "__weakref__", "__traceback__", "__context__"})
_APART = frozenset({"args", "__cause__", "__suppress_context__"})
"""Members of every exception; `_HIDDEN` ones tell where it was raised and not what."""

_ALWAYS = BaseException.__dict__
_arguments: Any = _ALWAYS["args"].__get__
_cause: Any = _ALWAYS["__cause__"].__get__
_suppresses: Any = _ALWAYS["__suppress_context__"].__get__
_dictionary: Any = _ALWAYS["__dict__"]

MOST_CLASSES = 1000
"""Classes that are remembered; a subject may make new ones in each call."""


@dataclass(frozen=True)
class ErrorClass:
    """A class of exceptions: its qualified name, its fields, and what an exception calls its place in a text.

    Fields are those that a compiled class or `__slots__` shows: `errno` of an OSError, `start` of a
    UnicodeError, `value` of a StopIteration.
    """

    kind: type
    name: str
    fields: tuple[Member, ...]
    position: str


_known: dict[int, ErrorClass] = {}


def class_of(error: BaseException) -> ErrorClass:
    kind = type(error)
    known = _known.get(id(kind))
    if known is not None and known.kind is kind:
        return known
    if len(_known) >= MOST_CLASSES:
        _known.clear()
    shown = (member for one in mro(kind) for member in own_members(one))
    fields = tuple(member for member in shown if member[0] not in _HIDDEN | _APART)
    position = "start" if inherits(kind, UnicodeError) else "pos"
    found = _known[id(kind)] = ErrorClass(kind, class_name(kind), fields, position)
    return found


def arguments_of(error: BaseException) -> tuple[object, ...]:
    """Its `args`."""
    found: tuple[object, ...] = _arguments(error)
    return found


def attributes_of(error: BaseException, of: ErrorClass) -> dict[str, object]:
    """What it holds beside `args`, cause and context: fields of its class, attributes, notes."""
    return attributes(error, of.fields, _dictionary)


def cause_of(error: BaseException) -> BaseException | None:
    found: BaseException | None = _cause(error)
    return found


def suppresses_context(error: BaseException) -> bool:
    return bool(_suppresses(error))


def message_of(error: BaseException) -> str:
    """Its text as a plain str, or why there is none."""
    try:
        return str.__str__(str(error))
    except BaseException as second:
        return f"<no message: str() raised {type(second).__name__}>"
