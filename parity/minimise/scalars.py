"""Plainer texts and numbers, plainest first."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Union

from ..features.text import TOKEN
from .json_text import NUMBER, UNIT

_INTS = (
    0, 1, 2, -1, 2**53 + 1, -(2**53) - 1, 2**63, 2**64, -(2**63) - 1, 10**309, -(10**309), 10**640, 10**4300,
)  # fmt: skip
_FLOATS = (
    0.0, 1.0, 0.5, -0.0, -1.0, 1.5, 0.1, 1e16, 1e-05, 1e22, float("nan"), float("inf"), float("-inf"), 5e-324,
    1e300, 0.30000000000000004,
)  # fmt: skip
_TOKENS = (
    "0", "1", "-0", "-1", "1.0", "0.5", "-0.0", "0.0", "1.50", "1e1", "1E1", "1e16", "1e-5", "1e400", "NaN",
    "Infinity", "1e22", "5e-324", str(2**53 + 1), str(2**63), str(2**64), "1" + "0" * 309,
    "9999999999999999.0", "0.00001", "0.30000000000000004",
)  # fmt: skip

Number = Union[int, float]

MOST_CHUNKS = 64

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0")
"""Characters that stay as they are."""


def less_text(text: str, by_token: bool = False) -> Iterator[str]:
    """Shorter texts, halves first, then plainer characters; `by_token` leaves out whole tokens before."""
    if by_token:
        yield from _without(text, [token.group() for token in TOKEN.finditer(text)])
    yield from _without(text, text)
    for at, one in enumerate(text):
        for plain in "a0":
            if one not in _PLAIN:
                yield text[:at] + plain + text[at + 1 :]


def _without(text: str, units: Sequence[str]) -> Iterator[str]:
    for start, end in chunks(len(units)):
        yield "".join(units[:start]) + "".join(units[end:])


def chunks(count: int) -> Iterator[tuple[int, int]]:
    """(start, end) of runs to leave out of `count` things: halves first, single ones last.

    Of many things only the last is tried singly, or a text that has to be long would cost as
    many tries as it has characters.
    """
    size = count
    while size:
        last = count if count // size <= MOST_CHUNKS else size
        for end in range(count, count - last, -size):
            yield max(0, end - size), end
        size //= 2


def plainer_numbers(number: Number) -> Iterator[Number]:
    """Numbers of the same type that are shorter to write."""
    if isinstance(number, int):
        yield from (
            one for one in (*_INTS, _power_below(number)) if (abs(one), one < 0) < (abs(number), number < 0)
        )
        return
    size = _size(number)
    for one in _FLOATS:
        if _size(one) < size:
            yield one
    if math.isfinite(number):
        for digits in range(1, 17):
            rounded = float(f"{number:.{digits}e}")
            if _size(rounded) < size:
                yield rounded
        if number < 0:
            yield -number


def _power_below(number: int) -> int:
    """The power of two next to zero from a number, with its sign: plain, and as long."""
    power = 1 << max(0, abs(number).bit_length() - 1)
    return power if number > 0 else -power


def _size(number: float) -> tuple[int, str]:
    text = repr(number)
    return len(text), text


def plainer_tokens(token: str, key: bool) -> Iterator[tuple[str, bool]]:
    """Plainer tokens of a JSON text, and whether each is worth it only with fewer features."""
    if not key:
        if token == "0":
            return
        yield "0", False
    if token.startswith('"'):
        yield from ((text, False) for text in _plainer_literals(token, key))
    elif NUMBER.fullmatch(token):
        yield from _plainer_number_tokens(token)


def _plainer_literals(literal: str, key: bool) -> Iterator[str]:
    units = UNIT.findall(literal[1:-1])
    if key:
        yield from (f'"{plain}"' for plain in "abc" if (1, plain) < (len(units), literal[1:-1]))
    for body in _without(literal[1:-1], units):
        yield f'"{body}"'
    for at, unit in enumerate(units):
        for plain in (*_plainer_units(unit), "a"):
            if (len(plain), plain) < (len(unit), unit) and not (unit in "bc" and key):
                yield f'"{"".join(units[:at])}{plain}{"".join(units[at + 1 :])}"'


def _plainer_units(unit: str) -> Iterator[str]:
    """The character of an escape itself, where it may stand as it is."""
    if unit.startswith("\\"):
        character = json.loads(f'"{unit}"')
        if character >= " " and character not in '"\\':
            yield character


def _plainer_number_tokens(token: str) -> Iterator[tuple[str, bool]]:
    for plain in _TOKENS:
        yield plain, (len(plain), plain) >= (len(token), token)
    if token.lstrip("-").isdigit():
        sign = "-" if token.startswith("-") else ""
        plain = f"{sign}1{'0' * (len(token) - len(sign) - 1)}"
        yield plain, plain >= token
        if 1 < len(token) < 40:
            power = str(_power_below(int(token)))
            yield power, (len(power), power) >= (len(token), token)
    elif "." in token or "e" in token or "E" in token:
        number = float(token)
        for other in plainer_numbers(number):
            text = repr(other)
            if NUMBER.fullmatch(text) and (len(text), text) < (len(token), token):
                yield text, False
    for text in _without(token, token):
        if NUMBER.fullmatch(text):
            yield text, False
