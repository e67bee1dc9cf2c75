"""Facts of the 29 arguments of a span, and of an export request."""

from __future__ import annotations

from collections.abc import Mapping

from ..operations import SPAN_ARGUMENTS
from . import scalars
from .objects import object_facts
from .wire import message_facts

ENUMS: Mapping[str, int] = {"package_type": 11, "kind": 5, "status_code": 2}
_WIDTHS: Mapping[str, int] = {
    "timestamp_seconds": 64, "timestamp_nanos": 32, "duration_seconds": 64, "duration_nanos": 32,
}  # fmt: skip
_EARLIEST, _LATEST = -62_135_596_800, 253_402_300_799
"""Seconds of the years 1 and 9999."""
_WRONG, _OUT = "argument of a wrong type", "argument out of range"


def span_facts(arguments: tuple[object, ...]) -> set[str]:
    facts: set[str] = set()
    for name, value in zip(SPAN_ARGUMENTS, arguments):
        if name in ENUMS:
            _enum(value, ENUMS[name], facts)
        elif name in _WIDTHS:
            _time(name, value, facts)
        elif name.startswith("is_"):
            facts.update(() if value is False else ("true flag",) if value is True else (_WRONG,))
        elif name.endswith("_schema"):
            _schema(value, facts)
        elif name == "metadata":
            _metadata(value, facts)
        elif name in ("input_value", "output_value"):
            _value(value, facts)
        elif name.endswith("_struct_bytes"):
            _precomputed(value, facts)
        elif name == "environment":
            facts.update(() if value is None else ("environment", *_text(value)))
        else:
            facts.update(_text(value))
    return facts


def request_facts(arguments: tuple[object, ...]) -> set[str]:
    facts: set[str] = set()
    *texts, spans = arguments
    for text in texts:
        facts.update(_text(text))
    if not isinstance(spans, list):
        return facts | {_WRONG}
    if spans:
        facts.add("span")
    if len(spans) > 1:
        facts.add("several spans")
    for span in spans:
        if not isinstance(span, bytes):
            facts.add(_WRONG)
        elif not span:
            facts.add("empty span")
        else:
            facts |= message_facts(span, "Span")
    return facts


def _text(value: object) -> set[str]:
    facts: set[str] = set()
    if not isinstance(value, str):
        return {_WRONG}
    if type(value) is not str:
        facts.add("subclass of a plain type")
    if value:
        facts.add("text argument")
        scalars.characters_facts(str.__str__(value), facts)
    return facts


def _int(value: object, facts: set[str]) -> int | None:
    """The value as a plain int, None where it is none."""
    if not isinstance(value, int):
        facts.add(_WRONG)
        return None
    if type(value) is not int:
        facts.add("subclass of a plain type")
    return int(value)


def _enum(value: object, largest: int, facts: set[str]) -> None:
    number = _int(value, facts)
    if number is None or number == 0:
        return
    facts.add("enum other than 0" if 0 < number <= largest else _OUT)


def _time(name: str, value: object, facts: set[str]) -> None:
    number = _int(value, facts)
    if number is None or number == 0:
        return
    half = 1 << (_WIDTHS[name] - 1)
    if not -half <= number < half:
        facts.add(_OUT)
        return
    facts.add("time")
    if number < 0:
        facts.add("time below zero")
    if name.endswith("_nanos"):
        if number % 1000:
            facts.add("time finer than a microsecond")
    elif not _EARLIEST <= number <= _LATEST:
        facts.add("time out of datetime's range")


def _schema(schema: object, facts: set[str]) -> None:
    """A schema and, in it, those of its properties and items."""
    if not isinstance(schema, dict):
        facts.add(_WRONG)
        return
    pending: list[object] = [schema]
    visited = 0
    while pending and visited < 10_000:
        one = pending.pop()
        visited += 1
        if not isinstance(one, dict):
            facts.add("schema: odd member")
            continue
        _schema_members(one, facts)
        properties = one.get("properties")
        if isinstance(properties, dict):
            pending += properties.values()
            if properties:
                facts.add("schema with properties")
                _keys(properties, facts)
        if isinstance(one.get("items"), dict):
            facts.add("schema with properties")
            pending.append(one["items"])


def _schema_members(schema: Mapping[object, object], facts: set[str]) -> None:
    kind = schema.get("type")
    if kind is None:
        facts.add("schema: empty")
    elif type(kind) is not int or not 1 <= kind <= 9:
        facts.add("schema: odd member")
    for name, largest in (("encoding", 1), ("decoded_type", 24)):
        if name in schema:
            facts.add("schema: encoding or decoded_type")
            number = schema[name]
            if type(number) is not int or not 0 <= number <= largest:
                facts.add("schema: odd member")
    if "match_importance" in schema:
        facts.add("schema: match_importance")
        importance = schema["match_importance"]
        if isinstance(importance, float):
            scalars.float_facts(importance, facts)
        else:
            facts.add("schema: odd member")
    if schema.keys() - {"type", "properties", "items", "encoding", "decoded_type", "match_importance"}:
        facts.add("schema: odd member")
    if type(schema) is not dict or not isinstance(schema.get("properties", {}), dict):
        facts.add("schema: odd member")


def _keys(members: Mapping[object, object], facts: set[str]) -> None:
    if not all(type(key) is str for key in members):
        facts.add("key that is no str")
    scalars.keys_facts([key for key in members if isinstance(key, str)], facts)


def _metadata(metadata: object, facts: set[str]) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        facts.add(_WRONG)
        return
    if metadata:
        facts.add("metadata")
        if None in metadata.values():
            facts.add("None in metadata")
        facts |= object_facts(metadata) - {"object"}


def _value(value: object, facts: set[str]) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        facts.add("value that is no object")
    elif value:
        facts.add("value")
    facts |= object_facts(value) - {"object"}


def _precomputed(data: object, facts: set[str]) -> None:
    if data is None:
        return
    if not isinstance(data, bytes):
        facts.add(_WRONG)
        return
    facts.add("precomputed bytes")
    facts |= message_facts(data, "Struct")
