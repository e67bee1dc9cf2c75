"""A bridge that shadows every call, and cores that lie to it."""

from __future__ import annotations

import json
from typing import Any, Callable

from driftcore import reference

HELPER = "process_export_payload_jsonable"
FUNCTION = "process_export_payload_pyobject"

Plant = Callable[..., None]
"""Puts a core in the place of the native one, with the functions that are given."""


def wrong_exponent(payload: Any, merges: Any) -> tuple[Any, ...]:
    """Another hash where a number is written with an exponent."""
    result = reference.process_export_payload_pyobject(payload, merges)
    return wrong_always(payload, merges) if "e+" in json.dumps(result[0]) else result


def wrong_always(payload: Any, merges: Any) -> tuple[Any, ...]:
    """Another hash of whatever it is."""
    return ({}, "0" * 64, {}, "0" * 64, b"")
