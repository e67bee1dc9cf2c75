"""Takes what is private out of a value and leaves what a difference may hang on.

Text keeps its length, its ASCII classes and the width of its code points; numbers keep their
sign, their length and their class.  There are degrees, since a difference may hang on the
very digits of a number, or on a key: text of values is masked in each of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Degree:
    """What is masked besides the text of values."""

    keys: bool
    numbers: bool

    @property
    def note(self) -> str:
        """What is masked, for a person."""
        return f"masked: text{', numbers' if self.numbers else ''}{', keys' if self.keys else ''}"


DEGREES = (
    Degree(keys=True, numbers=True),
    Degree(keys=False, numbers=True),
    Degree(keys=False, numbers=False),
)
"""From the most that can be masked to the least."""

_BY_CLASS = str.maketrans(
    {
        **{chr(code): "a" for code in range(ord("a"), ord("z") + 1)},
        **{chr(code): "A" for code in range(ord("A"), ord("Z") + 1)},
        **{chr(code): "1" for code in range(ord("0"), ord("9") + 1)},
    }
)
_SURROGATES = range(0xD800, 0xE000)


def masked(value: Any, degree: Degree) -> Any:
    """A value of the same shape.  What is no JSON type, tuple or set becomes the mask of its `str()`.

    Raises RecursionError for a value nested as deep as Python can call.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, int):
        return mask_int(value) if degree.numbers else int(value)
    if isinstance(value, float):
        return mask_float(value) if degree.numbers else float(value)
    if isinstance(value, (bytes, bytearray)):
        return b"a" * len(value)
    if isinstance(value, Mapping):
        return _masked_members(value, degree)
    if isinstance(value, (list, tuple)):
        items = [masked(item, degree) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    if isinstance(value, set):
        return [masked(item, degree) for item in value]
    return mask_text(str(value))


def masked_json(text: str, degree: Degree) -> str:
    """JSON text of the masked value, escaped where the text was; of what is no JSON the masked text."""
    try:
        value = json.loads(text)
    except ValueError:
        return mask_text(text)
    return json.JSONEncoder(separators=(",", ":"), ensure_ascii=text.isascii()).encode(masked(value, degree))


def mask_text(text: str) -> str:
    """Text of the same length: letters and digits by class, other code points by width, the rest as it is."""
    plain = text.translate(_BY_CLASS)
    return plain if plain.isascii() else "".join(map(_mask_char, plain))


def mask_int(number: int) -> int:
    """An int of the same sign and number of digits; 0 stays."""
    if number == 0:
        return 0
    bits = abs(int(number)).bit_length()
    return (1 if number > 0 else -1) * ((1 << (bits - 1)) + 1 if bits > 1 else 1)


def mask_float(number: float) -> float:
    """A float of the same sign and binary exponent; zeros, NaN and infinities stay."""
    if number == 0 or math.isnan(number) or math.isinf(number):
        return float(number)
    return math.copysign(math.ldexp(0.5625, math.frexp(number)[1]), number)


def _masked_members(value: Mapping[Any, Any], degree: Degree) -> dict[Any, Any]:
    out: dict[Any, Any] = {}
    for number, (key, member) in enumerate(value.items()):
        name = key if isinstance(key, str) else str(key)
        if degree.keys:
            name = mask_text(name)
            name = name if name not in out else f"{name}{number}"
        out[name] = masked(member, degree)
    return out


def _mask_char(char: str) -> str:
    code = ord(char)
    if code < 0x80 or code in _SURROGATES:
        return char
    if code < 0x800:
        return "é"
    return "日" if code < 0x10000 else "😀"
