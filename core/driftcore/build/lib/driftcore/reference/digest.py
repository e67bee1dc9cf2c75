"""The deterministic hash: SHA-256 of the compact text with keys sorted by code point."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .arguments import require_str
from .normalize import compact, parse


def hash_value(value: Any) -> str:
    """64 hex digits for a JSON value; `UnicodeEncodeError` where a lone surrogate is in it."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def deterministic_hash(payload_json: str) -> str:
    """The hash of a JSON text's value: 64 hex digits.

    Raises what `normalize_json` raises, and `UnicodeEncodeError`.
    """
    require_str("payload_json", payload_json)
    return hash_value(parse(payload_json))


def normalize_and_hash(payload_json: str) -> tuple[str, str]:
    """`normalize_json` and `deterministic_hash` of one text, read once."""
    require_str("payload_json", payload_json)
    value = parse(payload_json)
    return compact(value), hash_value(value)
