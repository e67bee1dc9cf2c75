"""Text from outside as a report shows it: masked, shortened, and with every character to be seen.

Every renderer sends every text through `shown`, whatever it believes of it.
"""

from __future__ import annotations

import unicodedata

from .masking import masked

LIMIT = 2000
"""Longer texts are shortened; the result file has them whole."""

MASKED_UP_TO = 20_000
"""Of a longer text nothing behind this is looked at or shown."""


def shown(text: str, limit: int = LIMIT) -> str:
    """A text without credentials, not longer than about `limit` characters, all of them visible."""
    return visible(cut(masked(text[:MASKED_UP_TO]), limit, len(text)))


def cut(text: str, limit: int, length: int = 0) -> str:
    """A text with its middle left out where it is longer than `limit`; `length` is what it was at first."""
    whole = max(length, len(text))
    if len(text) <= limit:
        return text
    kept = limit // 2
    return f"{text[:kept]} … {whole - 2 * kept:,} characters left out … {text[-kept:]}"


def visible(text: str) -> str:
    """A text in which every character can be seen.

    Control, format and bidi characters, blanks other than the space, lone surrogates and
    combining marks (a letter and its composed twin look the same) become escapes.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_plain(char) else _escape(char) for char in text)


def _is_plain(char: str) -> bool:
    return char.isprintable() and not unicodedata.combining(char)


def _escape(char: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if short is not None:
        return short
    number = ord(char)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )
