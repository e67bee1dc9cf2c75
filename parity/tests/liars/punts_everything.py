"""Has the reference answer every call, and says so."""

from __future__ import annotations

from .honest import FUNCTIONS

globals().update(FUNCTIONS)

_calls = 0


def normalize_json(payload_json: str) -> str:
    global _calls
    _calls += 1
    text: str = FUNCTIONS["normalize_json"](payload_json)
    return text


def punts() -> dict[str, int]:
    return {"nesting": _calls, "long int": 0}
