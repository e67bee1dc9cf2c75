"""Credentials in recorded payloads, masked before a text reaches any report.

The rule: a key looks like a credential if its letters and digits, in lower case, contain one
of `WORDS` or are one of `WHOLE`.  The value behind such a key is masked, be it JSON text,
a Python value, a header line or a query string, and so is what follows `Bearer` or `Basic`.
What was masked in one text of a mismatch is masked in its other texts as well, also where a
window cut it off.  Result files are the evidence and keep their texts; whoever passes a
folder of evidence on passes on what was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MASK = "[masked]"

WORDS = (
    "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey",
    "authorization", "cookie", "credential", "sessionid", "bearer",
)  # fmt: skip
WHOLE = ("auth", "pwd", "pass", "jwt", "otp", "pin", "session", "cvv", "cvc")

SHORTEST_REMEMBERED = 4
"""Shorter values are masked where they stand only: elsewhere they would be found in any text."""

WINDOW = 100
"""No more characters of a text than these stand before or behind the place where a window cut it off."""

_QUOTED_KEY = re.compile(r"""(\\*)(["'])([^"'\\]{1,100})\1\2\s*(?::|=>)\s*""")
_PLAIN_KEY = re.compile(r"""(?<![\w.-])([A-Za-z][\w.-]{1,60})\s?[=:]\s?(?=[^\s=:,)\]}])""")
_SCHEME = re.compile(r"\b(?:Bearer|Basic)\s+", re.IGNORECASE)
_LINE_VALUE = re.compile(r"""[^\r\n"'\\]+""")
_PLAIN_VALUE = re.compile(r"""[^\s"'\\&;,)\]}]+""")


def is_credential(key: str) -> bool:
    """Whether a key looks like that of a credential."""
    plain = re.sub(r"[^a-z0-9]", "", key.lower())
    return plain in WHOLE or any(word in plain for word in WORDS)


def masked(text: str) -> str:
    """A text with the credentials in it masked."""
    return masked_together((text,))[0]


def masked_together(texts: Sequence[str], path: str = "") -> tuple[str, ...]:
    """Texts of one mismatch, masked; `path` is where it parts, `$.headers.authorization`.

    Where the path leads to a credential, its values stand in the texts by themselves: all
    but the first text, which is the input, are then masked whole.
    """
    if any(is_credential(name) for name in re.findall(r"[^.\[\]\s'\"]+", path)[-2:]):
        return (masked(texts[0]), *(MASK for _ in texts[1:])) if texts else ()
    found = {text[start:end] for text in texts for start, end in _values(text)}
    secrets = sorted((one for one in found if len(one) >= SHORTEST_REMEMBERED), key=len, reverse=True)
    return tuple(_without(_cut_out(text), secrets) for text in texts)


def _cut_out(text: str) -> str:
    out, at = [], 0
    for start, end in _values(text):
        if start >= at:
            out += [text[at:start], MASK]
            at = end
    return "".join([*out, text[at:]])


def _values(text: str) -> list[tuple[int, int]]:
    """Where the credentials of a text stand, from left to right."""
    return sorted((*_of_quoted(text), *_of_plain(text)))


def _of_quoted(text: str) -> Iterator[tuple[int, int]]:
    for key in _QUOTED_KEY.finditer(text):
        if is_credential(key[3]):
            yield _value_at(text, key.end())


def _of_plain(text: str) -> Iterator[tuple[int, int]]:
    for key in _PLAIN_KEY.finditer(text):
        if is_credential(key[1]):
            if text[key.end()] in "\"'\\[{":
                yield _value_at(text, key.end())
                continue
            whole_line = "authorization" in key[1].lower() or "cookie" in key[1].lower()
            value = (_LINE_VALUE if whole_line else _PLAIN_VALUE).match(text, key.end())
            if value:
                yield value.span()
    for scheme in _SCHEME.finditer(text):
        value = _PLAIN_VALUE.match(text, scheme.end())
        if value:
            yield value.span()


def _value_at(text: str, start: int) -> tuple[int, int]:
    """The extent of the value that begins at `start`; without its quotes if it is a text."""
    opening = re.compile(r"""b?(\\*)(["'])""").match(text, start)
    if opening:
        closing = re.compile(rf"(?<!\\){re.escape(opening[1])}{opening[2]}").search(text, opening.end())
        return opening.end(), closing.start() if closing else len(text)
    if text[start : start + 1] in ("[", "{", "("):
        return start, _closing(text, start)
    value = re.compile(r"[^\s,)\]}]*").match(text, start)
    return start, value.end() if value else start


def _closing(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`; brackets inside texts may lengthen that part."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "[{(") - (text[at] in "]})")
        if depth == 0:
            return at + 1
    return len(text)


def _without(text: str, secrets: Sequence[str]) -> str:
    """The text with the secrets masked, also one that is cut off at an end or at an ellipsis."""
    for secret in secrets:
        text = text.replace(secret, MASK)
        for length in range(min(len(secret) - 1, WINDOW), SHORTEST_REMEMBERED - 1, -1):
            head, tail = re.escape(secret[:length]), re.escape(secret[-length:])
            text = re.sub(rf"{head}(?=['\"]?\s?…|['\"]?\Z)", MASK, text)
            text = re.sub(rf"(?<=…['\"]){tail}|(?<=… ){tail}|(?<=…){tail}|\A{tail}", MASK, text)
    return text
