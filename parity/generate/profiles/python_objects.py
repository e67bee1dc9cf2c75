"""Objects that are not plain JSON: subclasses, enums, dates, bytes, sets, Mappings, keys that are not str."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from ...operations import Takes
from .. import lying
from ..limits import BITS, DIGITS
from ..merge_rules import base64_text, merges_text
from ..numbers import corner_number
from ..objects import (
    Access,
    Color,
    Empty,
    Label,
    Level,
    Mode,
    Pair,
    Point,
    PreciseFloat,
    Printable,
    Record,
    Rows,
    Unprintable,
    View,
    WholeNumber,
)  # fmt: skip
from ..pools import AWKWARD_KEYS, FLOATS, KEYS, RARE_DEPTHS, USUAL_DEPTHS
from ..source import Source
from ..strings import hostile_text, quoted
from ..values import Arguments, read
from .base import Profile

_DATES = (
    datetime(2024, 2, 29, 12, 0, 0, 123456),
    datetime(1, 1, 1, tzinfo=timezone.utc),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    date(1970, 1, 1),
    time(23, 59, 59),
    timedelta(days=-1, microseconds=1),
)
_DECIMALS = (
    "0",
    "-0",
    "1.10",
    "1E+5",
    "1E-9",
    "NaN",
    "sNaN",
    "-Infinity",
    "123456789012345678901234567890.5",
)

_KEYS: tuple[object, ...] = (
    1, -1, 0, True, False, None, 1.5, -0.0, 1e16, 10**25, b"k", (), (1, "a"), Level.ONE, Mode.READ,
    Color.RED, Label("id"), WholeNumber(3), Decimal("1.0"), date(2024, 1, 1), frozenset({1}),
    Printable("id"), float("inf"), *AWKWARD_KEYS,
)  # fmt: skip
_COLLIDING: tuple[tuple[object, object], ...] = (
    (1, "1"),
    (True, "True"),
    (None, "None"),
    ("1.5", 1.5),
    ("-0.0", -0.0),
)


def python_value(source: Source, depth: int) -> object:
    """Any object; half of them plain JSON, so that the odd ones stand among ordinary neighbours."""
    kind = source.below(16)
    if kind < 5:
        return read(corner_number(source)) if kind < 2 else hostile_text(source)
    if kind == 5:
        return source.pick((None, True, False, "", 0, -0.0))
    if kind < 8 and depth > 0:
        return _container(source, depth)
    if kind < 11 and depth > 0:
        return python_dict(source, depth)
    return _odd_scalar(source)


def python_dict(source: Source, depth: int) -> dict[object, object]:
    """A dict, its keys mostly str."""
    out: dict[object, object] = {}
    while source.more(2):
        key = python_key(source) if source.chance(4) else source.pick(KEYS)
        if not (isinstance(key, lying.RaisingKey) and any(isinstance(one, lying.RaisingKey) for one in out)):
            out[key] = python_value(source, depth - 1)
    if source.chance(8):
        for key in source.pick(_COLLIDING):
            out[key] = source.below(100)
    return out


def python_key(source: Source) -> object:
    """Anything hashable."""
    return source.pick(lying.KEYS)() if source.chance(6) else source.pick(_KEYS)


def _container(source: Source, depth: int) -> object:
    kind = source.below(16)
    if kind > 13:
        return source.pick(lying.WRAPPERS)(python_value(source, depth - 1))
    if kind < 8:
        items: list[object] = []
        while source.more(2):
            items.append(python_value(source, depth - 1))
        if kind < 3:
            return items
        if kind == 3 and items:  # the same object twice
            return [*items, items[0], items]
        make: Callable[[list[object]], object] = source.pick((tuple, Rows, deque))
        return make(items)
    if kind == 8:
        return Pair(python_value(source, depth - 1), python_value(source, depth - 1))
    if kind == 9:
        return Point(python_value(source, depth - 1), python_value(source, depth - 1), [source.below(9)])
    if kind == 10:
        return set(range(source.below(5))) if source.chance(2) else {source.pick(_KEYS)}
    members = python_dict(source, depth)
    if kind == 11:
        return defaultdict(list, members) if source.chance(2) else OrderedDict(members)
    if kind == 12:
        return MappingProxyType(members) if source.chance(2) else View(members)
    return Record(members)


def _odd_scalar(source: Source) -> object:
    kind = source.below(17)
    if kind == 16:
        return source.pick(lying.SCALARS)()
    if kind < 2:
        return source.pick(
            (Level.ZERO, Level.ONE, Level.MANY, Mode.READ, Mode.ACCENT, Color.RED, Access.READ)
        )
    if kind < 4:
        return source.bits(8 * 12).to_bytes(12, "big")[: source.below(13)]
    if kind == 4:
        return bytearray(source.bits(24).to_bytes(3, "big"))
    if kind == 5:
        return source.pick(_DATES)
    if kind == 6:
        return Decimal(source.pick(_DECIMALS))
    if kind == 7:
        return WholeNumber(source.bits(70)) if source.chance(2) else PreciseFloat(float(source.pick(FLOATS)))
    if kind == 8:
        return Label(hostile_text(source))
    if kind == 9:
        return source.pick(
            (
                set(),
                frozenset(),
                frozenset({1}),
                Empty(),
                range(3),
                Ellipsis,
                NotImplemented,
                int,
                Point,
                slice(1),
            )
        )
    if kind == 10:
        return source.pick((UUID(int=1), Fraction(1, 3), complex(1, -0.0), ValueError("x"), memoryview))
    if kind == 11:
        return Printable(hostile_text(source))
    if kind == 12:
        return Unprintable() if source.chance(8) else base64_text(source, b"text")
    if kind == 13:
        return (
            (1 << source.pick(BITS)) - source.below(2)
            if source.chance(2)
            else 10 ** source.pick(DIGITS)
            if source.chance(3)
            else source.bits(66)
        )
    if kind == 14:
        return source.pick((float("nan"), float("inf"), float("-inf"), 5e-324, 1e16, 1e-5, -0.0))
    return chr(0xD83D) + chr(0xDE00)


_WRAPS: tuple[Callable[[object], object], ...] = (
    lambda item: [item],
    lambda item: {"a": item},
    lambda item: (item,),
    lambda item: {1: item},
    lambda item: View({"a": item}),
    lying.Derived,
    lying.NoLength,
)


def _nested(source: Source) -> object:
    """A tower of one kind of container."""
    depth = source.pick(RARE_DEPTHS if source.chance(8) else USUAL_DEPTHS)
    wrap = source.pick(_WRAPS)
    value: object = source.below(9)
    for _ in range(depth):
        value = wrap(value)
    return value


def _arguments(source: Source) -> Arguments:
    kind = source.below(16)
    if kind == 0:
        payload = _nested(source)
    else:
        payload = python_dict(source, 3) if kind < 12 else python_value(source, 3)
    if not source.chance(4):
        return payload, None
    keys = [quoted(source.pick(KEYS)), quoted(source.pick(KEYS)), '"1"']
    return payload, read(merges_text(source, keys))


PROFILE = Profile(
    "python-objects",
    "objects that are not plain JSON",
    (Takes.OBJECT_AND_MERGES,),
    lambda source: {Takes.OBJECT_AND_MERGES: lambda: _arguments(source.again())},
    weight=6,
)
