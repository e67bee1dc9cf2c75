"""The signature of a mismatch: what is alike in all mismatches of one fault, whatever the input.

It is what a reducer must not lose on its way, and the first half of a cluster's
identity.  So it names no keys, no indices, no numbers: a path keeps the name of the
result and of the protobuf fields, and `**` stands for any run of keys and indices,
none included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from .compare import CHANGED_ARGUMENTS, SAID, Difference, compare_values, first_difference
from .members import class_name
from .messages import RESULTS, Field, value_of
from .operations import Operation
from .outcome import Crash, Error, Hang, Outcome, OutOfMemory, Value
from .parting import part
from .values import value_class

LONGEST_PARSED = 5_000_000
"""Characters of a JSON result up to which its tree is looked at; a longer one goes by its text alone."""

LONGEST_MESSAGE = 70

_FIRST_NAME = re.compile(r"\w*")

Pair = tuple[str, str]

_SCHEMA_MEMBERS = frozenset({"type", "properties", "items", "encoding", "decoded_type", "match_importance"})
_TREES = frozenset({"Struct", "JsonSchema"})
_INNER = frozenset({"Struct", "Struct.Entry", "Value", "ListValue", "JsonSchema", "JsonSchema.Entry"})
_TEXT_RESULTS = frozenset({"normalized_json", "decoded_json", "schema_json"})


@dataclass(frozen=True)
class Signature:
    """What one mismatch has in common with others of its fault; each pair is (reference, candidate).

    `outcomes` are those of `outcome_kind`.  `reason` is the comparison's
    (`parity.compare.Difference`).  `types` and `classes` are of the values that
    part, "" where the outcomes do.  `errors` are the classes of the errors, "" for a value;
    with their messages, numbers and names left out, wherever the classes alone do not tell
    the two outcomes apart.
    """

    operation: str
    outcomes: Pair
    reason: str
    path: str
    types: Pair
    classes: Pair
    errors: Pair

    def to_json(self) -> dict[str, object]:
        """As a JSON object with the pairs as lists."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class _Place:
    """The part of a signature that values decide."""

    path: str
    types: Pair
    classes: Pair


def signature_of(
    operation: Operation, expected: Outcome, actual: Outcome, difference: Difference
) -> Signature:
    """The signature of a mismatch, from both outcomes and how they were found to differ."""
    place = _Place("$", ("", ""), ("", ""))
    if difference.reason == CHANGED_ARGUMENTS or difference.reason in SAID:
        place = _Place(_FIRST_NAME.match(difference.path).group(), ("", ""), ("", ""))  # type: ignore[union-attr]
    elif isinstance(expected, Value) and isinstance(actual, Value):
        place = _place(operation, difference)
    return Signature(
        operation=operation.name,
        outcomes=(outcome_kind(expected), outcome_kind(actual)),
        reason=difference.reason,
        path=place.path,
        types=place.types,
        classes=place.classes,
        errors=_errors(operation, expected, actual),
    )


def outcome_kind(outcome: Outcome) -> str:
    """`value`, `error`, `crash`, `hang`, `out of memory` or `no verdict`."""
    return _KINDS.get(type(outcome), "no verdict")


_KINDS: dict[type, str] = {
    Value: "value",
    Error: "error",
    Crash: "crash",
    Hang: "hang",
    OutOfMemory: "out of memory",
}


# ---- errors ------------------------------------------------------------------


def _errors(operation: Operation, expected: Outcome, actual: Outcome) -> Pair:
    """Classes where they differ.  Of two errors of one class the reference's message says which is meant."""
    if not isinstance(expected, Error) or not isinstance(actual, Error):
        return _error(operation, expected), _error(operation, actual)
    if expected.kind != actual.kind:
        return expected.kind, actual.kind
    return _error(operation, expected), actual.kind


def _error(operation: Operation, outcome: Outcome) -> str:
    if isinstance(outcome, Error):
        return f"{outcome.kind}: {message_pattern(operation, outcome.message)}"
    return str(outcome) if isinstance(outcome, Crash) else ""


def message_pattern(operation: Operation, message: str) -> str:
    """A message without what comes from the input: quoted parts, numbers, names of arguments and types."""
    message = message[: 4 * LONGEST_MESSAGE]
    message = re.sub(r"(?<!\w)(?:'[^']*'|\"[^\"]*\"|`[^`]*`)", "'…'", message)
    message = re.sub(r"characters? ('…' )?in position \d+(-\d+)?", "characters at N", message)
    message = _argument_names(operation).sub("ARGUMENT", message)
    message = re.sub(r"must be .*, not [^\W\d]\w*$", "must be …", message)
    message = re.sub(r"-?\d+(\.\d+)?", "N", message)
    return message[:LONGEST_MESSAGE]


@lru_cache(maxsize=16)
def _argument_names(operation: Operation) -> re.Pattern[str]:
    names = sorted(operation.arguments, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(names)})\b(\['…'\]|\[\d+\])*")


# ---- values ------------------------------------------------------------------


def _place(operation: Operation, difference: Difference) -> _Place:
    result = _result_name(operation, difference.path)
    root = f"$.{result}" if result else "$"
    expected, actual = difference.expected, difference.actual
    message = RESULTS.get((operation.name, result))
    if message is not None and type(expected) is bytes and type(actual) is bytes:
        return _bytes_place(root, message, expected, actual)
    is_text = result in _TEXT_RESULTS or operation.name == "normalize_json"
    if is_text and type(expected) is str and type(actual) is str:
        return _text_place(root, expected, actual)
    return _tree_place(root, difference)


def _result_name(operation: Operation, path: str) -> str:
    """The member of a tuple result that a path leads to, "" where the result is a single value."""
    name = re.match(r"\$\.(\w+)", path)
    return name.group(1) if name and name.group(1) in operation.results else ""


def _tree_place(root: str, difference: Difference) -> _Place:
    """A difference inside a tree, or between two values that are no JSON text."""
    expected, actual = difference.expected, difference.actual
    types = class_name(type(expected)), class_name(type(actual))
    inner = difference.path[len(root) :]
    path = root
    if root in ("$.normalized", "$.schema"):
        path = f"{root}.**"
        last = inner.rpartition(".")[2]
        if root == "$.schema" and last.partition(" ")[0] in _SCHEMA_MEMBERS:
            path = f"{root}.**.{last.partition(' ')[0]}"
    return _Place(path, types, _classes(difference.reason, expected, actual))


def _classes(reason: str, expected: object, actual: object) -> Pair:
    if reason == "key order":
        return "keys", "the same keys in another order"
    counts = _count(expected), _count(actual)
    if reason in _COUNTED and min(counts) >= 0:
        return _COUNTED[reason], _how_many(*counts, _COUNTED[reason])
    return value_class(expected), value_class(actual)


_COUNTED = {"keys": "keys", "length": "items", "members": "members", "attributes": "attributes"}
"""What there is more or less of, by the reason of a difference."""


def _count(value: object) -> int:
    """How much a plain container holds; -1 for anything else."""
    plain = type(value) is list or type(value) is tuple or type(value) is dict
    return len(value) if plain else -1  # type: ignore[arg-type]


def _how_many(expected: int, actual: int, what: str) -> str:
    if expected == actual:
        return f"other {what}"
    return f"{'fewer' if actual < expected else 'more'} {what}"


def _text_place(root: str, expected: str, actual: str) -> _Place:
    """A difference between two JSON texts: that of their trees, or of spelling alone."""
    path, texts = f"{root}.**", ("str", "str")
    if max(len(expected), len(actual)) > LONGEST_PARSED:
        return _Place(path, texts, ("long text", "long text"))
    try:
        left, right = json.loads(expected), json.loads(actual)
    except (ValueError, RecursionError):
        return _Place(path, texts, ("JSON text", "text that cannot be read"))
    difference = compare_values(left, right)
    if difference is None:
        spelled = value_class(_token(expected, first_difference(expected, actual)))
        return _Place(path, texts, (spelled, "the same, spelled otherwise"))
    if root == "$.schema_json":
        return _tree_place("$.schema", difference)
    place = _tree_place(root, difference)
    return _Place(path, place.types, place.classes)


def _token(text: str, at: int) -> object:
    """The scalar that stands at an offset of a JSON text, or the text's own character there."""
    start = max(text.rfind(mark, 0, at) for mark in ",:[{") + 1
    found = re.match(r"[^,\]}]*", text[start:])
    try:
        return json.loads(found.group() if found else "")
    except ValueError:
        return text[at : at + 1]


# ---- protobuf ----------------------------------------------------------------


def _bytes_place(root: str, message: str, expected: bytes, actual: bytes) -> _Place:
    """The fields that part.  Where a field is missing on one side, that is what the classes say."""
    parting = part(expected, actual, message)
    path = _wild(root, message, parting.way)
    left, right = parting.expected, parting.actual
    if parting.reordered:
        return _Place(path, ("", ""), ("fields", "the same fields in another order"))
    if left is not None and right is not None and left.number == right.number:
        one, other = value_of(expected, left), value_of(actual, right)
        return _Place(path, (type(one).__name__, type(other).__name__), _field_classes(one, other))
    if left is not None and right is not None:
        return _Place(path, ("", ""), ("field", "another field"))
    return _Place(path, ("", ""), (_presence(left), _presence(right)))


def _presence(field: Field | None) -> str:
    if field is None:
        return "absent"
    return "present" if field.end > field.content else "present and empty"


def _field_classes(expected: object, actual: object) -> Pair:
    """Where the values are the same, the fields part in how they are written: tag, length, padding."""
    same = compare_values(expected, actual) is None
    return value_class(expected), "the same, written otherwise" if same else value_class(actual)


def _wild(root: str, message: str, way: Sequence[Field]) -> str:
    """The way by names, `**` for everything between a Struct or schema and the scalar in it."""
    names, inside = [root], message in _TREES
    if inside:
        names.append("**")
    for number, field in enumerate(way):
        if not inside:
            names.append(field.name)
            if field.kind in _TREES:
                inside = True
                names.append("**")
        elif number == len(way) - 1 and field.kind not in _INNER:
            names.append(field.name)
    return ".".join(names)
