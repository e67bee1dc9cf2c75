"""Generated arguments in writing, the same on every Python version, and their digests."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from parity import cases
from parity.generate import lying
from parity.generate.profiles import PROFILES

INPUTS_DIGESTED = 200
_PLAIN_NAN = "7ff8000000000000"


def written(value: Any, within: tuple[object, ...] = ()) -> str:
    """A value in a form that is the same on every Python version, as `repr` is not."""
    name = type(value).__name__
    if any(value is outer for outer in within):
        return f"{name} within itself"
    within = (*within, value)
    if type(value).__module__ == lying.__name__:
        return f"{name}({written(held(value), within)})"
    if isinstance(value, type):
        return f"{name} {value.__name__}"
    if isinstance(value, Mapping):
        return (
            f"{name}{{{','.join(f'{written(key)}:{written(item, within)}' for key, item in value.items())}}}"
        )
    if isinstance(value, (str, bytes, bytearray)):
        return f"{name} {value!a}"
    if isinstance(value, int):
        return f"{name} {int(value):x}"
    if isinstance(value, float):
        bits = struct.pack(">d", value).hex()
        return f"{name} {bits if math.isnan(value) and bits != _PLAIN_NAN else float.hex(value)}"
    if is_dataclass(value):
        return f"{name}({','.join(written(getattr(value, one.name), within) for one in fields(value))})"
    if isinstance(value, Iterator) or not hasattr(value, "__iter__"):
        return f"{name} {value!r}"
    return f"{name}[{','.join(written(item, within) for item in value)}]"


def held(value: Any) -> object:
    """What a lying object really holds."""
    kind = type(value)
    if issubclass(kind, lying.Slotted):
        return value.value
    if issubclass(kind, tuple):
        return tuple.__getitem__(value, slice(None))
    if issubclass(kind, dict):
        return list(dict.items(value)), vars(value)
    if issubclass(kind, list):
        return list(list.__iter__(value)), vars(value)
    for plain in (str, bytes, int, float):
        if issubclass(kind, plain):
            return plain.__repr__(value)
    return vars(value)


def digest(profile: str) -> str:
    """Of a profile's first inputs in every shape."""
    out = hashlib.sha256()
    for index in range(INPUTS_DIGESTED):
        makers = PROFILES[profile].make(cases.source(profile, 0, index))
        for takes in PROFILES[profile].takes:
            out.update(written(makers[takes]()).encode("utf-8", "surrogatepass"))
    return out.hexdigest()[:16]
