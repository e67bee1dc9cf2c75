"""Payloads as services send them: ids, names, prices, rows, a few levels, nothing odd.

Written as `json.dumps` writes and about as long as the recorded payloads (half of them
below 260 characters).  Members come ready made, since this is the profile of which most is
generated and by which the cost of generating is judged.
"""

from __future__ import annotations

from ..numbers import everyday_number
from ..pools import KEYS, PLAIN_INTS, WORDS
from ..source import Source
from ..strings import everyday_key, everyday_string, quoted
from ..text import Style
from .base import payload_profile

STYLE = Style(everyday_number, everyday_string, everyday_key, members=4)
"""The same kind of payload written by the general writer, for what is put inside other profiles' inputs."""

_NAMES = (
    *KEYS, "query", "parameters", "rowcount", "lastrowid", "description", "method", "target", "Host",
    "User-Agent", "httpVersion", "remoteAddress", "remotePort", "statusCode", "statusMessage", "email",
    "total", "currency", "page", "next",
)  # fmt: skip
_LABELS = tuple(f"{quoted(name)}: " for name in _NAMES)
_STRIDE = 5  # shares no factor with the 37 names, so an object repeats none before it has had all

_PLAIN = (
    *map(quoted, WORDS), *PLAIN_INTS, "null", "true", "false", "[]", "{}", '"1.1"', '"GET"',
    '"SELECT products.id, products.name, products.price FROM products WHERE products.id = ?"',
    '"2024-02-29T12:00:00.123456+00:00"',
    '"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"', '"en-GB,en;q=0.9,de;q=0.8"', '"12 Rue de l\'Été"',
    '"3f2504e0-4f89-41d3-9a0c-0305e82c3301"', '"http://shop.example/products/15?page=2"', '"keep-alive"',
    '"gzip, deflate, br"', '"Bearer eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo"',
)  # fmt: skip


def text(source: Source) -> str:
    kind = source.below(16)
    if kind < 12:
        return _object(source, 2)
    if kind < 15:
        return _list(source, 2)
    return _value(source, 0)


def _object(source: Source, depth: int) -> str:
    at = source.below(len(_LABELS))
    out = []
    while source.more(9):
        out.append(_LABELS[at % len(_LABELS)] + _value(source, depth))
        at += _STRIDE
    return f"{{{', '.join(out)}}}"


def _list(source: Source, depth: int) -> str:
    out = []
    while source.more(4):
        out.append(_value(source, depth))
    return f"[{', '.join(out)}]"


def _value(source: Source, depth: int) -> str:
    kind = source.below(16)
    if kind < 11:
        return source.pick(_PLAIN)
    if kind < 14 or depth == 0:
        return everyday_number(source)
    return _object(source, depth - 1) if kind == 14 else _list(source, depth - 1)


PROFILE = payload_profile("everyday", "payloads as services send them", text, weight=2)
