"""Keys that begin alike: names that agree in their first 7 to 129 bytes and part behind them, or end there.

Whatever compares keys (sorting, repeated keys, merges with members, a row with the row before, names of
attributes) may go by words or registers, and has to notice the byte behind any of them.  How much is in
common comes in turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...operations import Takes
from ..encoded import Schema, inferred
from ..limits import COMMON_LENGTHS
from ..merge_rules import encoded_value, rule_text
from ..numbers import everyday_number
from ..source import Source
from ..strings import escaped, everyday_string, quoted
from ..values import Arguments, JsonValue, copies, read
from .base import PAYLOAD, Makers, Profile, bare_span, payload_makers

_STEMS = ("k", "é", "key_", "中")
_TWINS = ("ab", "ba", "é\u00ea", "~A", "\x00a")
"""Ends of the same length: one of a member, the other of a key that merges alone have."""

_ENDS = ("a", "b", "", "ab", "ba", "a" * 8, "aaaaaaab", "é", "ê", "\x00", "~", "A", "a" * 33, "a" * 32 + "b")
_MANY = (17, 25, 26, 33, 65)
_ATTRIBUTES = ("type", "properties", "items", "encoding", "decoded_type", "match_importance")
_INNER = ('{"a":1}', "[1]", "12.5", '"text"', "null", '{"a":[{}],"b":"c"}')
_WRONG: tuple[JsonValue, ...] = (1, {}, {"a": {"type": 2}}, 0.5)


def _make(source: Source) -> Makers:
    shared = _shared(source)
    member, other = (shared + end for end in source.pick(_TWINS))
    names = _names(source, shared, member)
    payload = _payload(source, [name for name in names if name != other])
    merges = _merges(source, [other, *(names[1:] if source.chance(2) else names)])
    return {
        **payload_makers(payload, merges),
        Takes.SPAN: copies(_span(source, read(payload), read(_object(source, names, 0)))),
    }


def _shared(source: Source) -> str:
    """A text of so many bytes, of one character or of several."""
    common = COMMON_LENGTHS[source.turn(len(COMMON_LENGTHS))]
    stem = source.pick(_STEMS)
    shared = stem * (common // len(stem.encode()))
    return shared + "x" * (common - len(shared.encode()))


def _names(source: Source, shared: str, first: str) -> list[str]:
    """Distinct names that begin with a text, and some that part from it at its last character."""
    names = [first]
    while source.more(4):
        start = shared[:-1] if source.chance(4) else shared
        name = start + source.pick(_ENDS)
        if name not in names:
            names.append(name)
    return names


# ---- payloads and merges ----------------------------------------------------------


def _payload(source: Source, names: Sequence[str]) -> str:
    kind = source.below(12)
    if kind < 6:
        return _object(source, names, 1)
    return _rows(source, names) if kind < 11 or not names else _numbered(source, names[0])


def _object(source: Source, names: Sequence[str], depth: int) -> str:
    """At times a name that is there once more, at times one spelled in escapes."""
    again = [source.pick(names)] if names and source.chance(4) else []
    members = []
    for name in (*names, *again):
        key = f'"{escaped(name)}"' if source.chance(16) else quoted(name)
        members.append(f"{key}:{_value(source, names, depth)}")
    return f"{{{','.join(members)}}}"


def _value(source: Source, names: Sequence[str], depth: int) -> str:
    kind = source.below(8)
    if kind < 2:
        return everyday_number(source)
    if kind == 2:
        return quoted(source.pick(names)) if names else everyday_string(source)
    if kind < 6 or depth == 0:
        return encoded_value(source, source.pick(_INNER))
    return _object(source, names[::-1], 0) if kind == 6 else _rows(source, names)


def _rows(source: Source, names: Sequence[str]) -> str:
    """Rows with the same keys, but for one that has another in its place, or two in each other's."""
    if names:
        names = [*names[:3], *(names[0][:-1] + end for end in source.pick(("pq", "qp")))]
    rows = [list(names)]
    while source.more(2):
        rows.append(_varied(source, names) if names and source.chance(2) else list(names))
    members = (",".join(f"{quoted(key)}:{everyday_number(source)}" for key in keys) for keys in rows)
    return f"[{','.join(f'{{{row}}}' for row in members)}]"


def _varied(source: Source, names: Sequence[str]) -> list[str]:
    keys = list(names)
    at, kind = source.below(len(keys)), source.below(6)
    if kind == 0:
        keys[at] = keys[at][:-1] + source.pick("abc")
    elif kind == 1:
        keys[at] += source.pick("ab")
    elif kind == 2:
        keys.append(keys.pop(at))
    else:  # in each other's places stand those that are as long
        as_long = [other for other, key in enumerate(keys) if len(key.encode()) == len(keys[at].encode())]
        other = as_long[(as_long.index(at) + 1) % len(as_long)]
        keys[at], keys[other] = keys[other], keys[at]
    return keys


def _numbered(source: Source, name: str) -> str:
    """More members than insertion sort takes, in no order."""
    count = source.pick(_MANY)
    return f"{{{','.join(f'{quoted(name + str(at * 29 % 71))}:{at % 10}' for at in range(count))}}}"


def _merges(source: Source, names: Sequence[str]) -> str | None:
    """Rules for most of the names, not all of which are members; at times with near attributes in them."""
    if source.below(8) == 0:
        return None
    near = f"{quoted(_near(source))}:{source.below(2)}" if source.chance(4) else ""
    rules = []
    for name in names:
        if not source.chance(4):
            attributes = (near, rule_text(source)[1:-1])
            rules.append(f"{quoted(name)}:{{{','.join(filter(None, attributes))}}}")
    return f"{{{','.join(rules)}}}"


def _near(source: Source) -> str:
    """A name that is not quite an attribute's."""
    name = source.pick(_ATTRIBUTES)
    exchanged = name[:-1] + chr(ord(name[-1]) + 1), chr(ord(name[0]) + 1) + name[1:]
    return source.pick((name + "s", name[:-1], *exchanged))


# ---- spans ------------------------------------------------------------------------


def _span(source: Source, value: JsonValue, metadata: JsonValue) -> Arguments:
    """A span with hardly more than a value, metadata and schemas, whose keys are alike."""
    output = _schema(source, metadata) if source.chance(2) else {}
    kept = metadata if source.below(4) else None
    return bare_span(
        input_schema=_schema(source, value),
        output_schema=output,
        is_root_span=False,
        metadata=kept,
        input_value=value,
    )


def _schema(source: Source, value: JsonValue) -> Schema:
    """The schema of a value; at times with a near attribute before the right ones or behind them."""
    schema = inferred(value)
    if not source.chance(2):
        return schema
    wrong: Schema = {_near(source): source.pick(_WRONG)}
    return {**wrong, **schema} if source.chance(2) else {**schema, **wrong}


PROFILE = Profile("alike", "keys that begin alike", (*PAYLOAD, Takes.SPAN), _make)
