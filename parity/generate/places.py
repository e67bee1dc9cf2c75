"""Where messages made of JSON values hold a length, and texts by which it becomes exactly so many bytes.

A length is found by measuring: the text is made longer or shorter by what the bytes lack, until they do
not.  So nobody counts tags and heads here, and a place in a message is a line of a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .encoded import (
    ANNOTATIONS,
    entry_bytes,
    inferred,
    list_bytes,
    property_bytes,
    schema_bytes,
    struct_bytes,
    value_bytes,
)  # fmt: skip
from .source import Source
from .values import JsonValue

Member = tuple[str, JsonValue]
Filler = Callable[[int], str]
"""A text of exactly so many bytes."""


@dataclass(frozen=True)
class Place:
    """A length in a Struct or JsonSchema: of a member made with a text, and with a short name beside it.

    Where `annotated`, merges put `ANNOTATIONS` into the schema of the member.
    """

    name: str
    member: Callable[[str, str], Member]
    length: Callable[[str, JsonValue], int]
    annotated: bool = field(default=False)

    def fitted(self, wanted: int, name: str, filler: Filler) -> Member:
        """The member at which the length is `wanted`, which is 40 or more."""
        text = fitted(wanted, filler, lambda text: self.length(*self.member(text, name)))
        return self.member(text, name)


def fitted(wanted: int, filler: Filler, length: Callable[[str], int]) -> str:
    """The text with which a length becomes `wanted`."""
    size = wanted
    for _ in range(6):
        text = filler(size)
        lacking = wanted - length(text)
        if lacking == 0:
            return text
        size += lacking
    raise ValueError(f"no text gives a length of {wanted}")


def filler(source: Source) -> Filler:
    """Texts of one character, or with one of two bytes or an escape somewhere in them."""
    kind = source.below(4)
    if kind < 2:
        return lambda size: "a" * size
    odd, at = source.pick(("é", "\n", '"', "\U0001f600")), source.below(64)
    wide = len(odd.encode())
    if kind == 2:
        return lambda size: odd * (size // wide) + "a" * (size % wide)
    return lambda size: "b" * min(at, size - wide) + odd + "a" * max(0, size - wide - at)


# ---- what is measured -----------------------------------------------------------


def _entry(key: str, value: JsonValue) -> int:
    return len(entry_bytes(key, value))


def _key(key: str, value: JsonValue) -> int:
    return len(key.encode())


def _value(key: str, value: JsonValue) -> int:
    return len(value_bytes(value))


def _content(key: str, value: JsonValue) -> int:
    """Of the string, ListValue or Struct itself."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list):
        return len(list_bytes(value))
    assert isinstance(value, dict)
    return len(struct_bytes(value))


def _property(key: str, value: JsonValue) -> int:
    return len(property_bytes(key, inferred(value)))


def _schema(key: str, value: JsonValue) -> int:
    return len(schema_bytes(inferred(value)))


def _annotated_property(key: str, value: JsonValue) -> int:
    return len(property_bytes(key, {**inferred(value), **ANNOTATIONS}))


def _annotated_schema(key: str, value: JsonValue) -> int:
    return len(schema_bytes({**inferred(value), **ANNOTATIONS}))


def _of_inner(length: Callable[[str, JsonValue], int]) -> Callable[[str, JsonValue], int]:
    """The same of the last member of an object or element of a list."""

    def measured(key: str, value: JsonValue) -> int:
        if isinstance(value, dict):
            return length(*list(value.items())[-1])
        assert isinstance(value, list)
        return length("", value[-1])

    return measured


# ---- the table --------------------------------------------------------------------


def _keyed(value: JsonValue) -> Callable[[str, str], Member]:
    """A member whose key is the text."""
    return lambda text, name: (text, value)


def _holding(wrap: Callable[[str], JsonValue]) -> Callable[[str, str], Member]:
    """A member that has the text in its value."""
    return lambda text, name: (name, wrap(text))


_IN_STRING = _holding(lambda text: text)
_IN_LIST = _holding(lambda text: [text])
_IN_OBJECT = _holding(lambda text: {"a": text})
_IN_KEY = _holding(lambda text: {text: 1})
_IN_ITEM_KEY = _holding(lambda text: [{text: 1}])
_AMONG_NUMBERS = _holding(lambda text: [1, 2, text])

PLACES: tuple[Place, ...] = (
    Place("entry of a number", _keyed(19.99), _entry),
    Place("entry of a string", _keyed("v"), _entry),
    Place("entry of a word", _keyed(None), _entry),
    Place("entry of a list", _keyed([1]), _entry),
    Place("entry of an object", _keyed({"a": 1}), _entry),
    Place("entry of an empty list", _keyed([]), _entry),
    Place("entry of an empty object", _keyed({}), _entry),
    Place("entry by its string", _IN_STRING, _entry),
    Place("entry by its list", _IN_LIST, _entry),
    Place("entry by its object", _IN_OBJECT, _entry),
    Place("entry without a key", lambda text, name: ("", text), _entry),
    Place("key", _keyed(True), _key),
    Place("value of a string", _IN_STRING, _value),
    Place("value of a list", _IN_LIST, _value),
    Place("value of an object", _IN_OBJECT, _value),
    Place("string", _IN_STRING, _content),
    Place("list", _IN_LIST, _content),
    Place("list of numbers and a string", _AMONG_NUMBERS, _content),
    Place("object by its string", _IN_OBJECT, _content),
    Place("object by its key", _IN_KEY, _content),
    Place("element that is a string", _IN_LIST, _of_inner(_value)),
    Place("element that is a list", _holding(lambda text: [[text]]), _of_inner(_value)),
    Place("element that is an object", _holding(lambda text: [{"a": text}]), _of_inner(_value)),
    Place("string in a list", _IN_LIST, _of_inner(_content)),
    Place("entry within", _IN_KEY, _of_inner(_entry)),
    Place("list within", _holding(lambda text: {"a": [text]}), _of_inner(_content)),
    Place("object within", _holding(lambda text: {"a": {"b": text}}), _of_inner(_content)),
    Place("property of a number", _keyed(1), _property),
    Place("property of a list", _keyed(["v"]), _property),
    Place("property of an empty list", _keyed([]), _property),
    Place("property of an object", _keyed({"a": 1}), _property),
    Place("property of an empty object", _keyed({}), _property),
    Place("property without a key", lambda text, name: ("", {text: 1}), _property),
    Place("property by its schema", _IN_KEY, _property),
    Place("schema of a property", _IN_KEY, _schema),
    Place("property within", _IN_KEY, _of_inner(_property)),
    Place("schema of items", _IN_ITEM_KEY, _of_inner(_schema)),
    Place("schema with items", _IN_ITEM_KEY, _schema),
    Place("schema of items of items", _holding(lambda text: [[{text: 1}]]), _of_inner(_schema)),
    Place("annotated property", _keyed(1), _annotated_property, annotated=True),
    Place("annotated schema", _IN_KEY, _annotated_schema, annotated=True),
)
