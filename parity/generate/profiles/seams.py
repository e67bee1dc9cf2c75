"""Texts on which a reader's branches part: each is right but for one of them, and drawn seldom elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Callable

from ...operations import Takes
from ..limits import STRING_LENGTHS, UTF8_FAULTS
from ..numbers import digits, everyday_number
from ..pools import KEYS
from ..source import Source
from ..strings import everyday_string, quoted
from .base import PAYLOAD, Makers, Profile, export_arguments, payload_makers

# Beside an escape that a half surrogate waits for.
_HALVES = (
    "\\ud83dxude00", "\\ud83dxxde00", "\\ud83d\\\\ude00", "\\ud83d/ude00", "\\udc00\\udc00", "\\udc00xudc00",
    "\\ude00\\ud83d\\ude00", "\\ud83d\\uD7FF", "\\ud83d\\uE000", "\\udbff\\udfff", "\\ud800\\udc00",
    "\\ud800\\udbff", "\\uDBFF\\uDC00", "\\uD7FF\\uDC00", "\\uE000\\uDC00", "\\ud83d\\u0064",
)  # fmt: skip
_HEX = "0123456789abcdefABCDEF"
_ESCAPED = (
    "\\n", "\\t", "\\r", "\\b", "\\f", '\\"', "\\\\", "\\/", "\\u00e9", "\\u4e2d", "\\ud83d\\ude00",
    "\\u0001",
)  # fmt: skip
_RUNS = (0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65)
_LEADS = ("1", "19", "18446744073709551", "9", "99999", "10000", "2", "4503599627370496")
_MANTISSAS = ("1", "3", "7", "9007199254740991", "9007199254740993", "123456789", "17976931348623157")
_POWERS = (-345, -342, -341, -325, -324, -323, -308, -307, -28, -27, -23, -22, 22, 23, 37, 292, 308)
_EDGES = (
    "2e308", "1.8e308", "3.5e308", "17976931348623158e292", "17976931348623159e292",
    "1797693134862315807e290", "4.94e-324", "2.4703282292062327208e-324", "2.4703282292062328e-324",
    "9e-324", "1.5e-323", "22250738585072014e-324", "2.2250738585072011e-308", "2.22507385850720138e-308",
    "123456789012345678e-340", "4.4501477170144023e-308",
)  # fmt: skip
_CHARACTERS = (
    "a", "\x7f", "\x80", "é", "\u07ff", "\u0800", "\u1000", "\ud7ff", "\ue000", "\uffff", "\U00010000",
    "\U0003ffff", "\U00040000", "\U000fffff", "\U00100000", "\U0010ffff",
)  # fmt: skip
_METADATA = ("[]", "1", " {}", '{"a":null} ', "null", '"{}"', "[{}]", "true")
_SIZES = (100, 110, 118, 120, 122, 124, 126, 16_360, 16_370, 16_380)
_RULES = (
    '{"encoding":1}',
    '{"decoded_type":1}',
    '{"match_importance":0.5}',
    '{"encoding":1,"decoded_type":1}',
)


def text(source: Source) -> str:
    value = source.pick(_KINDS)(source)
    kind = source.below(4)
    if kind == 0:
        return f"[{value}]"
    if kind == 1:
        return f'[{value},{{"a":{everyday_number(source)}}},{value}]'
    if kind == 2:
        return f'{{"id":{everyday_string(source)},"value":{value},"a":[{value}]}}'
    return f'{{"value":{value}}}'


def half(source: Source) -> str:
    """A surrogate pair that is none, or only just is one, with plain text on either side."""
    return f'"{"x" * source.below(70)}{source.pick(_HALVES)}{"y" * source.below(20)}"'


def hex_escape(source: Source) -> str:
    """An escape of any four hex digits outside the surrogates."""
    first = source.pick(_HEX.replace("d", "").replace("D", ""))
    return f'"\\u{first}{"".join(source.pick(_HEX) for _ in range(3))}"'


def series(source: Source) -> str:
    """A string that changes between plain runs and escapes, at every distance from a block's end."""
    out = []
    while source.more(4):
        out.append("abcdefgé"[source.below(8)] * source.pick(_RUNS))
        while source.more(1):
            out.append(source.pick(_ESCAPED))
    return f'"{"".join(out)}"'


def rounding(source: Source) -> str:
    """A number of 15 to 22 digits, its first ones high or low, which 64 bits just hold or just do not."""
    length = source.between(15, 22)
    lead = source.pick(_LEADS)
    body = (lead + source.pick((digits(source, 30), "0" * 30, "9" * 30, "5" + "0" * 29)))[:length]
    kind = source.below(6)
    sign = "-" if source.chance(4) else ""
    if kind == 0:
        return sign + body
    if kind == 1:
        return f"{sign}{body}e{source.between(-340, 300)}"
    if kind == 2:
        return f"{sign}0.{'0' * source.below(8)}{body}"
    at = source.between(1, length - 1)
    if kind == 3:
        return f"{sign}{body[:at]}.{body[at:]}e{source.between(-30, 30)}"
    return f"{sign}{body[:at]}.{body[at:]}"


def tie(source: Source) -> str:
    """A decimal exactly between two doubles, its digits within 64 bits, or beside that by the least digit."""
    q = source.between(-4, 23)
    least = (1 << 53) // (5**q if q > 0 else 1)
    odd = (least + source.bits(53) % (least + 1)) | 1  # times 5^q it has 54 bits, of which the last is set
    w = odd * 5**-q if q < 0 else odd
    if q >= 0:
        return f"{w}{'0' * q}{_beside(source, '.')}" if source.chance(2) else f"{w}e{q}"
    text = str(w)
    return f"{text[:q]}.{text[q:]}{_beside(source, '')}" if source.chance(2) else f"{w}e{q}"


def _beside(source: Source, point: str) -> str:
    more = source.pick(("", "0", "00000000000000000001", "000000000000000000000000001"))
    return f"{point}{more}" if more else ""


def edge(source: Source) -> str:
    """A number at an end of what a double holds."""
    return ("-" if source.chance(4) else "") + source.pick(_EDGES)


def power(source: Source) -> str:
    """A few digits with an exponent at the ends of what is exact, and of what a double holds."""
    return f"{source.pick(_MANTISSAS)}e{source.pick(_POWERS)}"


def long_string(source: Source) -> str:
    """A string around a length where its size takes one byte more, in UTF-8 or as it is escaped."""
    size = source.pick(STRING_LENGTHS[:-3])
    filler = source.pick(("a", "é", "中", "😀", "\\n", "\\u00e9"))
    width = len(filler.encode()) if filler[0] != "\\" else 1
    return f'"{filler * (size // width)}{"b" * source.below(3)}"'


def nested(source: Source) -> str:
    """A container whose Struct size lies around where its length takes one byte more."""
    inner = quoted("s" * (source.pick(_SIZES) + source.below(8)))
    for _ in range(source.between(1, 4)):
        inner = f'{{"k":{inner}}}' if source.chance(2) else f"[{inner}]"
    return inner


_KINDS: tuple[Callable[[Source], str], ...] = (
    half, hex_escape, series, series, rounding, rounding, tie, power, edge, long_string, nested,
)  # fmt: skip


def _merges(source: Source) -> str:
    """Merges for keys of the top that stand deeper down too."""
    return f'{{"a":{source.pick(_RULES)},"value":{source.pick(_RULES)},{quoted(source.pick(KEYS))}:{{}}}}'


def encoded(source: Source) -> str:
    """Base64 of characters at which UTF-8 changes its form, one beside the other, and of wrong bytes."""
    content = []
    while source.more(6):
        wrong = source.chance(8)
        content.append(source.pick(UTF8_FAULTS) if wrong else source.pick(_CHARACTERS).encode())
    return quoted(base64.b64encode(b"".join(content)).decode())


def _make(source: Source) -> Makers:
    if source.chance(8):
        payload, merges = f'{{"value":{encoded(source)}}}', '{"value":{"encoding":1}}'
        return payload_makers(payload, merges)
    payload = text(source)
    rules = _merges(source) if source.chance(4) else None
    makers = payload_makers(payload, rules)
    if not source.chance(8):
        return makers
    metadata = source.pick(_METADATA)
    return {**makers, Takes.EXPORT: lambda: (*export_arguments(payload, rules)[:-1], metadata)}


PROFILE = Profile("seams", "texts on which a reader's branches part", PAYLOAD, _make)
