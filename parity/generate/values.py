"""Arguments made anew from one draw: objects read from generated text, plain trees copied, the rest redrawn.

Text is the richer form: what a profile can write, `read` turns into the
object, so that one generator serves text operations and object operations alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Union

from .pools import SMALLEST_DIGIT_LIMIT
from .source import Source

Arguments = tuple[object, ...]

JsonValue = Union[None, bool, int, float, str, list["JsonValue"], dict[str, "JsonValue"]]


def read(text: str) -> JsonValue:
    """The object of a generated valid text, whatever the interpreter's own limit for digits of an int."""
    try:
        value: JsonValue = _USUAL.raw_decode(text)[0]
    except ValueError:  # a blank at the start, or an int the interpreter refuses
        value = _ANY_INT.decode(text)
    return value


def copies(arguments: Arguments) -> Callable[[], Arguments]:
    """Makes plain arguments anew on each call."""
    return lambda: tuple(map(_anew, arguments))


def remade(draw: Callable[[Source], Arguments], source: Source) -> Callable[[], Arguments]:
    """Makes what `draw` draws from `source` anew on each call: copies of plain types, anything else drawn."""
    drawn = draw(source.again())
    try:
        ready = [tuple(map(_anew, drawn))]
    except _NotPlain:
        return lambda: draw(source.again())
    return lambda: ready.pop() if ready else tuple(map(_anew, drawn))


class _NotPlain(Exception):
    pass


_SCALARS = frozenset((type(None), bool, int, float, str, bytes))


def _anew(value: Any) -> object:
    """A copy of a tree of plain types."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is dict:
        return {key: _anew(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return kind(map(_anew, value))
    raise _NotPlain


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


_USUAL = json.JSONDecoder()
_ANY_INT = json.JSONDecoder(parse_int=_int)
