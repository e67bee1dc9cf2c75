"""Facts of schema merges, beside the payload they act on."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Any

from driftcore.reference.schema import read_merges

_ALPHABET = frozenset(string.ascii_letters + string.digits + "+/=")


def merge_facts(payload: object, merges: object, of_text: bool) -> set[str]:
    """`of_text`: payload and merges are JSON texts."""
    if merges is None:
        return set()
    if not isinstance(merges, str if of_text else dict):
        return {"argument of a wrong type"}
    if isinstance(merges, str):
        merges = _read(merges)
        if merges is _UNREADABLE:
            return {"merges not JSON"}
    facts: set[str] = set()
    try:
        read_merges("merges", merges)
    except Exception:
        facts.add("wrong merges")
    if not isinstance(merges, Mapping):
        return facts
    if merges:
        facts.add("merges")
    value: Any = _read(payload) if of_text and isinstance(payload, str) else payload
    top = dict.copy(value) if issubclass(type(value), dict) else {}
    nested: set[object] | None = None
    for key, rule in merges.items():
        if isinstance(rule, Mapping):
            _rule(rule, top.get(key) if isinstance(key, str) else None, facts)
        if key not in top:
            facts.add("merge of an absent key")
            nested = _nested_keys(value) if nested is None else nested
            if key in nested:
                facts.add("merge on nested key")
    return facts


_UNREADABLE = object()


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _UNREADABLE


def _rule(rule: Mapping[object, object], value: object, facts: set[str]) -> None:
    for name, attribute in rule.items():
        if name == "match_importance":
            facts.add("merge: match_importance")
        elif name in ("encoding", "decoded_type") and attribute == 1:
            facts.add(f"merge: {name}")
        else:
            facts.add("merge: attribute")
    if rule.get("encoding") == 1 and isinstance(value, str):
        facts.add("base64")
        if not _ALPHABET.issuperset(value):
            facts.add("base64 with foreign characters")
        if sum(one in _ALPHABET for one in value) % 4:
            facts.add("base64 of wrong length")


def _nested_keys(value: Any) -> set[object]:
    """Keys of the objects below the top one, as they are: an object may tell others, or another class."""
    keys: set[object] = set()
    pending: list[Any] = list(dict.values(value)) if issubclass(type(value), dict) else [value]
    visited = 0
    while pending and visited < 100_000:
        item = pending.pop()
        visited += 1
        if issubclass(type(item), dict):
            keys.update(dict.keys(item))
            pending += dict.values(item)
        elif issubclass(type(item), list):
            pending += list.__iter__(item)
    return keys
