"""Classes of values: finer than types, coarser than values, so that like differences look alike."""

from __future__ import annotations

import math
import re

from .members import class_name

DIGEST = re.compile(r"[0-9a-f]{64}")
_SURROGATE = re.compile("[\ud800-\udfff]")


def value_class(value: object) -> str:
    """What kind of value this is, in a few words; the words are a closed list for JSON values and bytes."""
    if value is None:
        return "null"
    if type(value) is int:
        return int_class(value)
    if type(value) is float:
        return float_class(value)
    if type(value) is str:
        if has_surrogate(value):
            return "str with a lone surrogate"
        return "digest" if DIGEST.fullmatch(value) else "str"
    if type(value) is dict or type(value) is list:
        return type(value).__name__ if value else f"empty {type(value).__name__}"
    return class_name(type(value))


def int_class(number: int) -> str:
    if -(1 << 53) <= number <= 1 << 53:
        return "int"
    if -(1 << 63) <= number < 1 << 63:
        return "int beyond 2**53"
    return "int of u64" if 0 <= number < 1 << 64 else "int beyond 64 bits"


def float_class(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity"
    if number == 0:
        return "-0.0" if math.copysign(1, number) < 0 else "float"
    return "float with exponent" if "e" in repr(number) else "float"


def has_surrogate(text: str) -> bool:
    """Whether half a surrogate pair is in a text, which no UTF-8 can hold."""
    return not text.isascii() and _SURROGATE.search(text) is not None
