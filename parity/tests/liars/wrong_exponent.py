"""Writes 1e16 where Python writes 1e+16."""

from __future__ import annotations

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def normalize_json(payload_json: str) -> str:
    text: str = FUNCTIONS["normalize_json"](payload_json)
    return text.replace("e+", "e")
