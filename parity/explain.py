"""The first difference of a mismatch, told across layers: tree, text, protobuf bytes, hash stage.

Everything is data, labelled rows that a renderer puts on a screen or a page; nothing here
is needed to decide whether two outcomes differ.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from driftcore.reference.digest import hash_value

from . import show
from .compare import CHANGED_ARGUMENTS, SAID, Difference, compare_values, first_difference, identical
from .meaning import compare_protobuf_meaning
from .messages import RESULTS, Field, value_of
from .operations import Operation
from .outcome import Error, Outcome, Value
from .parting import Step, part
from .streams import plain_stream

AROUND = 30
"""Characters or bytes shown on each side of the place where two texts part."""


@dataclass(frozen=True)
class Row:
    """One thing said of both sides; what is said of neither alone has `actual` empty."""

    label: str
    expected: str
    actual: str = ""


@dataclass(frozen=True)
class Layer:
    """A difference seen in one way: outcome, error, value, text, protobuf, hash, arguments or said."""

    name: str
    rows: tuple[Row, ...]


def explain(
    operation: Operation, expected: Outcome, actual: Outcome, difference: Difference
) -> tuple[Layer, ...]:
    """The layers in which a mismatch shows, the plainest first."""
    if difference.reason == CHANGED_ARGUMENTS:
        return (Layer("arguments", _window(difference)),)
    if difference.reason in SAID:
        return (Layer("said", _window(difference)),)
    if isinstance(expected, Error) and isinstance(actual, Error):
        return (Layer("error", _errors(expected, actual, difference)),)
    if not isinstance(expected, Value) or not isinstance(actual, Value):
        return (Layer("outcome", (Row("outcome", show.typed(expected), show.typed(actual)),)),)
    layers = [_value(difference)]
    result = _result(operation, difference)
    one, other = difference.expected, difference.actual
    if type(one) is str and type(other) is str:
        layers.append(Layer("text", _window(difference)))
        layers += _tree_of_texts(one, other)
    message = RESULTS.get((operation.name, result))
    if message is not None and type(one) is bytes and type(other) is bytes:
        layers.append(_protobuf(one, other, message))
    hashes = _hashes(operation, expected.value, actual.value)
    if hashes:
        layers.append(Layer("hash", hashes))
    return tuple(layers)


def _result(operation: Operation, difference: Difference) -> str:
    name = difference.path[2:].partition(" ")[0].partition(".")[0].partition("[")[0]
    return name if name in operation.results else ""


def _value(difference: Difference) -> Layer:
    sides = (show.typed(difference.expected, difference.at), show.typed(difference.actual, difference.at))
    return Layer("value", (Row("path", difference.path), Row(difference.reason, *sides)))


def _errors(expected: Error, actual: Error, difference: Difference) -> tuple[Row, ...]:
    rows = [
        Row("class", expected.kind, actual.kind),
        Row("message", expected.message, actual.message),
        Row("position", str(expected.position), str(actual.position)),
        Row(
            "arguments",
            show.shortened(show.full(expected.arguments)),
            show.shortened(show.full(actual.arguments)),
        ),
    ]
    if difference.path != "$" or difference.reason == "error suppresses context":
        sides = show.typed(difference.expected, difference.at), show.typed(difference.actual, difference.at)
        rows += (Row("path", difference.path), Row(difference.reason, *sides))
    elif expected.kind == actual.kind and expected.of is not actual.of:
        rows.append(Row("class", f"{expected.kind}, one class", f"{actual.kind}, another of this name"))
    return tuple(row for row in rows if row.expected != row.actual)


# ---- texts -------------------------------------------------------------------


def _window(difference: Difference) -> tuple[Row, ...]:
    """Both texts around the place, and a caret under it; half surrogates and blanks as escapes."""
    one, other, at = difference.expected, difference.actual, difference.at
    if type(one) is not str or type(other) is not str or at is None:
        return (Row(difference.path, show.typed(one, at), show.typed(other, at)),)
    start = max(0, at - AROUND)
    before = _escaped(one[start:at])
    windows = [before + _escaped(text[at : at + AROUND]) for text in (one, other)]
    caret = " " * len(before) + "^"
    return (Row(f"offset {at}", *windows), Row("", caret, caret))


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text


def _tree_of_texts(one: str, other: str) -> list[Layer]:
    """Where the values of two JSON texts part, or that they do not."""
    try:
        difference = compare_values(json.loads(one), json.loads(other))
    except (ValueError, RecursionError):
        return []
    if difference is None:
        return [Layer("value", (Row("JSON value", "the same: only the spelling differs"),))]
    sides = show.typed(difference.expected), show.typed(difference.actual)
    return [Layer("value", (Row("JSON path", difference.path), Row(difference.reason, *sides)))]


# ---- protobuf ----------------------------------------------------------------


def _protobuf(expected: bytes, actual: bytes, message: str) -> Layer:
    parting = part(expected, actual, message)
    rows = [
        Row(
            "field",
            _place(parting.expected_steps, parting.expected),
            _place(parting.actual_steps, parting.actual),
        ),
    ]
    if parting.reordered:
        rows.append(Row("order", "the same fields in another order"))
    else:
        rows.append(Row("content", _content(expected, parting.expected), _content(actual, parting.actual)))
    at = first_difference(expected, actual)
    rows.append(Row(f"byte {at}", _hex(expected, at), _hex(actual, at)))
    rows.append(
        Row("meaning", "the same" if compare_protobuf_meaning(expected, actual, message) else "another")
    )
    return Layer("protobuf", tuple(rows))


def _place(steps: Sequence[Step], field: Field | None) -> str:
    way = ".".join(("$", *map(str, steps)))
    return f"{way} at byte {field.start}" if field is not None else f"nothing more in {way}"


def _content(data: bytes, field: Field | None) -> str:
    return "absent" if field is None else show.typed(value_of(data, field))


def _hex(data: bytes, at: int) -> str:
    start = max(0, at - 8)
    return f"{data[start:at].hex(' ')} | {data[at : at + 8].hex(' ')}".strip()


# ---- hashes ------------------------------------------------------------------

_STAGES = {"value_hash": "value", "schema_hash": "schema"}


def _hashes(operation: Operation, expected: Any, actual: Any) -> tuple[Row, ...]:
    """Which digest differs, and whether what was hashed differs too, as far as the results show it."""
    if not operation.results:
        if operation.name != "deterministic_hash":
            return ()
        return (
            Row("digest", _text(expected), _text(actual)),
            Row("hashed", "the operation returns the digest alone"),
        )
    if type(expected) is not tuple or type(actual) is not tuple or len(expected) != len(actual):
        return ()
    left, right = dict(zip(operation.results, expected)), dict(zip(operation.results, actual))
    rows: list[Row] = []
    for name, stage in _STAGES.items():
        if name not in left or name not in right or identical(left[name], right[name]):
            continue
        rows.append(Row(f"{stage} hash", _text(left[name]), _text(right[name])))
        rows.append(_hashed(stage, left, right))
    return tuple(rows)


def _hashed(stage: str, left: dict[str, Any], right: dict[str, Any]) -> Row:
    """What the digest of a stage was made of on both sides, and which digest the contract gives it."""
    names = {"value": ("decoded_json", "normalized_json"), "schema": ("schema_json", "schema")}[stage]
    name = next((one for one in names if one in left), None)
    if name is None:
        return Row("hashed", "the operation does not return what it hashed")
    same = compare_values(left[name], right[name]) is None
    texts = "the same on both sides" if same else "not the same on both sides"
    return Row(f"hashed {name}", texts, f"right digest of the candidate's own: {_digest(right[name])}")


def _text(digest: object) -> str:
    return digest if type(digest) is str else show.typed(digest)


def _digest(hashed: Any) -> str:
    if plain_stream(hashed) is None:
        return f"none, {show.typed(hashed)}"
    try:
        return hash_value(json.loads(hashed) if isinstance(hashed, str) else hashed)
    except (ValueError, RecursionError, TypeError) as error:
        return f"none, {type(error).__name__}"
