"""Schema merges as JSON text, the payload values they act on, and both in their many wrong forms."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from .limits import UTF8_FAULTS
from .pools import MALFORMED
from .source import Source
from .strings import quoted

ENCODINGS = ("1", "1", "1", "0", "null", "-0")
WRONG_ENCODINGS = ("2", "-1", "1.0", "1e0", "true", "false", '"1"', "[]", "{}", "18446744073709551617", "NaN")
DECODED_TYPES = ("1", "1", "1", "0", "null", *(str(number) for number in range(2, 25)))
WRONG_DECODED_TYPES = ("25", "-1", "1.0", "true", "false", '"JSON"', "[1]", "4294967297", "Infinity")
IMPORTANCES = (
    "0", "1", "0.5", "1.0", "-0.0", "-3", "5e-324", "1e16", "1e-5", "0.1", "9007199254740993", "null",
    "1e308",
)  # fmt: skip
WRONG_IMPORTANCES = ("NaN", "Infinity", "-Infinity", "1e400", "true", "false", '"1"', "[]", "1" + "0" * 309)
WRONG_RULES = ("null", "1", "true", '"base64"', "[]", '[{"encoding":1}]')
WRONG_MERGES = ("null", "[]", "1", "true", '"id"', "[{}]", '[["id",{"encoding":1}]]', "NaN")

FOREIGN = (" ", "\n", "\r\n", "-", "_", ".", "é", "=", "==", "\x00", "😀", "!", "\ud800")


def rule_text(source: Source, wrong: bool = False) -> str:
    """One rule, `{encoding, decoded_type, match_importance}` or part of it; `wrong`: one of them invalid."""
    spoiled = source.below(3) if wrong else None
    members = []
    for number, (name, right, bad) in enumerate(
        (
            ("encoding", ENCODINGS, WRONG_ENCODINGS),
            ("decoded_type", DECODED_TYPES, WRONG_DECODED_TYPES),
            ("match_importance", IMPORTANCES, WRONG_IMPORTANCES),
        )
    ):
        if number == spoiled:
            members.append(f'"{name}":{source.pick(bad)}')
        elif not source.chance(3):
            members.append(f'"{name}":{source.pick(right)}')
    if source.chance(16):
        members.append('"comment":"not an attribute"')
    if source.chance(16):
        members.reverse()
    return f"{{{','.join(members)}}}"


def merges_text(source: Source, keys: Sequence[str], wrong: bool = False) -> str:
    """Merges for some of `keys` (quoted), at times for one the payload lacks; `wrong`: one is invalid."""
    spoiled = source.below(len(keys)) if wrong and keys else None
    members = []
    for number, key in enumerate(keys):
        if number == spoiled:
            rule = source.pick(WRONG_RULES) if source.chance(3) else rule_text(source, wrong=True)
            members.append(f"{key}:{rule}")
        elif not source.chance(4):
            members.append(f"{key}:{rule_text(source)}")
    if source.chance(6):
        members.append(f'"absent":{rule_text(source)}')
    return f"{{{','.join(members)}}}"


def base64_text(source: Source, content: bytes) -> str:
    """Base64 of some bytes: clean, or as careless writers and old line-breaking encoders leave it."""
    clean = base64.b64encode(content).decode("ascii")
    kind = source.below(8)
    if kind < 3:
        return clean
    if kind == 3:
        return clean.rstrip("=")
    if kind == 4:
        return clean + base64.b64encode(source.bits(24).to_bytes(3, "big")).decode("ascii")
    if kind == 5:
        return clean.replace("+", "-").replace("/", "_")
    at = source.below(len(clean) + 1)
    if kind == 6:
        return clean[:at] + source.pick(FOREIGN) + clean[at:]
    return clean[:at]


def content_bytes(source: Source, text: str) -> bytes:
    """What a base64 value holds: a text's UTF-8, at times with bytes that are not UTF-8 in it."""
    content = text.encode("utf-8", "surrogatepass")
    if source.chance(4):
        at = source.below(len(content) + 1)
        content = content[:at] + source.pick(UTF8_FAULTS) + content[at:]
    return content


def encoded_value(source: Source, inner: str) -> str:
    """A payload value, as a literal, that a merge may decode into `inner` or fail to."""
    kind = source.below(6)
    if kind < 3:
        return quoted(base64_text(source, content_bytes(source, inner)))
    if kind == 3:
        return quoted(inner)
    if kind == 4:
        return quoted(source.pick(MALFORMED))
    return quoted(base64_text(source, source.pick(MALFORMED).encode("utf-8", "surrogatepass")))
