"""Python objects: first made JSON-able, then sent through JSON text once."""

from __future__ import annotations

import base64
import enum
import hashlib
import json
import math
import struct
from collections import OrderedDict, UserDict, defaultdict, deque, namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from .span_arguments import arguments


def typed(value: Any) -> Any:
    """A value with every part's exact type and every float's exact digits; dicts as pairs in order."""
    if type(value) is dict:
        return ("dict", [(typed(key), typed(item)) for key, item in value.items()])
    if type(value) is list:
        return ("list", [typed(item) for item in value])
    if type(value) is float:
        return ("float", value.hex())
    return (type(value).__name__, value)


def normalize(core: ModuleType, payload: Any) -> Any:
    return core.process_export_payload_pyobject(payload, None)[0]


class Point(NamedTuple):
    x: int
    y: Any


Pair = namedtuple("Pair", ["left", "right"])


class Color(enum.IntEnum):
    RED = 7


class Mode(str, enum.Enum):
    FAST = "fast"


class Plain(enum.Enum):
    ONE = 1


class Whole(int):
    def __repr__(self) -> str:
        return "not this"

    __str__ = __repr__


class Real(float):
    def __repr__(self) -> str:
        return "not this"

    __str__ = __repr__


class Text(str):
    def __str__(self) -> str:
        return "not this"


class Shout:
    def __str__(self) -> str:
        return "shouted"

    def __repr__(self) -> str:
        return "not this"


class Listing(list):  # type: ignore[type-arg]
    pass


class View(Mapping):  # type: ignore[type-arg]
    """A Mapping that is no dict, with an order of its own."""

    def __getitem__(self, key: Any) -> Any:
        return {"z": 1, "a": (2,)}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(("z", "a"))

    def __len__(self) -> int:
        return 2


@dataclass
class Item:
    name: str
    tags: Any = ()
    price: Any = None


@dataclass(frozen=True)
class Order:
    items: list[Item]
    extra: dict[Any, Any] = field(default_factory=dict)


@dataclass
class Board(View):
    """Both a dataclass and a Mapping."""

    size: int = 3


# ---- exact JSON types -----------------------------------------------------------------------

EXACT: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**400, -(10**4000),
    0.0, -0.0, 1.5, 1e16, 1e-5, 5e-324, 1.7976931348623157e308, 0.1, math.inf, -math.inf, "", "a", "é", "😀",
    "\x00\x1f\x7f\u2028", '"\\/', [], {}, [[]], [{}], {"": {}}, [None, True, 1, 1.0, "1"],
    {"b": 1, "a": [{"d": [], "c": {}}], "": None}, {str(i): i for i in range(40)}, list(range(300)),
)  # fmt: skip


@pytest.mark.parametrize("payload", EXACT, ids=lambda payload: repr(payload)[:30])
def test_json_types_stay_as_they_are(core: ModuleType, payload: Any) -> None:
    assert typed(normalize(core, payload)) == typed(payload)


def test_nan_stays_nan(core: ModuleType) -> None:
    (result,) = normalize(core, [math.nan])
    assert type(result) is float
    assert math.isnan(result)


NANS = {
    "quiet": 0x7FF8000000000000,
    "inf - inf on x86": 0xFFF8000000000000,
    "payload": 0x7FF8000000000123,
    "negative with a payload": 0xFFFFFFFFFFFFFFFF,
    "signalling": 0x7FF0000000000001,
    "negative and signalling": 0xFFF4000000000000,
}


def double(bits: int) -> float:
    (number,) = struct.unpack("<d", struct.pack("<Q", bits))
    assert struct.pack("<d", number) == struct.pack("<Q", bits)
    return float(number)


@pytest.mark.parametrize("bits", NANS.values(), ids=NANS)
@pytest.mark.parametrize(
    "around",
    [
        lambda nan: nan,
        lambda nan: [nan],
        lambda nan: {"v": nan},
        lambda nan: {"v": [1.5, nan, {"w": nan, "x": [nan, nan]}], "u": nan, "t": {}},
    ],
    ids=["alone", "list", "dict", "deep"],
)
def test_any_nan_becomes_the_one_of_json(core: ModuleType, bits: int, around: Any) -> None:
    """Positive, quiet, without a payload, as `json.loads` makes it; the payload keeps its own."""
    nan = double(bits)
    payload = around(nan)
    normalized, _, _, _, struct_bytes = core.process_export_payload_pyobject(payload, None)
    found = [leaf for leaf in leaves(normalized) if leaf != leaf]
    assert len(found) == len([leaf for leaf in leaves(payload) if leaf != leaf])
    assert {struct.pack(">d", leaf).hex() for leaf in found} == {"7ff8000000000000"}
    assert all(leaf is nan for leaf in leaves(payload) if leaf != leaf)
    if type(payload) is dict:
        packed = {
            struct_bytes[at + 1 : at + 9].hex()
            for at in range(len(struct_bytes))
            if struct_bytes[at : at + 1] == b"\x11"
            and struct_bytes[at + 7 : at + 9] in (b"\xf8\x7f", b"\xf8\xff")
        }
        assert packed == {"000000000000f87f"}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("bits", NANS.values(), ids=NANS)
def test_a_span_keeps_the_bits_of_a_nan(core: ModuleType, bits: int) -> None:
    """Its values and metadata do not pass through JSON."""
    nan = double(bits)
    span = core.build_span_proto_bytes_pyobject(
        *arguments(metadata={"m": nan}, input_value={"i": [nan]}, output_schema={"match_importance": nan})
    )
    assert span.count(struct.pack("<Q", bits)) == 3


SHARED: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 0.0, -0.0, 5e-324, 1e400, -1e400, 1.5, "", "a", "é", "\ud83d x", "😀",
)  # fmt: skip


@pytest.mark.parametrize("leaf", SHARED, ids=ascii)
def test_a_leaf_that_is_shared_is_what_json_makes_of_it(native: ModuleType, leaf: Any) -> None:
    """Of the very type and bits; what JSON would change, lone surrogates apart, is not shared."""
    try:
        result = native.process_export_payload_pyobject({"v": [leaf]}, None)[0]["v"][0]
    except UnicodeEncodeError:
        return
    made = json.loads(json.dumps(leaf))
    assert (type(result), repr(result)) == (type(made), repr(made))


def test_containers_are_new_at_every_level(core: ModuleType) -> None:
    inner: dict[str, Any] = {"deep": [{"x": 1}]}
    payload = {"a": inner, "b": [inner]}
    result = normalize(core, payload)
    assert result == payload
    assert result is not payload
    assert result["a"] is not inner
    assert result["b"] is not payload["b"]
    assert result["a"]["deep"] is not inner["deep"]
    assert result["a"]["deep"][0] is not inner["deep"][0]


def test_a_container_that_is_there_twice_becomes_two(core: ModuleType) -> None:
    shared: list[int] = [1]
    result = normalize(core, {"a": shared, "b": [shared, shared]})
    result["a"].append(2)
    assert result == {"a": [1, 2], "b": [[1], [1]]}
    assert result["b"][0] is not result["b"][1]


def test_the_payload_is_left_alone(core: ModuleType) -> None:
    payload = {"t": (1, [2]), 3: {4}, "n": {"b": b"x", "a": [Color.RED]}}
    before = repr(payload)
    normalize(core, payload)
    assert repr(payload) == before


# ---- mappings and their keys ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (True, "True"),
        (False, "False"),
        (None, "None"),
        (1, "1"),
        (-5, "-5"),
        (1.5, "1.5"),
        (1e16, "1e+16"),
        (2.0, "2.0"),
        ((1, "a"), "(1, 'a')"),
        (b"k", "b'k'"),
        (Decimal("1.50"), "1.50"),
        (date(2024, 2, 29), "2024-02-29"),
        (Plain.ONE, "Plain.ONE"),
        (Shout, str(Shout)),
        (frozenset([1]), "frozenset({1})"),
        (Text("kept"), "not this"),
        (Mode.FAST, str(Mode.FAST)),
        (Color.RED, str(Color.RED)),
    ],
)
def test_keys_become_their_str(core: ModuleType, key: Any, text: str) -> None:
    assert typed(normalize(core, {"before": 0, key: 1, "after": {key: []}})) == typed(
        {"before": 0, text: 1, "after": {text: []}}
    )


def test_keys_that_collide_leave_the_last_value_at_the_first_position(core: ModuleType) -> None:
    assert list(normalize(core, {"1": "a", "x": 0, 1: "b"}).items()) == [("1", "b"), ("x", 0)]
    collided = {True: 1, None: 2, "None": 3, "True": {"y": 4}, 1.5: 5, "1.5": 6}
    assert list(normalize(core, collided).items()) == [("True", {"y": 4}), ("None", 3), ("1.5", 6)]


@pytest.mark.parametrize(
    "mapping",
    [
        OrderedDict([("z", 1), ("a", (2,))]),
        defaultdict(list, {"z": 1, "a": (2,)}),
        UserDict({"z": 1, "a": (2,)}),
        MappingProxyType({"z": 1, "a": (2,)}),
        View(),
        Board(),
    ],
    ids=lambda mapping: type(mapping).__name__,
)
def test_a_mapping_becomes_a_dict_in_its_order(core: ModuleType, mapping: Any) -> None:
    assert typed(normalize(core, [mapping])) == typed([{"z": 1, "a": [2]}])


def test_a_dataclass_that_is_a_mapping_is_a_mapping(core: ModuleType) -> None:
    assert normalize(core, Board(size=9)) == {"z": 1, "a": [2]}


# ---- sequences ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ((), []),
        ((1, (2, [3])), [1, [2, [3]]]),
        (Point(1, b"a"), [1, "YQ=="]),
        (Pair("l", {"r": ()}), ["l", {"r": []}]),
        ({5}, [5]),
        (set(), []),
        (Listing([1, (2,)]), [1, [2]]),
    ],
    ids=repr,
)
def test_lists_tuples_and_sets_become_lists(core: ModuleType, payload: Any, expected: Any) -> None:
    assert typed(normalize(core, payload)) == typed(expected)
    assert typed(normalize(core, {"a": payload})) == typed({"a": expected})


def test_a_set_keeps_its_own_order(core: ModuleType) -> None:
    payload = {3, 1, 2, 100, -7, 65537, 10**12}
    assert normalize(core, payload) == list(payload)


# ---- bytes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256)), b"\xff" * 1000])
@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_bytes_become_base64_text(core: ModuleType, kind: type, data: bytes) -> None:
    text = base64.b64encode(data).decode("ascii")
    assert typed(normalize(core, {"a": [kind(data)]})) == typed({"a": [text]})


def test_memoryview_is_not_bytes(core: ModuleType) -> None:
    view = memoryview(b"abc")
    assert normalize(core, [view]) == [str(view)]


# ---- dataclasses ----------------------------------------------------------------------------


def test_a_dataclass_becomes_a_dict_of_its_fields_in_order(core: ModuleType) -> None:
    assert typed(normalize(core, Item("pen", ("a", {1}), Decimal("1.0")))) == typed(
        {"name": "pen", "tags": ["a", [1]], "price": "1.0"}
    )


def test_dataclasses_inside_dataclasses_become_dicts(core: ModuleType) -> None:
    order = Order([Item("pen"), Item("ink", [Item("red")])], {True: Item("x", b"y")})
    pen: dict[str, Any] = {"name": "pen", "tags": [], "price": None}
    red: dict[str, Any] = {"name": "red", "tags": [], "price": None}
    assert typed(normalize(core, order)) == typed(
        {
            "items": [pen, {"name": "ink", "tags": [red], "price": None}],
            "extra": {"True": {"name": "x", "tags": "eQ==", "price": None}},
        }
    )


def test_a_dataclass_type_is_a_type_error(core: ModuleType) -> None:
    with pytest.raises(TypeError, match="asdict"):
        normalize(core, {"a": Item})


# ---- subclasses of JSON types ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Color.RED, 7),
        (Mode.FAST, "fast"),
        (Whole(12), 12),
        (Whole(10**30), 10**30),
        (Real(1.5), 1.5),
        (Real(1e16), 1e16),
        (Text("kept"), "kept"),
        (Text("é\ud83d\ude00"), "é😀"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_become_their_plain_type(core: ModuleType, value: Any, plain: Any) -> None:
    assert typed(normalize(core, {"a": [value]})) == typed({"a": [plain]})


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1E+5"),
        Decimal("NaN"),
        Fraction(1, 3),
        1 + 2j,
        datetime(2024, 2, 29, 12, 0, tzinfo=timezone.utc),
        date(2024, 2, 29),
        timedelta(days=1),
        UUID(int=1),
        frozenset([1]),
        deque([1, 2]),
        range(3),
        Plain.ONE,
        PurePosixPath("/a/b"),
        SimpleNamespace(a=1),
        Shout(),
        int,
        len,
        ...,
        ValueError("no"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_becomes_its_str(core: ModuleType, value: Any) -> None:
    assert typed(normalize(core, [value, {"a": value}])) == typed([str(value), {"a": str(value)}])
    assert typed(normalize(core, value)) == typed(str(value))


def test_an_error_in_str_is_passed_on(core: ModuleType) -> None:
    class Mute:
        def __str__(self) -> str:
            raise LookupError("no words")

    with pytest.raises(LookupError, match="no words"):
        normalize(core, {"a": Mute()})


# ---- the round trip -------------------------------------------------------------------------


def test_adjacent_surrogates_join(core: ModuleType) -> None:
    joined = core.process_export_payload_pyobject({"\ud83d\ude00": ["a\ud83d\ude00b"]}, None)
    assert joined[0] == {"😀": ["a😀b"]}
    assert joined[1] == hashlib.sha256('{"😀":["a😀b"]}'.encode()).hexdigest()


def test_keys_equal_after_joining_collide(core: ModuleType) -> None:
    assert list(normalize(core, {"😀": 1, "x": 2, "\ud83d\ude00": 3}).items()) == [("😀", 3), ("x", 2)]


@pytest.mark.parametrize("payload", ["\ud800", ["\udc00\ud800"], {"\udfff": 1}, {"a": {"b": ("x\ud83d",)}}])
def test_a_lone_surrogate_is_an_encode_error(core: ModuleType, payload: Any) -> None:
    with pytest.raises(UnicodeEncodeError):
        normalize(core, payload)


def test_an_object_has_the_hash_of_its_text(core: ModuleType) -> None:
    payload = {"b": (1, 2.50), "a": {None: b"x", 1: {True}}}
    text = '{"a":{"1":[true],"None":"eA=="},"b":[1,2.5]}'
    assert core.process_export_payload_pyobject(payload, None)[1] == hashlib.sha256(text.encode()).hexdigest()
    assert core.deterministic_hash(text) == hashlib.sha256(text.encode()).hexdigest()


# ---- depth and size -------------------------------------------------------------------------


def nested(levels: int, kind: str) -> Any:
    payload: Any = []
    for _ in range(levels - 1):
        payload = [payload] if kind == "list" else {"a": payload} if kind == "dict" else (payload,)
    return payload


@pytest.mark.parametrize("kind", ["list", "dict", "tuple"])
@pytest.mark.parametrize("levels", [1, 100, 199, 200, 201, 240])
def test_moderate_nesting_is_right(core: ModuleType, kind: str, levels: int) -> None:
    result, expected = (
        normalize(core, nested(levels, kind)),
        nested(levels, "dict" if kind == "dict" else "list"),
    )
    assert typed(result) == typed(expected)


@pytest.mark.parametrize("kind", ["list", "dict", "tuple"])
@pytest.mark.parametrize("levels", [20_000, 200_000])
def test_deep_nesting_is_a_recursion_error_and_no_crash(core: ModuleType, kind: str, levels: int) -> None:
    with pytest.raises(RecursionError):
        normalize(core, nested(levels, kind))


def test_an_object_that_holds_itself_is_a_recursion_error(core: ModuleType) -> None:
    loop: list[Any] = []
    loop.append({"a": loop})
    with pytest.raises(RecursionError):
        normalize(core, loop)


@pytest.mark.parametrize("bits", [28_999, 29_000, 29_001, 40_000])
def test_large_ints_follow_the_digit_limit(core: ModuleType, set_digit_limit: Any, bits: int) -> None:
    number = 1 << (bits - 1)
    set_digit_limit(4300)
    with pytest.raises(ValueError, match="Exceeds the limit"):
        normalize(core, [number])
    set_digit_limit(0)
    assert normalize(core, [number, -number]) == [number, -number]


def test_digit_limit_of_objects_is_exact(core: ModuleType, set_digit_limit: Any) -> None:
    set_digit_limit(700)
    assert normalize(core, [10**699]) == [10**699]
    with pytest.raises(ValueError, match="Exceeds the limit"):
        normalize(core, [10**700])
