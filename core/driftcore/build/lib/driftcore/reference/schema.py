"""Schema inference, and the merges that decode top-level values and annotate their schemas.

A schema is a dict: always `type` and `properties`, in that order; then `items`
(the schema of the first element, only of a non-empty list), and where a merge
sets them `encoding`, `decoded_type` and `match_importance`.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from typing import Any, Optional

from .normalize import parse

NUMBER, STRING, BOOLEAN, NULL, OBJECT, ORDERED_LIST = 1, 2, 3, 4, 6, 7

LARGEST_SCHEMA_TYPE = 9
LARGEST_ENCODING, BASE64 = 1, 1
LARGEST_DECODED_TYPE, JSON = 24, 1

Schema = dict[str, Any]


@dataclass(frozen=True)
class Merge:
    """What a caller says of one top-level key: how its text is encoded and how much it matters."""

    encoding: Optional[int]
    decoded_type: Optional[int]
    match_importance: Optional[float]


def read_merges(argument: str, merges: Any) -> dict[str, Merge]:
    """Checked merges; `ValueError` naming the key where one is not as contract §3 asks."""
    if not isinstance(merges, dict):
        raise ValueError(f"{argument} must be an object of objects, not {type(merges).__name__}")
    return {key: _read_merge(argument, key, rule) for key, rule in merges.items()}


def _read_merge(argument: str, key: Any, rule: Any) -> Merge:
    if not isinstance(key, str):
        raise ValueError(f"{argument}: key {key!r} must be a str")
    where = f"{argument}[{key!r}]"
    if not isinstance(rule, dict):
        raise ValueError(f"{where} must be an object, not {type(rule).__name__}")
    return Merge(
        encoding=_enum(where, rule, "encoding", LARGEST_ENCODING),
        decoded_type=_enum(where, rule, "decoded_type", LARGEST_DECODED_TYPE),
        match_importance=_importance(where, rule),
    )


def _enum(where: str, rule: dict[str, Any], name: str, largest: int) -> Optional[int]:
    number = rule.get(name)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= largest:
        raise ValueError(f"{where}: {name} must be an int from 0 to {largest}")
    return int(number)


def _importance(where: str, rule: dict[str, Any]) -> Optional[float]:
    number = rule.get("match_importance")
    if number is None:
        return None
    try:
        if not isinstance(number, bool) and isinstance(number, (int, float)) and math.isfinite(number):
            return float(number)
    except OverflowError:  # an int beyond double range
        pass
    raise ValueError(f"{where}: match_importance must be a finite number")


def decode(value: Any, merges: dict[str, Merge]) -> Any:
    """A JSON value whose top-level members are decoded as their merges say; others are shared."""
    if not merges or not isinstance(value, dict):
        return value
    return {key: _decode_member(item, merges.get(key)) for key, item in value.items()}


def _decode_member(value: Any, merge: Optional[Merge]) -> Any:
    """One decoded member.  A step that fails leaves what the step before it gave, as upstream does."""
    if merge is None:
        return value
    if merge.encoding == BASE64 and isinstance(value, str):
        try:
            value = base64.b64decode(value.encode("utf-8")).decode("utf-8", errors="ignore")
        except (UnicodeEncodeError, binascii.Error):
            return value
    if merge.decoded_type == JSON and isinstance(value, str):
        try:
            return parse(value)
        except (ValueError, RecursionError):
            return value
    return value


def infer_schema(value: Any, merges: dict[str, Merge]) -> Schema:
    """The schema of a decoded value; `merges` annotate the members of the top level only."""
    schema = _infer(value)
    for key, merge in merges.items():
        member = schema["properties"].get(key)
        if member is not None:
            _annotate(member, merge)
    return schema


def _infer(value: Any) -> Schema:
    if value is None:
        return {"type": NULL, "properties": {}}
    if isinstance(value, bool):
        return {"type": BOOLEAN, "properties": {}}
    if isinstance(value, (int, float)):
        return {"type": NUMBER, "properties": {}}
    if isinstance(value, str):
        return {"type": STRING, "properties": {}}
    if isinstance(value, dict):
        return {"type": OBJECT, "properties": {key: _infer(item) for key, item in value.items()}}
    if value:
        return {"type": ORDERED_LIST, "properties": {}, "items": _infer(value[0])}
    return {"type": ORDERED_LIST, "properties": {}}


def _annotate(schema: Schema, merge: Merge) -> None:
    if merge.encoding is not None:
        schema["encoding"] = merge.encoding
    if merge.decoded_type is not None:
        schema["decoded_type"] = merge.decoded_type
    if merge.match_importance is not None:
        schema["match_importance"] = merge.match_importance
