"""A value written in full, without asking a subject's objects how they want to be seen.

Plain values, and what the generators make, are written by their `repr`.  Others are taken apart and
written by what they hold: a `repr` of a subject may lie, tell an address, or never end.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodWrapperType, ModuleType
from typing import Any

from .anatomy import ITSELF, Anatomy, Incomparable, Kind, Seen, take_any
from .anatomy.kinds import UNORDERED
from .members import class_name, inherits
from .nodes import Node, fold, from_object
from .streams import plain_stream

MOST_PARTS = 1_000_000
"""Parts up to which a value is asked for its `repr`; one that holds a part in many places has more."""

MOST_WRITTEN = 10_000
"""Parts that are written of a value that is taken apart."""

_BRACKETS = {"list": "[]", "tuple": "()", "set": "{}", "dict": "{}"}
_attributes: Any = vars(ModuleType)["__dict__"].__get__
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodWrapperType)


def full(value: object) -> str:
    """A value in full, ints longer than the interpreter likes to print and objects that refuse included."""
    restore = getattr(sys, "get_int_max_str_digits", None)
    limit = restore() if restore else 0
    try:
        if restore:
            sys.set_int_max_str_digits(0)
        return repr(value) if _may_be_asked(value) else _Writing().of(value)
    except Exception as error:
        return f"<{class_name(type(value))} whose repr raises {type(error).__name__}>"
    finally:
        if restore:
            sys.set_int_max_str_digits(limit)


def _may_be_asked(value: object) -> bool:
    """Whether the `repr` of a value is the interpreter's or the generators', and the same each time."""
    if plain_stream(value) is not None:
        return True
    try:
        return bool(fold(from_object(value), _parts) <= MOST_PARTS)
    except Exception:  # of no kind that is known, or not to be taken apart
        return False


def _parts(node: Node, below: list[int]) -> int:
    """How many parts a tree is written with; too many where its `repr` has a chance order or an address."""
    if node.kind == "memoryview" or (node.kind in UNORDERED and len(below) > 1):
        return MOST_PARTS + 1
    return 1 + sum(below)


class _Writing:
    """One value being written, and the containers around the part at hand."""

    def __init__(self) -> None:
        self._left = MOST_WRITTEN
        self._above: list[int] = []

    def of(self, value: Any) -> str:
        self._left -= 1
        if self._left < 0:
            return "…"
        shown = value.value if type(value) is Seen else value
        name = class_name(type(shown))
        if id(value) in self._above:
            return "...".join(_BRACKETS.get(name, ("", "")))
        try:
            anatomy = take_any(value)
        except Incomparable:
            return f"<{name}>"
        if anatomy.kind is ITSELF or type(shown) in _FUNCTIONS:
            return f"<{name} {_own_name(shown)}>"
        self._above.append(id(value))
        parts = [self.of(part) for part in anatomy.parts]
        self._above.pop()
        return _joined(name, anatomy, parts)


def _joined(name: str, anatomy: Anatomy, parts: list[str]) -> str:
    """An object of its class's name and parts that are written; a builtin with its own brackets."""
    kind, data = anatomy.kind, anatomy.data
    if kind.group == 0:
        return (
            _call(name, anatomy, parts) if parts or kind.names or type(data) is tuple else _leaf(kind, data)
        )
    if kind.group == 2:
        inner = ", ".join(f"{key}: {item}" for key, item in zip(parts[::2], parts[1::2]))
    else:
        inner = ", ".join(sorted(parts) if kind.unordered else parts)
    if kind.name == "tuple" and len(parts) == 1:
        inner += ","
    if kind.name in _BRACKETS and (parts or kind.name != "set"):
        return inner.join(_BRACKETS[kind.name])
    own = f", {kind.own}={data!r}" if kind.own and data is not None else ""
    return f"{name}({inner.join('{}' if kind.group == 2 or kind.unordered else '[]')}{own})"


def _call(name: str, anatomy: Anatomy, parts: list[str]) -> str:
    """As a call that would make the object, if there were one."""
    names = anatomy.names if len(anatomy.names) == len(parts) else ("",) * len(parts)
    members = [f"{one}={part}" if one else part for one, part in zip(names, parts)]
    if anatomy.data is not None and type(anatomy.data) is not tuple:
        members.insert(0, repr(anatomy.data))
    return f"{name}({', '.join(members)})"


def _leaf(kind: Kind, data: Any) -> str:
    """A builtin without parts; the `repr` of a memoryview tells its address."""
    if kind.name == "memoryview":
        text, *rest = [data] if type(data) is str else data
        return f"memoryview({', '.join((repr(bytes.fromhex(text)), *map(repr, rest)))})"
    return repr(kind.build(data, ()))


def _own_name(value: Any) -> str:
    """Of a class, a module, a function."""
    kind = type(value)
    if inherits(kind, type):
        return class_name(value)
    if inherits(kind, ModuleType):
        return str(_attributes(value).get("__name__"))
    return str(value.__qualname__ if kind is FunctionType or kind is BuiltinFunctionType else value.__name__)
