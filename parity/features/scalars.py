"""Facts of single numbers and strings, the same for text and for objects."""

from __future__ import annotations

import math

from ..values import has_surrogate

LONG_STRING = 100
_DOUBLE_LIMIT = (1 << 1024) - (1 << 970)


def int_facts(number: int, facts: set[str]) -> None:
    if number == 0:
        return
    facts.add("int other than 0")
    if number == 1:
        facts.add("int 1")
        return
    if number < 0:
        facts.add("negative number")
    if -(1 << 53) <= number <= 1 << 53:
        return
    facts.add("int beyond 2**53")
    if number >= 1 << 64 or number < -(1 << 63):
        facts.add("int beyond 64 bits")
        if abs(number) >= _DOUBLE_LIMIT:
            facts.add("int beyond double range")
            if number.bit_length() > 2126:  # 10**640
                facts.add("int of over 640 digits")
    elif number >= 1 << 63:
        facts.add("int of u64")


def float_facts(number: float, facts: set[str]) -> None:
    facts.add("float")
    if math.isnan(number):
        facts.add("NaN")
        return
    if math.isinf(number):
        facts.add("Infinity")
        return
    if number == 0:
        if math.copysign(1, number) < 0:
            facts.update(("-0.0", "negative number"))
        return
    if number < 0:
        facts.add("negative number")
    text = float.__repr__(number)
    if "e" in text:
        facts.add("float in exponent form")
        if abs(number) < 2.2250738585072014e-308:
            facts.add("subnormal float")
    if number.is_integer():
        facts.add("float that is whole")
    if len(text) > 16 and sum(map(str.isdigit, text.partition("e")[0].strip("0."))) > 15:
        facts.add("float of 17 digits")


def characters_facts(text: str, facts: set[str]) -> None:
    """What the characters of a key or string tell."""
    if '"' in text or "\\" in text:
        facts.add("quote or backslash")
    if "/" in text:
        facts.add("solidus")
    if not text.isprintable() and (min(text) < " " or "\x7f" in text):
        facts.add("control character")
        if "\x00" in text:
            facts.add("NUL")
    if text.isascii():
        return
    facts.add("non-ASCII")
    if max(text) > "\uffff":
        facts.add("astral character")
    if has_surrogate(text):
        facts.add("lone surrogate")
        if any("\ud800" <= one < "\udc00" <= other < "\ue000" for one, other in zip(text, text[1:])):
            facts.add("surrogates side by side")
    if "\u2028" in text or "\u2029" in text:
        facts.add("line separator")
    if "\ufeff" in text:
        facts.add("byte order mark")


def string_facts(text: str, facts: set[str]) -> None:
    """A string that is no key."""
    facts.add("string")
    if len(text) > LONG_STRING:
        facts.add("long string")
    if text[:1] in ("{", "[", '"'):
        facts.add("string that looks like JSON")
    characters_facts(text, facts)


def keys_facts(keys: list[str], facts: set[str]) -> None:
    """The keys of one object, those that repeat left out."""
    if len(keys) > 1:
        facts.add("several items")
        ordered = sorted(keys)
        if ordered != keys:
            facts.add("keys out of code-point order")
        if not all(map(str.isascii, keys)) and ordered != sorted(keys, key=_utf16):
            facts.add("keys that UTF-16 sorts otherwise")
    for key in keys:
        if not key:
            facts.add("key ''")
        elif not (key.isascii() and key.isalnum()):
            characters_facts(key, facts)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def shape_facts(depth: int, members: int, facts: set[str]) -> None:
    """Nesting and width."""
    if depth > 1:
        facts.add("nesting")
    for limit in (30, 100, 127, 200, 900):
        if depth > limit:
            facts.add(f"nesting over {limit}")
    if members > 1:
        facts.add("several items")
        if members > 100:
            facts.add("over 100 members")
