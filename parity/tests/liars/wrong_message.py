"""Raises the right class at the right place, with another text."""

from __future__ import annotations

import json

from .honest import FUNCTIONS

globals().update(FUNCTIONS)


def deterministic_hash(payload_json: str) -> str:
    try:
        text: str = FUNCTIONS["deterministic_hash"](payload_json)
    except json.JSONDecodeError as error:
        raise json.JSONDecodeError("Unexpected token", error.doc, error.pos) from None
    return text
