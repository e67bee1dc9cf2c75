"""A cluster's name for people: what the input has, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

from .compare import ASKED_AGAIN, CHANGED_ARGUMENTS, MEMORY, NO_WAY, PRINTED, REFERENCES, WARNED
from .signature import Signature

IMPLIED: Mapping[str, frozenset[str]] = {
    "int beyond 64 bits": frozenset({"int beyond 2**53"}),
    "int of u64": frozenset({"int beyond 2**53"}),
    "int beyond double range": frozenset({"int beyond 64 bits"}),
    "int of over 640 digits": frozenset({"int beyond double range", "int beyond 64 bits"}),
    "subnormal float": frozenset({"float in exponent form"}),
    "nesting over 100": frozenset({"nesting over 30"}),
    "nesting over 127": frozenset({"nesting over 30", "nesting over 100"}),
    "nesting over 200": frozenset({"nesting over 30", "nesting over 100", "nesting over 127"}),
    "nesting over 900": frozenset(f"nesting over {depth}" for depth in (30, 100, 127, 200)),
    "surrogates side by side": frozenset({"lone surrogate"}),
    "NUL": frozenset({"control character"}),
    "merge on nested key": frozenset({"merge of an absent key"}),
    "base64 with foreign characters": frozenset({"base64"}),
    "bytes not UTF-8": frozenset({"damaged bytes"}),
}
"""Facts a stronger one brings with it, left out of titles."""


def title(signature: Signature, facts: frozenset[str], place: str = "", steady: bool = True) -> str:
    """`float in exponent form: another hash`; what is known of the input first."""
    implied = frozenset().union(*(IMPLIED.get(fact, frozenset()) for fact in facts))
    named = sorted(facts - implied)
    what = " with ".join((named[0], ", ".join(named[1:]))) if len(named) > 1 else "".join(named)
    parts = [
        part for part in ("" if steady else "at times", what, place_of(signature) if place else "") if part
    ]
    return f"{', '.join(parts) or 'any input'}: {_becomes(signature)}"


def place_of(signature: Signature) -> str:
    """Where the values part, by names that many places share: `Struct` for each of a span's Structs."""
    names = [name for name in signature.path.split(".") if name not in ("$", "**", "spans")]
    if not names:
        return "" if signature.path == "$" else "normalized"
    return ".".join(_SHARED.get(name, name) for name in names)


_SHARED = {
    "normalized_json": "normalized",
    "decoded_json": "decoded",
    "schema_json": "schema",
    **dict.fromkeys(("input_schema", "output_schema"), "JsonSchema"),
    **dict.fromkeys(("input_value", "output_value", "metadata", "struct_bytes"), "Struct"),
}


def _becomes(signature: Signature) -> str:
    expected, actual = signature.outcomes
    if "crash" in (expected, actual):
        return signature.errors[1] or "crash"
    if actual == "hang":
        return "no end"
    if actual == "out of memory":
        return "more memory than it may have"
    if expected != actual:
        return f"refused with {error_class(signature.errors[1])}" if actual == "error" else "accepted"
    if signature.reason in _BESIDE:
        return _BESIDE[signature.reason]
    if signature.reason.startswith(ASKED_AGAIN):
        return "another answer when asked again"
    if expected == "error":
        return _errors(signature)
    if signature.reason == NO_WAY:
        return f"{signature.classes[0]} that cannot be compared"
    if signature.classes == ("digest", "digest"):
        return "another hash"
    if signature.classes[1].startswith("the same"):
        return signature.classes[1]
    if signature.classes[0] == signature.classes[1]:
        return f"another {signature.classes[0] or 'value'}"
    return f"{signature.classes[0]} becomes {signature.classes[1]}"


def _errors(signature: Signature) -> str:
    expected, actual = map(error_class, signature.errors)
    if expected != actual:
        return f"{actual} instead of {expected}"
    return f"{expected} with {_OTHER[signature.reason]}"


_BESIDE = {
    CHANGED_ARGUMENTS: "the argument is changed",
    REFERENCES: "references are not given back",
    MEMORY: "memory is not given back",
    PRINTED: "something else is printed",
    WARNED: "other warnings",
}


_OTHER = {
    "error message": "another message",
    "error position": "another position",
    "error arguments": "other arguments",
    "error attributes": "other attributes",
    "error notes": "other notes",
    "error suppresses context": "its context hidden on one side",
    "error cause": "another cause",
}


def error_class(text: str) -> str:
    """The bare name of the class that stands in a signature's `errors`, "" for none."""
    return text.partition(":")[0].rpartition(".")[2]
