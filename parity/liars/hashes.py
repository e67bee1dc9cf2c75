"""Faults of the text that is hashed, where only the digest shows that something is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from .base import Function, Liar, Twist


def _hashed_as(write: Callable[[Any], str]) -> Twist:
    """Hashes another text of the same value; what the reference refuses is refused."""

    def twist(honest: Function) -> Function:
        def digest(payload_json: str) -> str:
            honest(payload_json)
            return hashlib.sha256(write(json.loads(payload_json)).encode("utf-8")).hexdigest()

        return digest

    return twist


def _written(value: Any, **options: Any) -> str:
    return json.dumps(value, separators=(",", ":"), **{"ensure_ascii": False, **options})


def _by_utf16(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _by_utf16(value[key]) for key in keys}
    return [_by_utf16(item) for item in value] if isinstance(value, list) else value


def _top_level_sorted(value: Any) -> Any:
    return dict(sorted(value.items())) if isinstance(value, dict) else value


def _liar(name: str, about: str, write: Callable[[Any], str], minimum: str, **limits: int) -> Liar:
    return Liar(name, about, "digest", {"deterministic_hash": _hashed_as(write)}, minimum, **limits)


LIARS = (
    _liar(
        "hash-of-unsorted", "hashes the text in insertion order", _written, 'payload_json=\'{"b":0,"a":0}\''
    ),
    _liar(
        "hash-of-ascii",
        "hashes the text with escapes instead of UTF-8",
        lambda value: _written(value, sort_keys=True, ensure_ascii=True),
        "payload_json='\"\\x85\"'",
        causes=2,
    ),
    _liar(
        "hash-sorts-by-utf16",
        "sorts keys by UTF-16 code unit instead of code point",
        lambda value: _written(_by_utf16(value)),
        'payload_json=\'{"\\ue000":0,"𐀀":0}\'',
        within=20_000,
        causes=4,
    ),
    _liar(
        "hash-sorts-top-level",
        "sorts the keys of the outermost object only",
        lambda value: _written(_top_level_sorted(value)),
        'payload_json=\'{"a":{"b":0,"a":0}}\'',
    ),
    _liar(
        "hash-of-spaced",
        "hashes the text with a blank after each colon",
        lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ": ")),
        "payload_json='{\"a\":0}'",
    ),
)
