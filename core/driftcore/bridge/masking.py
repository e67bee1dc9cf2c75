"""Takes what is private out of a value and leaves what a difference may hang on.

Text keeps its length, its ASCII classes and the width of its code points; numbers keep their sign, their
length and their class.  Masking stops as soon as the result would be too long to keep.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

_PER_VALUE = 12
"""Bytes that the shortest row of a saved case takes beside its text."""

_BY_CLASS = str.maketrans(
    {
        **{chr(code): "a" for code in range(ord("a"), ord("z") + 1)},
        **{chr(code): "A" for code in range(ord("A"), ord("Z") + 1)},
        **{chr(code): "1" for code in range(ord("0"), ord("9") + 1)},
    }
)
_SURROGATES = range(0xD800, 0xE000)


class TooLong(Exception):
    """What a saved case would hold is longer than a person is to read."""


class Mask:
    """What is masked besides the text of values, and how many bytes the result may still take.

    Its methods raise TooLong when these are used up, before they do the work, and RecursionError for a
    value nested as deep as Python can call.
    """

    def __init__(self, *, keys: bool = True, numbers: bool = True, most_bytes: float = math.inf) -> None:
        self.keys, self.numbers, self._left = keys, numbers, most_bytes

    @property
    def note(self) -> str:
        """What is masked, for a person."""
        return f"masked: text{', numbers' if self.numbers else ''}{', keys' if self.keys else ''}"

    def value(self, value: Any) -> Any:
        """A value of the same shape.  What is no JSON type, tuple or set becomes the mask of its `str()`."""
        self._spend(_PER_VALUE)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            self._spend(int.bit_length(value) // 4)
            return mask_int(value) if self.numbers else int(value)
        if isinstance(value, float):
            return mask_float(value) if self.numbers else float(value)
        if isinstance(value, (bytes, bytearray)):
            self._spend(2 * len(value))
            return b"a" * len(value)
        if isinstance(value, Mapping):
            return self._members(value)
        if isinstance(value, tuple):
            return tuple([self.value(item) for item in value])
        if isinstance(value, (list, set)):
            return [self.value(item) for item in value]
        return self.text(str(value))

    def text(self, text: str) -> str:
        """Letters and digits by class, other code points by width; the rest stays."""
        self._spend(len(text))
        plain = str.translate(text, _BY_CLASS)
        return plain if plain.isascii() else "".join(map(_mask_char, plain))

    def json(self, text: str) -> str:
        """JSON text of the masked value, escaped where the text was; of what is no JSON the masked text."""
        self._spend(len(text))
        unbounded = Mask(keys=self.keys, numbers=self.numbers)  # the text bounds what it says
        try:
            value = json.loads(text)
        except ValueError:
            return unbounded.text(text)
        encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=text.isascii()).encode
        return encode(unbounded.value(value))

    def _members(self, value: Mapping[Any, Any]) -> dict[Any, Any]:
        out: dict[Any, Any] = {}
        for number, (key, member) in enumerate(value.items()):
            name = key if isinstance(key, str) else str(key)
            self._spend(_PER_VALUE + len(name))
            if self.keys:
                name = self.text(name)
                name = name if name not in out else f"{name}{number}"
            out[name] = self.value(member)
        return out

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooLong


def mask_int(number: int) -> int:
    """An int of the same sign and number of bits; 0 stays."""
    if number == 0:
        return 0
    bits = abs(int(number)).bit_length()
    return (1 if number > 0 else -1) * ((1 << (bits - 1)) + 1 if bits > 1 else 1)


def mask_float(number: float) -> float:
    """A float of the same sign and binary exponent, whole if it was; zeros, NaN and infinities stay."""
    if number == 0 or math.isnan(number) or math.isinf(number):
        return float(number)
    exponent = math.frexp(number)[1]
    size = math.ldexp(0.5625, exponent)
    if size.is_integer() and not float(number).is_integer():
        size += 0.5
    elif float(number).is_integer() and not size.is_integer():
        size = math.ldexp(0.5, exponent)
    return math.copysign(size, number)


def _mask_char(char: str) -> str:
    code = ord(char)
    if code < 0x80 or code in _SURROGATES:
        return char
    if code < 0x800:
        return "é"
    return "日" if code < 0x10000 else "😀"
