"""Lists of objects that are mostly alike, as rows of a query are, and some that are not quite.

Code that remembers the keys of one object for the next has to notice every way in which the next differs:
another order, one key more or less, another key of the same size, a repeated or escaped one.
"""

from __future__ import annotations

from collections.abc import Callable

from ..numbers import everyday_number
from ..pools import KEYS
from ..source import Source
from ..strings import escaped, everyday_string, quoted
from ..text import Style, scalar_text
from .base import payload_profile

_STYLE = Style(everyday_number, everyday_string, lambda source: quoted(source.pick(KEYS)))
_MOST_KEYS = 30

# Alike for a word of eight bytes, or for all but the last byte, or up to where one of them ends.
_ALIKE = (
    "created", "created_", "created_a", "created_at", "created_at_", "created_b", "created_by", "creates",
    "creates_a", "a", "a\x00", "aa", "ab", "b", "customer_identifier_a", "customer_identifier_b",
    "customer_identifier", "customer_identifiers", "Created_at", "createdéa", "createdéb", "", "zz",
)  # fmt: skip
_BLANKS = ("", "", " ", "\n", "\r", "\t", "\r\n    ")


def text(source: Source) -> str:
    keys = _keys(source)
    rows = _rows(source, keys, 2)
    kind = source.below(6)
    if kind < 3:
        body = rows
    elif kind == 3:
        body = f'{{"rows":{rows},"count":{everyday_number(source)}}}'
    elif kind == 4:  # the same keys above and below the rows
        body = f'{_row(source, keys, 1)[:-1]}{"," if keys else ""}"rows":{rows}}}'
    else:
        body = f"[{rows},{_rows(source, keys, 1)}]"
    return f"{source.pick(_BLANKS)}{body}{source.pick(_BLANKS)}"


def _keys(source: Source) -> list[str]:
    """Distinct names, in an order of their own."""
    pool = source.pick((KEYS, _ALIKE))
    if source.chance(12):
        names = [f"column_{number * 7 % 101}" for number in range(source.between(9, _MOST_KEYS))]
        return names[:: source.pick((1, -1))]
    names = []
    while source.more(4):
        name = source.pick(pool)
        if name not in names:
            names.append(name)
    return sorted(names) if source.chance(3) else names


def _rows(source: Source, keys: list[str], depth: int) -> str:
    out = []
    while source.more(4):
        like = _changed(source, keys) if source.chance(4) else keys
        out.append(_row(source, like, depth))
    if source.chance(8):
        out.append(scalar_text(source, _STYLE))
    between = source.pick((",", ",", ", ", ",\n  ", " ,"))
    return f"[{between.join(out)}]"


def _row(source: Source, keys: list[str], depth: int) -> str:
    colon = source.pick((":", ":", ": ", " :", " : "))
    comma = source.pick((",", ",", ", ", " ,"))
    members = []
    for name in keys:
        written = f'"{escaped(name)}"' if source.chance(64) else quoted(name)
        members.append(f"{written}{colon}{_value(source, keys, depth)}")
    return f"{{{comma.join(members)}}}"


def _value(source: Source, keys: list[str], depth: int) -> str:
    kind = source.below(12)
    if depth == 0 or kind < 9:
        return scalar_text(source, _STYLE)
    if kind == 9:
        return _rows(source, keys[:3], depth - 1)
    if kind == 10:
        return _row(source, keys[::-1] if source.chance(2) else keys[:2], depth - 1)
    return source.pick(("{}", "[]", "[{}]", "[[]]"))


def _changed(source: Source, keys: list[str]) -> list[str]:
    """The keys of a row that is not quite like the others."""
    return source.pick(_CHANGES)(source, list(keys))


def _swapped(source: Source, keys: list[str]) -> list[str]:
    return keys[::-1]


def _rotated(source: Source, keys: list[str]) -> list[str]:
    return keys[1:] + keys[:1]


def _shorter(source: Source, keys: list[str]) -> list[str]:
    at = source.below(len(keys))
    del keys[at : at + 1 if source.chance(2) else len(keys)]
    return keys


def _longer(source: Source, keys: list[str]) -> list[str]:
    keys.insert(source.below(len(keys) + 1), source.pick(("another", "zz", "", "created_c")))
    return keys


def _renamed(source: Source, keys: list[str]) -> list[str]:
    """One key with its last character, or its first, exchanged."""
    at = source.below(len(keys))
    name = keys[at]
    if name:
        keys[at] = name[:-1] + "~" if source.chance(2) else "~" + name[1:]
    return keys


def _repeated(source: Source, keys: list[str]) -> list[str]:
    return [*keys, source.pick(keys)]


def _if_any(change: Callable[[Source, list[str]], list[str]]) -> Callable[[Source, list[str]], list[str]]:
    return lambda source, keys: change(source, keys) if keys else keys


_CHANGES: tuple[Callable[[Source, list[str]], list[str]], ...] = (
    _swapped, _rotated, _if_any(_shorter), _longer, _if_any(_renamed), _if_any(_repeated),
)  # fmt: skip

PROFILE = payload_profile("rows", "lists of objects that are alike but for one", text)
