"""Objects whose own code would run within a call: keys that are compared, values that end, the collector.

The contract's answer does not depend on it, but an implementation that holds borrowed memory meanwhile, or
reads its merges at another moment, gives another one or reads what is freed.
"""

from __future__ import annotations

from collections.abc import Callable

from ...operations import Takes
from ..encoded import inferred
from ..lying import CHANGES, Forged, Garbage, Passing
from ..merge_rules import encoded_value, merges_text
from ..numbers import everyday_number
from ..pools import KEYS
from ..source import Source
from ..strings import quoted
from ..values import Arguments, JsonValue, read
from .base import Makers, Profile, everyday_span

_BALLAST = 100
"""Members that come and go, so that the dict is sparse: a copy of it is made by inserting what is left."""

_ROOM = 60
"""Up to so many containers are made before the collector runs: in the call and just before it."""


Value = Callable[[], object]


def forged_dict(source: Source, value: Value) -> dict[str, object]:
    """A dict in which keys of one hash stand in some order of being found: one right, others forged."""
    like = source.pick(KEYS)
    out: dict[str, object] = {}
    ballast = [f"{number}" for number in range(_BALLAST)] if source.chance(4) else []
    out.update(dict.fromkeys(ballast))
    forged = [Forged(name, like) for name in ("b", "other", like[:-1] or "c", f"{like}s")]
    keys: list[str] = [like, *forged[: source.between(1, len(forged))]]
    if source.chance(8):
        keys.append(Forged(like, like))  # whose text is there already, though it is not equal
    fillers: list[Forged] = []
    for key in _shuffled(source, keys):
        while source.chance(3):
            fillers.append(Forged("filler", like))
            out[fillers[-1]] = None
        if fillers and source.chance(2):
            del out[fillers.pop(source.below(len(fillers)))]
        out[key] = value()
    for gone in (*fillers, *ballast):
        del out[gone]
    for key in out:
        if isinstance(key, Forged):
            key.compared = 0
    return out


def _shuffled(source: Source, keys: list[str]) -> list[str]:
    """In the order given at first, then in any."""
    left, out = list(keys), []
    while left:
        out.append(left.pop(source.below(len(left))))
    return out


def _value(source: Source, depth: int) -> object:
    kind = source.below(6)
    if kind == 5 and depth > 0:
        return forged_dict(source, lambda: _value(source, depth - 1))
    if kind > 2:
        return {"x": [read(everyday_number(source))]}
    return read(encoded_value(source, '{"a":1}')) if kind == 2 else read(everyday_number(source))


def _rules(source: Source, names: list[str]) -> dict[str, object]:
    rules = read(merges_text(source, [quoted(name) for name in names]))
    assert isinstance(rules, dict)
    return dict(rules)


def _forged(source: Source) -> Arguments:
    payload: object = forged_dict(source, lambda: _value(source, 2))
    assert isinstance(payload, dict)
    names = [str.__str__(key) for key in payload]
    merges: dict[str, object] | None = None if source.chance(2) else _rules(source, names)
    if source.chance(4):
        merges = forged_dict(source, lambda: {"match_importance": 0.5})
    around = source.below(4)
    if around > 1:
        payload = [payload] if around == 2 else {"in": payload}
    return payload, merges


def _passing(source: Source) -> Arguments:
    """Each value that the payload gives changes the merges as it goes."""
    rules: dict[object, object] = {}
    rules.update(_rules(source, ["a", "b", *KEYS[:4]]))
    payload: object = Passing(read(everyday_number(source)), rules, source.pick(CHANGES))
    if source.chance(2):
        payload = {"id": 1, "name": payload}
    return payload, rules


def _collected(source: Source) -> Arguments:
    """A payload and merges that are made anew during the call, when the collector runs."""
    keys = [f"key {number} " + "k" * 40 for number in range(40)]
    rules: dict[str, JsonValue] = {
        key: {"match_importance": 10**80 + number, "encoding": 1} for number, key in enumerate(keys)
    }
    payload: dict[str, JsonValue] = {
        key: [{"n": [number]}, f"text of {number} " + "t" * 40] for number, key in enumerate(keys)
    }
    Garbage((rules, payload), source.below(_ROOM))
    return payload, rules


def _span(source: Source) -> Arguments:
    value, metadata = (forged_dict(source, lambda: _value(source, 1)) for _ in range(2))
    schema: dict[str, object] = inferred({"a": 1})
    if source.chance(2):
        number: JsonValue = 1
        schema["properties"] = forged_dict(source, lambda: inferred(number))
    return everyday_span(
        input_schema=schema, output_schema=inferred({}), metadata=metadata, input_value=value
    )


def _payload(source: Source) -> Arguments:
    kind = source.below(8)
    if kind < 5:
        return _forged(source)
    return _passing(source) if kind < 7 else _collected(source)


_TAKES = (Takes.OBJECT_AND_MERGES, Takes.SPAN)


def _make(source: Source) -> Makers:
    """Spans are of other forged dicts than payloads, but chosen by the same draws."""
    return {
        Takes.OBJECT_AND_MERGES: lambda: _drawn(source.again())[0],
        Takes.SPAN: lambda: _drawn(source.again())[1],
    }


def _drawn(source: Source) -> tuple[Arguments, Arguments]:
    span = _span(source)
    return _payload(source), span


PROFILE = Profile("interfering", "objects whose code would run within a call", _TAKES, _make, weight=2)
