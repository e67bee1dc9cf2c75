"""Faults between calls: what is remembered, kept, changed or counted on."""

from __future__ import annotations

from typing import Any

from .base import Function, Liar, Twist

PROCESS = "process_export_payload_pyobject"


def _remembers_by_length(honest: Function) -> Function:
    """A cache whose key is too weak: the length of the text."""
    remembered: dict[int, str] = {}

    def normalize(payload_json: Any) -> Any:
        answer = honest(payload_json)
        if len(payload_json) < 32:
            return answer
        return remembered.setdefault(len(payload_json), answer)

    return normalize


def _right_once(honest: Function) -> Function:
    """State that is not put back: from the second call on an empty object is an empty array."""
    called = False

    def normalize(payload_json: Any) -> Any:
        nonlocal called
        answer = honest(payload_json)
        if called and answer == "{}":
            return "[]"
        called = True
        return answer

    return normalize


def _alternates(honest: Function) -> Function:
    """Every second answer to any text with a tab in it is without its tabs."""
    count = 0

    def normalize(payload_json: Any) -> Any:
        nonlocal count
        answer = honest(payload_json)
        if "\\t" not in answer:
            return answer
        count += 1
        return answer if count % 2 else answer.replace("\\t", " ")

    return normalize


def _moves_first_key(honest: Function) -> Function:
    def process(payload: Any, merges: Any) -> Any:
        answer = honest(payload, merges)
        if type(payload) is dict and len(payload) > 1:
            key = next(iter(payload))
            payload[key] = payload.pop(key)
        return answer

    return process


def _stands_deep(honest: Function) -> Function:
    def normalize(payload_json: Any, calls: int = 40) -> Any:
        return normalize(payload_json, calls - 1) if calls else honest(payload_json)

    return normalize


def _keeps_arguments(honest: Function) -> Function:
    kept: list[Any] = []

    def process(payload: Any, merges: Any) -> Any:
        answer = honest(payload, merges)
        if type(payload) is dict:
            kept.append(payload)
        return answer

    return process


def _keeps_memory(honest: Function) -> Function:
    kept: list[Any] = []

    def normalize(payload_json: Any) -> Any:
        answer = honest(payload_json)
        kept.append(bytearray(100))
        return answer

    return normalize


def _liar(
    name: str,
    about: str,
    fault: str,
    twist: Twist,
    minimum: str,
    of: str = "normalize_json",
    **limits: int,
) -> Liar:
    return Liar(name, about, fault, {of: twist}, minimum, **limits)


LIARS = (
    _liar(
        "remembers-by-length",
        "answers with what it said of an earlier text of the same length",
        "state",
        _remembers_by_length,
        "",
    ),
    _liar(
        "right-once",
        "is wrong about {} from the second call on",
        "state",
        _right_once,
        "payload_json='{}'",
        causes=2,
    ),
    _liar(
        "alternates",
        "loses tabs in every second answer",
        "state",
        _alternates,
        "payload_json='\"\\\\u0009\"'",
    ),
    _liar(
        "stands-deep",
        "takes forty calls more than the reference",
        "recursion",
        _stands_deep,
        "",
        causes=3,
    ),
    _liar(
        "changes-its-argument",
        "leaves the caller's own dict in another order",
        "arguments",
        _moves_first_key,
        "payload={'a': 0, 'b': 0}, schema_merges=None",
        of=PROCESS,
    ),
    _liar(
        "keeps-its-argument",
        "never lets go of the objects it was given",
        "references",
        _keeps_arguments,
        "payload={'a': 0}, schema_merges=None",
        within=4000,
        of=PROCESS,
    ),
    _liar(
        "keeps-memory",
        "keeps a block of memory at each call",
        "memory",
        _keeps_memory,
        "payload_json='0'",
    ),
)
