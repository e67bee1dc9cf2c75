"""A bad input made smaller while it stays bad, as a fuzzer shrinks a failure.

Greedy: of a list or dict halves go first, then single members, then members are made
smaller themselves; of a text that is JSON the value is, of any other text halves.
Source: A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE
28(2), 2002 (here without the guarantee of a minimum, since each test costs a measurement).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

FEW = 8
"""Containers up to this size lose single members too."""
DEEPEST = 30


def minimise(value: Any, is_bad: Callable[[Any], bool], tries: int) -> Any:
    """The smallest value found that is still bad, asking at most `tries` times."""
    while tries > 0:
        for candidate in smaller(value):
            tries -= 1
            if is_bad(candidate):
                value = candidate
                break
            if tries <= 0:
                return value
        else:
            return value
    return value


def smaller(value: Any, depth: int = 0) -> Iterator[Any]:
    """Values that are smaller by one step, the largest steps first."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for kept in _fewer(list(value.items())):
            yield dict(kept)
        for key, member in value.items():
            for less in smaller(member, depth + 1):
                yield {**value, key: less}
    elif type(value) in (list, tuple):
        # The arguments of an operation stand in a tuple: their number stays.
        if isinstance(value, list):
            yield from _fewer(value)
        for at, member in enumerate(value):
            for less in smaller(member, depth + 1):
                yield type(value)([*value[:at], less, *value[at + 1 :]])
    elif isinstance(value, str):
        yield from _less_text(value, depth)


def _fewer(members: list[Any]) -> Iterator[list[Any]]:
    half = len(members) // 2
    if half:
        yield members[:half]
        yield members[half:]
    if len(members) <= FEW:
        for at in range(len(members)):
            yield members[:at] + members[at + 1 :]


def _less_text(text: str, depth: int) -> Iterator[str]:
    try:
        value = json.loads(text) if text[:1] in ("{", "[", '"') else None
    except (ValueError, RecursionError):
        value = None
    if value is not None:
        for less in smaller(value, depth + 1):
            yield json.dumps(less, ensure_ascii=False, separators=(",", ":"))
    elif len(text) > 1:
        half = len(text) // 2
        yield text[:half]
        yield text[half:]
