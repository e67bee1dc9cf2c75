"""The normal form of JSON text and of Python objects.

Text: what `json.loads` reads and `json.dumps` writes back compactly.  Insertion
order stays; of a repeated key the last value wins at the first position.

Objects: first made JSON-able, then sent through JSON text once, which turns
subclasses into plain types and joins adjacent surrogates.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from .arguments import require_str


def parse(text: str) -> Any:
    """The value of a JSON text, as `json.loads` reads it."""
    return json.loads(text)


def compact(value: Any) -> str:
    """A value as JSON text without blanks, non-ASCII characters kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def normalize_json(payload_json: str) -> str:
    """Compact JSON text of a JSON text.

    Raises `json.JSONDecodeError`, `RecursionError`, or `ValueError` for an int
    longer than `sys.get_int_max_str_digits()`, all of them as `json.loads` does.
    """
    require_str("payload_json", payload_json)
    return compact(parse(payload_json))


def normalize_object(value: Any) -> Any:
    """A Python object as the plain dict, list, str, int, float, bool and None it becomes in JSON."""
    return json.loads(json.dumps(to_jsonable(value)))


def to_jsonable(value: Any) -> Any:
    """A Python object with every part replaced that `json.dumps` could not write.

    The order of the tests is part of the contract: a dataclass that is also a
    Mapping is a Mapping, a namedtuple is a list.
    """
    if isinstance(value, Mapping):
        return {str(key): to_jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_jsonable(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if is_dataclass(value):
        return to_jsonable(asdict(value))  # type: ignore[arg-type]  # a dataclass type raises, as upstream
    if value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)
