"""Checks of arguments: a wrong type is a `TypeError` that names the argument."""

from __future__ import annotations

from typing import Any

INT32_BITS = 32
INT64_BITS = 64


def require(name: str, value: Any, types: type | tuple[type, ...], expected: str) -> None:
    """Raise `TypeError` unless `value` is an instance of `types`; `expected` says what was wanted."""
    if not isinstance(value, types):
        raise TypeError(f"{name} must be {expected}, not {type(value).__name__}")


def require_str(name: str, value: Any) -> None:
    require(name, value, str, "str")


def require_int(name: str, value: Any, bits: int) -> None:
    """An int that fits a signed field of `bits` bits; outside it an `OverflowError`."""
    require(name, value, int, "int")
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise OverflowError(f"{name} does not fit in {bits} bits")


def require_enum(name: str, value: Any, largest: int) -> None:
    """An int from 0 to `largest`, the numbers of a proto3 enum; outside it a `ValueError`."""
    require(name, value, int, "int")
    if not 0 <= value <= largest:
        raise ValueError(f"{name} must be from 0 to {largest}, not {value}")
