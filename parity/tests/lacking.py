"""A candidate with one of the functions."""

from __future__ import annotations

from driftcore import reference


def normalize_json(payload_json: str) -> str:
    return reference.normalize_json(payload_json)
