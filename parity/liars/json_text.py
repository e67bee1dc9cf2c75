"""Faults of reading and writing JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .base import Function, Liar, Twist, on_answer

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _rewritten(**hooks: Any) -> Twist:
    """Reads with other hooks than the reference does, and writes as it does."""

    def twist(honest: Function) -> Function:
        def normalize(payload_json: str) -> str:
            honest(payload_json)  # whatever it refuses is refused as it does
            value = json.loads(payload_json, **hooks)
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

        return normalize

    return twist


def _outside_strings(change: Callable[[str], str]) -> Twist:
    """Changes what is written between string literals."""

    def rewrite(text: str) -> str:
        out: list[str] = []
        at = 0
        for literal in _STRING.finditer(text):
            out += (change(text[at : literal.start()]), literal.group())
            at = literal.end()
        return "".join((*out, change(text[at:])))

    return on_answer(rewrite)


def _last_position(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        out.pop(key, None)
        out[key] = value
    return out


def _first_value(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        out.setdefault(key, value)
    return out


def _through_double(limit: int) -> Callable[[str], Any]:
    def read(digits: str) -> Any:
        number = int(digits)
        try:
            return number if abs(number) <= limit else int(float(number))
        except OverflowError:
            return number

    return read


def _float_beyond_64_bits(digits: str) -> Any:
    number = int(digits)
    try:
        return number if -(2**63) <= number < 2**64 else float(number)
    except OverflowError:
        return number


def _seventeen(found: re.Match[str]) -> str:
    digits = f"{float(found.group()):.17g}"
    return digits if "." in digits else found.group()


def _keep_negative_zero(honest: Function) -> Function:
    mark = 7**77
    rewrite = _rewritten(parse_int=lambda digits: mark if digits == "-0" else int(digits))(honest)
    return lambda payload_json: rewrite(payload_json).replace(str(mark), "-0")


def _liar(name: str, about: str, fault: str, twist: Twist, minimum: str, **limits: int) -> Liar:
    return Liar(name, about, fault, {"normalize_json": twist}, minimum, **limits)


LIARS = (
    _liar(
        "exponent-without-plus",
        "writes 1e16 where Python writes 1e+16",
        "float text",
        _outside_strings(lambda text: text.replace("e+", "e")),
        "payload_json='9999999999999999.0'",
    ),
    _liar(
        "exponent-one-digit",
        "writes 1e-5 where Python writes 1e-05",
        "float text",
        _outside_strings(lambda text: re.sub(r"e-0(\d)\b", r"e-\1", text)),
        "payload_json='0.00001'",
    ),
    _liar(
        "exponent-from-17",
        "writes 1e16 out in full, as if exponents began at 1e17",
        "float text",
        _outside_strings(lambda text: re.sub(r"\b1e\+16\b", "10000000000000000.0", text)),
        "payload_json='9999999999999999.0'",
    ),
    _liar(
        "seventeen-digits",
        "writes floats with 17 digits where fewer read back the same",
        "float text",
        _outside_strings(lambda text: re.sub(r"-?\d+\.\d+(?![\de])", _seventeen, text)),
        "payload_json='0.1'",
    ),
    _liar(
        "integral-floats-as-ints",
        "writes 1 where Python writes 1.0",
        "float text",
        _outside_strings(lambda text: re.sub(r"(?<!-0)(?<=\d)\.0(?![\de])", "", text)),
        "payload_json='0.0'",
    ),
    _liar(
        "lost-sign-of-zero",
        "writes 0.0 for -0.0",
        "float text",
        _outside_strings(lambda text: re.sub(r"-0\.0(?![\de])", "0.0", text)),
        "payload_json='-0.0'",
    ),
    _liar(
        "kept-sign-of-int-zero",
        "writes -0 for the int -0",
        "int text",
        _keep_negative_zero,
        "payload_json='-0'",
        within=6000,
    ),
    _liar(
        "rounded-beyond-2-53",
        "reads ints beyond 2**53 through a double",
        "int text",
        _rewritten(parse_int=_through_double(2**53)),
        "payload_json='9007199254740993'",
    ),
    _liar(
        "float-beyond-64-bits",
        "reads ints outside 64 bits as floats",
        "int text",
        _rewritten(parse_int=_float_beyond_64_bits),
        "payload_json='18446744073709551616'",
    ),
    _liar(
        "nan-as-null",
        "writes null for NaN",
        "constants",
        _outside_strings(lambda text: text.replace("NaN", "null")),
        "payload_json='NaN'",
        within=10_000,
    ),
    _liar(
        "infinity-as-number",
        "writes 1e999 for Infinity",
        "constants",
        _outside_strings(lambda text: text.replace("Infinity", "1e999")),
        "payload_json='Infinity'",
    ),
    _liar(
        "sorted-keys",
        "writes keys in code-point order",
        "key order",
        _rewritten(object_pairs_hook=lambda pairs: dict(sorted(dict(pairs).items()))),
        'payload_json=\'{"b":0,"a":0}\'',
    ),
    _liar(
        "repeated-key-moves",
        "puts a repeated key where it stood last",
        "key order",
        _rewritten(object_pairs_hook=_last_position),
        'payload_json=\'{"a":0,"b":0,"a":0}\'',
    ),
    _liar(
        "repeated-key-keeps-value",
        "keeps the first value of a repeated key",
        "repeated keys",
        _rewritten(object_pairs_hook=_first_value),
        'payload_json=\'{"a":0,"a":8}\'',
        causes=2,
    ),
    _liar(
        "dropped-empty-key",
        'leaves out members whose key is ""',
        "members",
        _rewritten(object_pairs_hook=lambda pairs: {key: value for key, value in pairs if key}),
        "payload_json='{\"\":0}'",
    ),
    _liar(
        "raw-unit-separator",
        "escapes control characters below 0x1f only: off by one",
        "escapes",
        on_answer(lambda text: text.replace("\\u001f", "\x1f")),
        "payload_json='\"\\\\u001f\"'",
    ),
    _liar(
        "escaped-delete",
        "escapes U+007F, which JSON does not ask for",
        "escapes",
        on_answer(lambda text: text.replace("\x7f", "\\u007f")),
        "payload_json='\"\\x7f\"'",
    ),
    _liar(
        "escaped-solidus",
        "writes \\/ for /",
        "escapes",
        on_answer(lambda text: text.replace("/", "\\/")),
        "payload_json='{\"/\":0}'",
        causes=2,
    ),
    _liar(
        "long-form-escapes",
        "writes \\u0008 for \\b",
        "escapes",
        on_answer(lambda text: re.sub(r"(?<!\\)((?:\\\\)*)\\b", r"\1\\u0008", text)),
        "payload_json='\"\\\\u0008\"'",
    ),
    _liar(
        "escaped-astral",
        "escapes characters outside the Basic Multilingual Plane as a pair of surrogates",
        "escapes",
        on_answer(
            lambda text: re.sub(
                "[\U00010000-\U0010ffff]", lambda found: json.dumps(found.group())[1:-1], text
            )
        ),
        "payload_json='{\"\\U0010ffff\":0}'",
    ),
    _liar(
        "replaced-surrogates",
        "writes U+FFFD for half a surrogate pair",
        "surrogates",
        on_answer(lambda text: re.sub("[\ud800-\udfff]", "\ufffd", text)),
        "payload_json='\"\\ud800\"'",
    ),
    _liar(
        "composed-characters",
        "normalises text to NFC",
        "characters",
        on_answer(lambda text: text.replace("e\u0301", "é")),
        "payload_json='\"é\"'",
        causes=2,
    ),
)
