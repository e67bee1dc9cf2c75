"""Faults in what is raised, and faults that raise or end the process."""

from __future__ import annotations

import ctypes
import json
import os
import re
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from .base import Function, Liar, Twist


def _on_error(change: Callable[[json.JSONDecodeError], Any]) -> Twist:
    """What a syntax error becomes: the returned exception is raised, any other value returned."""

    def twist(honest: Function) -> Function:
        def call(payload_json: str) -> Any:
            try:
                return honest(payload_json)
            except json.JSONDecodeError as error:
                changed, hidden = change(error), error.__suppress_context__
            if isinstance(changed, BaseException):
                changed.__suppress_context__ = hidden
                raise changed
            return changed

        return call

    return twist


def _when(condition: Callable[[str], bool], act: Callable[[], None]) -> Twist:
    """Does something terrible in place of an answer, for some payloads."""

    def twist(honest: Function) -> Function:
        def call(payload_json: Any) -> Any:
            answer = honest(payload_json)
            if condition(payload_json):
                act()
            return answer

        return call

    return twist


def _one_in(count: int) -> Callable[[str], bool]:
    def chosen(text: str) -> bool:
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") % count == 0

    return chosen


def _depth(text: str) -> int:
    """How deep brackets stand in one another, those in strings left out."""
    deepest = level = 0
    for character in re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.DOTALL):
        level += (character in "[{") - (character in "]}")
        deepest = max(deepest, level)
    return deepest


def _segfault() -> None:
    ctypes.string_at(0)


def _hang() -> None:
    while True:
        time.sleep(1)


def _panic() -> None:
    raise PanicException("index out of bounds")


class PanicException(BaseException):
    """Derives from BaseException alone, as a Rust panic does."""


def _liar(name: str, about: str, fault: str, twist: Twist, minimum: str, **limits: int) -> Liar:
    return Liar(name, about, fault, {"normalize_json": twist}, minimum, **limits)


LIARS = (
    _liar(
        "wrong-message",
        "raises the right class at the right place, with another text",
        "error text",
        _on_error(lambda error: json.JSONDecodeError("Unexpected token", error.doc, error.pos)),
        "payload_json=''",
    ),
    _liar(
        "wrong-position",
        "says an error of the second line or later is one character on",
        "error text",
        _on_error(lambda error: json.JSONDecodeError(error.msg, error.doc, error.pos + (error.pos > 0))),
        "payload_json='{'",
    ),
    _liar(
        "wrong-class",
        "raises ValueError for JSONDecodeError, with the same text",
        "error class",
        _on_error(lambda error: ValueError(*error.args)),
        "payload_json=''",
    ),
    _liar(
        "swallows-errors",
        'returns "" where the others raise',
        "error class",
        _on_error(lambda error: ""),
        "payload_json=''",
    ),
    _liar(
        "panics",
        "raises what derives from BaseException alone, for objects in objects",
        "crash",
        _when(lambda text: '{"a":{' in text, _panic),
        'payload_json=\'{"a":{"a":0}}\'',
    ),
    _liar(
        "crashes-when-deep",
        "overflows its stack at a nesting of 140",
        "crash",
        _when(lambda text: _depth(text) >= 140, _segfault),
        f"payload_json='{'[' * 140}0{']' * 140}'",
        within=20_000,
    ),
    _liar(
        "crashes-one-in-10000",
        "crashes for one payload in 10,000",
        "crash",
        _when(_one_in(10_000), _segfault),
        "",
        within=60_000,
        causes=4,  # inputs that have nothing in common, and that nothing smaller crashes
    ),
    _liar(
        "hangs",
        "never returns for a text with a line separator",
        "hang",
        _when(lambda text: "\u2028" in text, _hang),
        "payload_json='\"\\u2028\"'",
    ),
    _liar(
        "exits",
        "leaves the process for an empty array in an array",
        "crash",
        _when(lambda text: "[[]" in text, lambda: os._exit(0)),
        "payload_json='[[]]'",
    ),
)
