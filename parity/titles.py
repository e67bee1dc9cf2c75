"""A cluster's name for people: what the input has, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping

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
    "empty text": frozenset({"not JSON"}),
}
"""Facts a stronger one brings with it, left out of titles."""


def title(signature: Signature, facts: frozenset[str], unsteady: bool = False) -> str:
    """`float in exponent form: another hash`; what is known of the input first."""
    implied = frozenset().union(*(IMPLIED.get(fact, frozenset()) for fact in facts))
    named = sorted(facts - implied)
    what = " with ".join((named[0], ", ".join(named[1:]))) if len(named) > 1 else "".join(named)
    if unsteady:
        what = "from run to run"
    return f"{what or _place(signature)}: {_becomes(signature, named_place=bool(what))}"


def _place(signature: Signature) -> str:
    """The place of the difference, without the marks of a path."""
    names = [name for name in signature.path.split(".") if name not in ("$", "**")]
    return ".".join(names) or "any input"


def _becomes(signature: Signature, named_place: bool) -> str:
    expected, actual = signature.outcomes
    if "crash" in (expected, actual):
        return signature.errors[1] or "crash"
    if actual == "hang":
        return "no end"
    if expected != actual:
        return f"refused with {_class(signature.errors[1])}" if actual == "error" else "accepted"
    if expected == "error":
        return _errors(signature)
    if signature.reason == "arguments after the call":
        return "the argument is changed"
    if signature.classes == ("digest", "digest"):
        return "another hash"
    if signature.classes[1].startswith("the same"):
        return signature.classes[1]
    where = f" in {_place(signature)}" if named_place and signature.path.count(".") else ""
    if signature.classes[0] == signature.classes[1]:
        return f"another {signature.classes[0] or 'value'}{where}"
    return f"{signature.classes[0]} becomes {signature.classes[1]}{where}"


def _errors(signature: Signature) -> str:
    expected, actual = (_class(text) for text in signature.errors)
    if expected != actual:
        return f"{actual} instead of {expected}"
    return f"{expected} with another {signature.reason.rpartition(' ')[2]}"


def _class(text: str) -> str:
    return text.partition(":")[0].rpartition(".")[2] or "an error"
