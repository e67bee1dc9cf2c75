"""Values of many types, made anew on each call, each with others that are nearly equal to it and are not."""

from __future__ import annotations

import contextvars
import enum
import fractions
import functools
import io
import ipaddress
import mmap
import operator
import pathlib
import pickle
import re
import struct
import threading
import types
import typing
import uuid
from array import array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple


def floating(bits: int) -> float:
    """The float of 64 bits."""
    (number,) = struct.unpack("<d", bits.to_bytes(8, "little"))
    assert isinstance(number, float)
    return number


# ---- classes to make values of ---------------------------------------------------


class Text(str):
    """Says that it equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


class Bytes(bytes):
    pass


class Buffer(bytearray):
    pass


class Whole(int):
    pass


class Real(float):
    pass


class Rows(list[object]):
    pass


class Table(dict[object, object]):
    pass


class Members(frozenset[object]):
    pass


class Pair(NamedTuple):
    left: object
    right: object


class Couple(NamedTuple):
    left: object
    right: object


@dataclass
class Point:
    x: object
    y: object = 0

    def shown(self) -> str:
        return "a point"


@dataclass
class OtherPoint:
    x: object
    y: object = 0


@dataclass(frozen=True)
class Frozen:
    value: object


class Slotted:
    __slots__ = ("one", "other")

    def __init__(self, one: object, other: object = None) -> None:
        self.one = one
        if other is not None:
            self.other = other


class SlottedAndMore(Slotted):
    """Slots of its own, and attributes."""

    __slots__ = ("__dict__", "third")

    def __init__(self, one: object, third: object, **attributes: object) -> None:
        super().__init__(one)
        self.third = third
        self.__dict__.update(attributes)


class Liar:
    """Lies about its class, attributes, hash, text and what it equals; has a state all the same."""

    def __init__(self, state: object) -> None:
        object.__setattr__(self, "state", state)

    __class__ = dict  # type: ignore[assignment]

    def __getattribute__(self, name: str) -> object:
        raise AssertionError("asked")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("asked")

    def __hash__(self) -> int:
        return 7

    def __repr__(self) -> str:
        raise AssertionError("asked")

    def __reduce_ex__(self, protocol: object) -> str:
        raise AssertionError("asked")


class Proud(type):
    """A metaclass whose classes lie too."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(str)

    def __getattribute__(cls, name: str) -> object:
        raise AssertionError("asked")

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class OfProud(metaclass=Proud):
    pass


class OtherOfProud(metaclass=Proud):
    pass


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Offset(tzinfo):
    def __init__(self, hours: int) -> None:
        self.hours = hours

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=self.hours)

    def dst(self, moment: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        return "the same"


class Failure(ValueError):
    def __init__(self, *arguments: object, code: int = 0) -> None:
        super().__init__(*arguments)
        self.code = code


def caused(error: BaseException, cause: BaseException | None, suppress: bool = True) -> BaseException:
    error.__cause__ = cause
    error.__suppress_context__ = suppress
    return error


def adding(count: int) -> Callable[[int], int]:
    return lambda number: number + count


def plus(number: float, count: float = 1) -> float:
    return number + count


def counting() -> Iterator[int]:
    yield 1


def within_itself(kind: str = "list", times: int = 1) -> Any:
    """A value that holds itself, so many levels below."""
    outer: Any = [] if kind == "list" else {}
    inner = outer
    for _ in range(times - 1):
        inner.append([])
        inner = inner[-1]
    if kind == "list":
        inner.append(outer)
    else:
        inner["a"] = outer
    return outer


def branching_within_itself() -> Any:
    """Holds itself twice, so that a walk without memory never ends."""
    outer: list[Any] = []
    outer += [outer, outer, [outer]]
    return outer


def point_within_itself(y: object = 0) -> Point:
    point = Point(None, y)
    point.x = point
    return point


def shared(depth: int, leaf: object) -> Any:
    """A value of 2**depth places in depth lists."""
    value: Any = [leaf]
    for _ in range(depth):
        value = [value, value]
    return value


def tower(depth: int, leaf: object, wrap: Callable[[Any], Any] = lambda inner: [inner]) -> Any:
    value = leaf
    for _ in range(depth):
        value = wrap(value)
    return value


def anonymous(held: bytes, position: int = 0) -> mmap.mmap:
    made = mmap.mmap(-1, len(held))
    made.write(held)
    made.seek(position)
    return made


def released() -> memoryview:
    view = memoryview(b"a")
    view.release()
    return view


def advanced(values: list[int], steps: int) -> Iterator[int]:
    made = iter(values)
    for _ in range(steps):
        next(made)
    return made


def attributed(value: Any, **attributes: object) -> Any:
    vars(value).update(attributes)
    return value


Make = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """A value, made anew on each call, and values that must not be taken for it."""

    name: str
    make: Make
    near: tuple[Make, ...]

    @property
    def large(self) -> bool:
        return self.name.startswith(("deep", "one part"))


def row(name: str, make: Make, *near: Make) -> Row:
    return Row(name, make, near)


ROWS: tuple[Row, ...] = (
    row("None", lambda: None, lambda: False, lambda: 0, lambda: "None", lambda: [None]),
    row("bool", lambda: True, lambda: 1, lambda: 1.0, lambda: False),
    row("int", lambda: 2**70, lambda: 2**70 + 1, lambda: float(2**70), lambda: Whole(2**70),
        lambda: -(2**70)),
    row("float", lambda: 0.0, lambda: -0.0, lambda: 0, lambda: 5e-324, lambda: Real(0.0)),
    row("NaN", lambda: floating(0x7FF8000000000000), lambda: floating(0xFFF8000000000000),
        lambda: floating(0x7FF8000000000001), lambda: floating(0x7FF0000000000001), lambda: float("inf")),
    row("complex", lambda: complex(1, floating(0x7FF8000000000001)),
        lambda: complex(1, floating(0x7FF8000000000000)), lambda: complex(1, 0.0), lambda: 1.0),
    row("complex zero", lambda: complex(0.0, -0.0), lambda: complex(0.0, 0.0), lambda: complex(-0.0, -0.0)),
    row("str", lambda: "aé\ud800", lambda: "aé", lambda: b"a", lambda: Text("aé\ud800"), lambda: "\ud800aé"),
    row("surrogates", lambda: "\ud83d\ude00", lambda: "\U0001f600"),
    row("str subclass", lambda: Text("a"), lambda: Text("b"), lambda: "a"),
    row("bytes", lambda: b"ab", lambda: bytearray(b"ab"), lambda: memoryview(b"ab"),
        lambda: array("B", b"ab"), lambda: Bytes(b"ab"), lambda: "ab", lambda: b"ac",
        lambda: anonymous(b"ab"), lambda: pickle.PickleBuffer(b"ab"), lambda: io.BytesIO(b"ab")),
    row("bytes subclass", lambda: Bytes(b"ab"), lambda: b"ab", lambda: attributed(Bytes(b"ab"), x=1)),
    row("bytearray", lambda: bytearray(b"ab"), lambda: b"ab", lambda: bytearray(b"abc"),
        lambda: Buffer(b"ab")),
    row("bytearray subclass", lambda: Buffer(b"ab"), lambda: Buffer(b"ac"), lambda: bytearray(b"ab")),
    row("memoryview", lambda: memoryview(b"abcd"), lambda: b"abcd", lambda: memoryview(bytearray(b"abcd")),
        lambda: memoryview(b"abcd").cast("b"), lambda: memoryview(b"abcd").cast("B", (2, 2)),
        lambda: memoryview(b"abce"), lambda: memoryview(b"abcd")[::-1],
        lambda: memoryview(b"abcd").cast("H")),
    row("array", lambda: array("i", [1, 2]), lambda: array("l", [1, 2]), lambda: array("i", [2, 1]),
        lambda: array("i", [1, 2]).tobytes(), lambda: [1, 2]),
    row("array of floats", lambda: array("d", [0.0]), lambda: array("d", [-0.0]), lambda: array("f", [0.0])),
    row("mmap", lambda: anonymous(b"ab"), lambda: anonymous(b"ac"), lambda: anonymous(b"ab", 1)),
    row("BytesIO", lambda: io.BytesIO(b"ab"), lambda: io.BytesIO(b"ac"), lambda: io.StringIO("ab")),
    row("StringIO", lambda: io.StringIO("ab"), lambda: io.StringIO("ac"), lambda: "ab"),
    row("list", lambda: [1, [2]], lambda: [1, [True]], lambda: (1, [2]), lambda: [1, [2], 3],
        lambda: [[2], 1], lambda: Rows([1, [2]]), lambda: deque([1, [2]])),
    row("list subclass", lambda: Rows([1]), lambda: Rows([1.0]), lambda: attributed(Rows([1]), x=1),
        lambda: [1]),
    row("tuple", lambda: (1, b"a"), lambda: (1, bytearray(b"a")), lambda: (1.0, b"a"), lambda: [1, b"a"],
        lambda: (1, memoryview(b"a")), lambda: (1, Bytes(b"a"))),
    row("empty tuple", tuple, list, lambda: ((),), frozenset),
    row("namedtuple", lambda: Pair(1, [2]), lambda: (1, [2]), lambda: Couple(1, [2]), lambda: Pair(1, [2.0])),
    row("dict", lambda: {"a": 1, "b": [2]}, lambda: {"b": [2], "a": 1}, lambda: {"a": True, "b": [2]},
        lambda: {"a": 1}, lambda: Table({"a": 1, "b": [2]}), lambda: OrderedDict(a=1, b=[2])),
    row("dict of other keys", lambda: {1: "a", None: 2, (1, 2.0): 3},
        lambda: {True: "a", None: 2, (1, 2.0): 3}, lambda: {1: "a", None: 2, (1, 2): 3},
        lambda: {None: 2, 1: "a", (1, 2.0): 3}),
    row("dict of lying keys", lambda: {Text("a"): 1, Liar(1): 2}, lambda: {Text("b"): 1, Liar(1): 2},
        lambda: {Text("a"): 1, Liar(2): 2}, lambda: {Liar(1): 2, Text("a"): 1}, lambda: {"a": 1, Liar(1): 2}),
    row("dict subclass", lambda: Table(a=1), lambda: Table(a=1.0), lambda: {"a": 1}, lambda: Table(b=1),
        lambda: attributed(Table(a=1), x=1)),
    row("OrderedDict", lambda: OrderedDict(a=1, b=2), lambda: OrderedDict(b=2, a=1), lambda: {"a": 1, "b": 2},
        lambda: attributed(OrderedDict(a=1, b=2), x=1)),
    row("defaultdict", lambda: defaultdict(list, a=[1]), lambda: defaultdict(set, a=[1]), lambda: {"a": [1]},
        lambda: defaultdict(None, a=[1]), lambda: defaultdict(list, a=[True])),
    row("Counter", lambda: Counter("aab"), lambda: Counter("abb"), lambda: Counter("baa"),
        lambda: {"a": 2, "b": 1}),
    row("ChainMap", lambda: ChainMap({"a": 1}, {}), lambda: ChainMap({"a": 1}),
        lambda: ChainMap({}, {"a": 1}), lambda: {"a": 1}),
    row("mappingproxy", lambda: types.MappingProxyType({"a": 1}), lambda: {"a": 1},
        lambda: types.MappingProxyType({"a": 1.0}), lambda: types.MappingProxyType(OrderedDict(a=1))),
    row("SimpleNamespace", lambda: types.SimpleNamespace(a=1), lambda: types.SimpleNamespace(a=1.0),
        lambda: types.SimpleNamespace(a=1, b=2), lambda: {"a": 1}),
    row("UserDict", lambda: UserDict({"a": 1}), lambda: UserDict({"a": True}), lambda: {"a": 1}),
    row("UserList", lambda: UserList([1]), lambda: UserList([1.0]), lambda: [1]),
    row("UserString", lambda: UserString("a"), lambda: UserString("b"), lambda: "a"),
    row("dict keys", lambda: {"a": 1, "b": 2}.keys(), lambda: {"b": 1, "a": 2}.keys(), lambda: ["a", "b"],
        lambda: OrderedDict(a=1, b=2).keys()),
    row("dict items", lambda: {"a": 1}.items(), lambda: {"a": True}.items(), lambda: [("a", 1)]),
    row("dict values", lambda: {"a": 1}.values(), lambda: {"a": 1.0}.values(), lambda: [1]),
    row("set", lambda: {1, "a", (2,)}, lambda: {True, "a", (2,)}, lambda: {1, "a"},
        lambda: frozenset({1, "a", (2,)}), lambda: {1, "a", (2.0,)}, lambda: {1, Text("a"), (2,)}),
    row("frozenset", lambda: frozenset({1.0, b"a"}), lambda: {1.0, b"a"}, lambda: frozenset({1, b"a"}),
        lambda: Members({1.0, b"a"}), lambda: frozenset({1.0, Bytes(b"a")})),
    row("set of texts", lambda: {f"text {at}" for at in range(50)},
        lambda: {f"text {at}" for at in range(51)}, lambda: {f"text {at or '!'}" for at in range(50)}),
    row("sets in a set", lambda: {frozenset({frozenset({1}), 2}), Frozen(frozenset({1, 2}))},
        lambda: {frozenset({frozenset({True}), 2}), Frozen(frozenset({1, 2}))},
        lambda: {frozenset({frozenset({1}), 2}), Frozen(frozenset({1, 2.0}))}),
    row("set of objects", lambda: {Slotted(1), Slotted(2)}, lambda: {Slotted(1), Slotted(1)},
        lambda: {Slotted(1), Slotted(2.0)}),
    row("deque", lambda: deque([1, 2], 3), lambda: deque([1, 2], 4), lambda: deque([1, 2]),
        lambda: deque([2, 1], 3), lambda: [1, 2], lambda: deque([1, 2.0], 3)),
    row("range", lambda: range(1, 9, 2), lambda: range(1, 10, 2), lambda: range(1, 8, 2),
        lambda: [1, 3, 5, 7]),
    row("empty range", lambda: range(0), lambda: range(0, 0, 2), lambda: range(2, 1)),
    row("slice", lambda: slice(1, 2.0), lambda: slice(1, 2), lambda: slice(1, 2.0, 1), lambda: (1, 2.0)),
    row("Decimal", lambda: Decimal("1.10"), lambda: Decimal("1.1"), lambda: Decimal("-1.10"), lambda: 1.1),
    row("Decimal zero", lambda: Decimal("0"), lambda: Decimal("-0"), lambda: Decimal("0E1"), lambda: 0),
    row("Decimal NaN", lambda: Decimal("NaN12"), lambda: Decimal("NaN"), lambda: Decimal("sNaN12"),
        lambda: Decimal("-NaN12"), lambda: Decimal("NaN13")),
    row("Fraction", lambda: fractions.Fraction(1, 3), lambda: fractions.Fraction(2, 3), lambda: 1 / 3),
    row("UUID", lambda: uuid.UUID(int=1), lambda: uuid.UUID(int=2),
        lambda: uuid.UUID(int=1, is_safe=uuid.SafeUUID.safe), lambda: str(uuid.UUID(int=1))),
    row("date", lambda: date(2024, 2, 29), lambda: date(2024, 2, 28), lambda: datetime(2024, 2, 29)),
    row("time", lambda: time(1, 30, 0, 1), lambda: time(1, 30), lambda: time(1, 30, 0, 1, fold=1),
        lambda: time(1, 30, 0, 1, timezone.utc)),
    row("datetime", lambda: datetime(2024, 2, 29, 1, 30), lambda: datetime(2024, 2, 29, 1, 30, fold=1),
        lambda: datetime(2024, 2, 29, 1, 30, tzinfo=timezone.utc),
        lambda: datetime(2024, 2, 29, 1, 30, 0, 1)),
    row("datetime in a zone", lambda: datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        lambda: datetime(2024, 1, 1, 10, tzinfo=timezone.utc),
        lambda: datetime(2024, 1, 1, 12, tzinfo=timezone(timedelta(hours=2), "two")),
        lambda: datetime(2024, 1, 1, 12, tzinfo=Offset(2))),
    row("datetime in a zone of its own", lambda: datetime(2024, 1, 1, tzinfo=Offset(2)),
        lambda: datetime(2024, 1, 1, tzinfo=Offset(3)), lambda: datetime(2024, 1, 1, 1, tzinfo=Offset(3))),
    row("timedelta", lambda: timedelta(1, 2, 3), lambda: timedelta(1, 2, 4), lambda: timedelta(-1, 2, 3)),
    row("timezone", lambda: timezone(timedelta(hours=1)), lambda: timezone(timedelta(hours=2)),
        lambda: timezone(timedelta(hours=1), "one"), lambda: timedelta(hours=1)),
    row("tzinfo", lambda: Offset(1), lambda: Offset(2), lambda: timezone(timedelta(hours=1))),
    row("Enum", lambda: Color.RED, lambda: Color.GREEN, lambda: 1, lambda: Access.READ),
    row("Flag", lambda: Access.READ | Access.WRITE, lambda: Access.READ, lambda: Access(0), lambda: 3),
    row("IntEnum", lambda: Level.LOW, lambda: Level.HIGH, lambda: 1, lambda: Color.RED),
    row("dataclass", lambda: Point(1, [2]), lambda: Point(1.0, [2]), lambda: OtherPoint(1, [2]),
        lambda: attributed(Point(1, [2]), z=3), lambda: Point(1, [True])),
    row("frozen dataclass", lambda: Frozen((1,)), lambda: Frozen((1.0,)), lambda: Frozen([1])),
    row("slots", lambda: Slotted(1), lambda: Slotted(2), lambda: Slotted(1, 2), lambda: SlottedAndMore(1, 2)),
    row("slots and attributes", lambda: SlottedAndMore(1, 2, a=3), lambda: SlottedAndMore(1, 2, a=4),
        lambda: SlottedAndMore(1, 3, a=3), lambda: SlottedAndMore(2, 2, a=3),
        lambda: SlottedAndMore(1, 2, b=3)),
    row("attributes in another order", lambda: types.SimpleNamespace(a=1, b=2),
        lambda: types.SimpleNamespace(b=1, a=2)),
    row("object that lies", lambda: Liar([1]), lambda: Liar([1.0]), dict, lambda: Slotted([1])),
    row("object of a class that lies", OfProud, OtherOfProud, str, dict),
    row("exception", lambda: Failure("a", code=1), lambda: Failure("b", code=1), lambda: Failure("a", code=2),
        lambda: ValueError("a"), lambda: Failure("a", 1, code=1)),
    row("OSError", lambda: OSError(2, "no", "file"), lambda: OSError(2, "no", "other"),
        lambda: OSError(2, "no"), lambda: OSError(2, "no", b"file")),
    row("StopIteration", lambda: StopIteration(1), lambda: StopIteration(True), lambda: StopIteration()),
    row("exception with a cause", lambda: caused(ValueError(), KeyError(1)),
        lambda: caused(ValueError(), None), lambda: caused(ValueError(), KeyError(2)),
        lambda: caused(ValueError(), KeyError(1), False)),
    row("list iterator", lambda: advanced([1, 2], 1), lambda: advanced([1, 2], 0),
        lambda: advanced([1, 3], 1)),
    row("map", lambda: map(str, [1]), lambda: map(repr, [1]), lambda: map(str, [2]), lambda: ["1"]),
    row("partial", lambda: functools.partial(plus, 1, count=2), lambda: functools.partial(plus, 1),
        lambda: functools.partial(plus, 1, count=2.0), lambda: functools.partial(int, 1)),
    row("itemgetter", lambda: operator.itemgetter(1), lambda: operator.itemgetter(2),
        lambda: operator.attrgetter("a")),
    row("function", lambda: adding(1), lambda: adding(2), lambda: plus, lambda: attributed(adding(1), x=1)),
    row("builtin function", lambda: len, lambda: sum, lambda: plus),
    row("method of a value", lambda: [1].append, lambda: [2].append, lambda: [1].pop, lambda: [1].extend),
    row("bound method", lambda: Point(1).shown, lambda: Point(2).shown, lambda: Point(1).__eq__),
    row("class", lambda: int, lambda: float, lambda: bool, lambda: Whole),
    row("class that lies", lambda: OfProud, lambda: OtherOfProud, lambda: str),
    row("module", lambda: re, lambda: struct, lambda: "re"),
    row("method descriptor", lambda: str.upper, lambda: str.lower, lambda: "".upper),
    row("pattern", lambda: re.compile("a"), lambda: re.compile("b"), lambda: re.compile("a", re.I),
        lambda: re.compile(b"a"), lambda: "a"),
    row("match", lambda: re.match("(a)b", "ab"), lambda: re.match("(a)", "ab"),
        lambda: re.match("(a)b", "abc")),
    row("PurePath", lambda: pathlib.PurePosixPath("a/b"), lambda: pathlib.PurePosixPath("a/c"),
        lambda: pathlib.PureWindowsPath("a/b"), lambda: "a/b"),
    row("Path", lambda: pathlib.PosixPath("a/b"), lambda: pathlib.PurePosixPath("a/b"),
        lambda: pathlib.PosixPath("b")),
    row("IPv4Address", lambda: ipaddress.IPv4Address(1), lambda: ipaddress.IPv4Address(2),
        lambda: ipaddress.IPv6Address(1), lambda: ipaddress.IPv4Interface(1)),
    row("IPv4Network", lambda: ipaddress.IPv4Network("10.0.0.0/8"),
        lambda: ipaddress.IPv4Network("10.0.0.0/9"), lambda: ipaddress.IPv4Interface("10.0.0.0/8")),
    row("IPv6Interface", lambda: ipaddress.IPv6Interface("::1/64"),
        lambda: ipaddress.IPv6Interface("::1/65")),
    row("generic alias", lambda: list[int], lambda: list[bool], lambda: dict[int, int], lambda: list),
    row("typing alias", lambda: typing.List[int], lambda: typing.List[bool], lambda: list[int]),  # noqa: UP006
    row("Ellipsis", lambda: ..., lambda: NotImplemented, lambda: None),
    row("list within itself", within_itself, lambda: [[]], lambda: within_itself(times=2),
        lambda: [within_itself()], branching_within_itself),
    row("dict within itself", lambda: within_itself("dict"), lambda: {"a": {}},
        lambda: {"a": within_itself("dict")}),
    row("list twice within itself", branching_within_itself, within_itself),
    row("object within itself", point_within_itself, lambda: point_within_itself(0.0),
        lambda: Point(point_within_itself())),
    row("deep list", lambda: tower(5_000, 1), lambda: tower(5_000, True), lambda: tower(4_999, 1)),
    row("deep objects", lambda: tower(5_000, 1, Point), lambda: tower(5_000, 1.0, Point)),
    row("deep exceptions", lambda: tower(5_000, 1, ValueError), lambda: tower(5_000, 1.0, ValueError)),
    row("deep sets", lambda: tower(2_000, 1, lambda inner: frozenset({inner})),
        lambda: tower(2_000, 1.0, lambda inner: frozenset({inner}))),
    row("one part in 2**30 places", lambda: shared(30, b"a"), lambda: shared(30, bytearray(b"a")),
        lambda: shared(29, b"a")),
)  # fmt: skip
"""Rows of values that can be seen into."""

CLOSED: tuple[Row, ...] = (
    row("object", object),
    row("generator", counting),
    row("lock", threading.Lock),
    row("file", lambda: io.TextIOWrapper(io.BytesIO())),
    row("released memoryview", released),
    row("context variable", lambda: contextvars.ContextVar("name")),
)
"""Values that show nothing of what they hold: only the same object is equal."""
