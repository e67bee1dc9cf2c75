"""Python objects of plain JSON types, read from generated text.

Text is the richer form: what a profile can write, `read` turns into the
object, so that one generator serves text operations and object operations alike.
"""

from __future__ import annotations

import json
from typing import Union

from .pools import SMALLEST_DIGIT_LIMIT

JsonValue = Union[None, bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"]]


def read(text: str) -> JsonValue:
    """The object of a generated valid text, whatever the interpreter's own limit for digits of an int."""
    value: JsonValue = _DECODER.decode(text)
    return value


def _int(text: str) -> int:
    """`int(text)` in pieces, as the interpreter may forbid a text of more than 640 digits."""
    if len(text) <= SMALLEST_DIGIT_LIMIT:
        return int(text)
    number = 0
    digits = text.lstrip("-")
    for at in range(0, len(digits), SMALLEST_DIGIT_LIMIT):
        piece = digits[at : at + SMALLEST_DIGIT_LIMIT]
        number = number * 10 ** len(piece) + int(piece)
    return -number if text[0] == "-" else number


_DECODER = json.JSONDecoder(parse_int=_int)
