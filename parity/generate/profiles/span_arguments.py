"""The 29 arguments of a span: mostly right with corners in them, one in three with something wrong."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from ...operations import EXPORT_ARGUMENTS, SPAN_ARGUMENTS, Takes
from ..limits import DECODED_TYPES, ENCODINGS, PACKAGE_TYPES, SCHEMA_TYPES, SPAN_KINDS, STATUS_CODES
from ..objects import Label, Level, PreciseFloat, Printable, Record, WholeNumber
from ..pools import AWKWARD_KEYS, KEYS
from ..source import Source
from ..strings import hostile_text
from ..values import Arguments, read, remade
from ..wire import CANONICAL, NON_CANONICAL, damage, deep_struct, struct_message
from . import everyday, numbers, structure
from . import hostile_text as hostile_payloads
from .base import Profile
from .python_objects import python_dict

_AT = {name: at for at, name in enumerate(SPAN_ARGUMENTS)}
_HASHES = ("", "a" * 64, "0123456789abcdef" * 4)
_NAMES = ("GET /users/{id}", "", "flask", "psycopg2.query", "redis.get", "naïve", "名前")

_SECONDS = (
    1_700_000_000, 0, 1, -1, 1_709_210_096, 2**31 - 1, 2**31, 2**32, 253_402_300_799, 253_402_300_800,
    -62_135_596_800, -62_135_596_801, 2**53 + 1, 2**63 - 1, -(2**63),
)  # fmt: skip
_NANOS = (
    0,
    1,
    999,
    1_000,
    125_000_000,
    500_000_000,
    999_999_000,
    999_999_999,
    1_000_000_000,
    -1,
    -1_000,
    2**31 - 1,
    -(2**31),
)

_WRONG_ENUMS = (
    PACKAGE_TYPES[-1],
    SPAN_KINDS[-1],
    STATUS_CODES[-1],
    -1,
    2**31,
    2**63,
    2**64,
    10**30,
    None,
    "1",
    1.0,
    b"\x01",
    Decimal(1),
)
_WRONG_INTS = (2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**30, None, "1", 1.5, Decimal(1))


def _arguments(source: Source) -> Arguments:
    """Each group of arguments is ordinary or not by itself, so that one corner does not hide another."""
    arguments: list[object] = []
    odd_names = source.chance(4)
    arguments += (_identifier(source, odd_names) for _ in range(7))
    arguments += (
        source.pick(PACKAGE_TYPES[1:-1]),
        source.pick(("production", None, "", "é", "\x00")),
        source.pick(SPAN_KINDS[1:-1]),
        schema(source, 3, odd=source.chance(6)),
        schema(source, 3, odd=source.chance(6)),
        *(source.pick(_HASHES) for _ in range(4)),
        source.pick(STATUS_CODES[1:-1]),
        source.pick(("", "OK", "upstream timed out", "ошибка")),
        source.chance(4),
        source.chance(2),
        *_times(source, odd=source.chance(5)),
        _metadata(source, odd=source.chance(3)),
        value(source, odd=source.chance(3)),
        value(source, odd=source.chance(3)),
        _struct_bytes(source, odd=source.chance(3)),
        _struct_bytes(source, odd=False),
    )
    if source.chance(4):
        _spoil(source, arguments)
    return tuple(arguments)


def _identifier(source: Source, odd: bool) -> str:
    if not odd:
        return f"{source.bits(64):016x}" if source.chance(2) else source.pick(_NAMES)
    return (
        Label("id") if source.chance(16) else hostile_text(source).encode("utf-8", "replace").decode("utf-8")
    )


def _times(source: Source, odd: bool) -> tuple[int, int, int, int]:
    """Timestamp seconds and nanos, then the duration's; all but odd ones keep to milliseconds."""
    if not odd:
        milliseconds = source.below(1000)
        return (
            1_700_000_000 + source.below(10**8),
            milliseconds * 1_000_000,
            source.below(60),
            source.below(1000) * 1_000_000,
        )
    return source.pick(_SECONDS), source.pick(_NANOS), source.pick(_SECONDS), source.pick(_NANOS)


def _metadata(source: Source, odd: bool) -> object:
    if source.chance(2):
        return None
    out: dict[object, object] = Record() if odd and source.chance(2) else {}
    while source.more(2):
        key: object = source.pick(AWKWARD_KEYS if odd else KEYS)
        if odd and source.chance(4):
            key = source.pick((1, None, True, 1.5, Level.ONE, "1", Printable("id")))
        out[key] = source.pick(
            (None, "x", 1, True, 19.99, [], {}, [None], {"a": None}, Decimal("1.5"), (1,), b"x")
        )
    return MappingProxyType(out) if odd and source.chance(8) else out


def value(source: Source, odd: bool) -> object:
    """An input or output value: an object as processing returns it, None, or what is no object."""
    if source.chance(6):
        return source.pick((None, {}, [], [1], "text", 1, False, OrderedDict()))
    draw = everyday.text
    if odd:
        kind = source.below(8)
        if kind == 0:
            return python_dict(source, 2)
        draw = (everyday.text, numbers.text_within_limits, hostile_payloads.text, structure.text)[kind % 4]
    return read(draw(source))


def _struct_bytes(source: Source, odd: bool) -> object:
    """Precomputed Struct bytes: mostly None, as when the object is encoded here."""
    if not source.chance(3):
        return None
    if not odd or source.chance(3):
        return struct_message(source, CANONICAL)
    kind = source.below(4)
    if kind == 0:
        return b""
    if kind == 1:
        return struct_message(source, NON_CANONICAL)
    if kind == 2:
        return deep_struct(source)
    return damage(source, struct_message(source, CANONICAL))


def schema(source: Source, depth: int, odd: bool) -> dict[object, object]:
    """A schema dict as inference returns it; an odd one has members missing, foreign or out of range."""
    if odd and source.chance(4):
        return source.pick(_odd_schemas())
    kind = source.pick((6, 2, 1, 3, 4, 7)) if depth < 3 else 6
    if odd and source.chance(8):
        kind = source.pick(SCHEMA_TYPES)
    properties: dict[object, object] = {}
    out: dict[object, object] = {"type": kind, "properties": properties}
    if kind == 6 and depth > 0:
        while source.more(2):
            key = source.pick(AWKWARD_KEYS if source.chance(4) else KEYS)
            properties[key] = schema(source, depth - 1, odd)
    if kind == 7 and depth > 0:
        out["items"] = schema(source, depth - 1, odd)
    if source.chance(8):
        out["encoding"] = source.pick(ENCODINGS[1:] if odd else ENCODINGS[1:-1])
    if source.chance(8):
        out["decoded_type"] = source.pick(DECODED_TYPES if odd else DECODED_TYPES[1:-1])
    if source.chance(8):
        out["match_importance"] = source.pick((1.0, 0.0, 0.5, -0.0, 1, 5e-324))
    return out


def _odd_schemas() -> tuple[dict[object, object], ...]:
    """Schemas no inference makes, some of them right, made anew each time because a dict can be changed."""
    return (
        {}, {"type": 6}, {"properties": {}}, {"type": 10}, {"type": -1}, {"type": True}, {"type": None},
        {"type": "6"}, {"type": 6.0}, {"type": 2**70}, {"type": Level.ONE}, {"type": 6, "properties": None},
        {"properties": []}, {"properties": {"": {}}}, {"properties": {"a": {}, "": {"type": 2}}},
        {"properties": {"a": None}}, {"items": {}}, {"items": None}, {"items": []},
        {"type": 7, "items": {"type": 7, "items": {}}}, {"encoding": 0, "decoded_type": 0},
        {"encoding": 2, "decoded_type": 25}, {"encoding": True}, {"encoding": None},
        {"encoding": "1", "decoded_type": 1.0}, {"match_importance": None}, {"match_importance": 0},
        {"match_importance": True}, {"match_importance": 2**53 + 1}, {"match_importance": float("nan")},
        {"match_importance": PreciseFloat(0.5)}, {"unknown": 1}, OrderedDict(type=2),
        {"type": WholeNumber(6), "properties": OrderedDict(a=OrderedDict(type=2))},
    )  # fmt: skip


def _spoil(source: Source, arguments: list[object]) -> None:
    """Put one wrong thing among the arguments: a type, a number out of range, half a surrogate."""
    name = source.pick(SPAN_ARGUMENTS)
    arguments[_AT[name]] = source.pick(_wrong_values(source, name))


def _wrong_values(source: Source, name: str) -> tuple[object, ...]:
    """Wrong values for an argument, made anew each time because some can be changed."""
    if name in ("package_type", "kind", "status_code"):
        return _WRONG_ENUMS
    if name.endswith(("_seconds", "_nanos")):
        return _WRONG_INTS
    if name.startswith("is_"):
        return 0, 1, None, "true", 1.0, WholeNumber(1), []
    if name.endswith("_schema"):
        wrong_types: tuple[object, ...] = ([], (), "{}", 1, MappingProxyType({"type": 6}), [("type", 6)])
        return wrong_types if source.chance(3) else _wrong_schemas()
    if name == "metadata":
        return {"a": 10**400}, {"a": {1: 2}}, {"a": "\ud800"}, {"\udfff": 1}, [], "x", [("a", 1)], 0, ""
    if name in ("input_value", "output_value"):
        return (
            {"a": 10**309},
            {1: "a"},
            {"a": {None: 1}},
            {"a": "\ud800"},
            {"\ud800": 10**400},
            {"a": [b"x", (1,)]},
        )
    if name.endswith("_bytes"):
        return b"\xff", "", bytearray(b"\x0a\x00"), [], 0, damage(source, struct_message(source, CANONICAL))
    return "\ud800", "x\udfff", None, b"id", 1, True, ["id"], Decimal(1), bytearray(b"id")


def _wrong_schemas() -> tuple[dict[object, object], ...]:
    return (
        {"properties": {1: {}}}, {"properties": {None: None}}, {"properties": {"a": 1}},
        {"properties": {"a": []}}, {"properties": {"a": ""}}, {"properties": {"a": MappingProxyType({})}},
        {"match_importance": "1"}, {"match_importance": 10**400}, {"match_importance": []},
        {"items": {"match_importance": b"1"}}, {"properties": {"\ud800": {}}},
        {"properties": {"a": {"properties": {"b": {"match_importance": Decimal(1)}}}}},
    )  # fmt: skip


def _as_texts(arguments: Arguments) -> Arguments:
    """The same span with its values and metadata as texts; what is no dict stays what it is."""
    given = dict(zip(SPAN_ARGUMENTS, arguments))
    texts = {
        "input_json": _text(given["input_value"]),
        "output_json": _text(given["output_value"]),
        "metadata_json": given["metadata"],
    }
    if isinstance(given["metadata"], Mapping):
        texts["metadata_json"] = _text(dict(given["metadata"]))
    return tuple({**given, **texts}.get(name) for name in EXPORT_ARGUMENTS)


def _text(value: object) -> str:
    """A value as text without the parts that have none; one that refuses as a whole is malformed."""
    try:
        return json.dumps(value, default=lambda part: type(part).__name__, skipkeys=True)
    except Exception:  # objects that lie raise whatever they like
        return "{"


PROFILE = Profile(
    "span-arguments",
    "the 29 arguments of a span, right and wrong, and those of a span of texts",
    (Takes.SPAN, Takes.EXPORT),
    lambda source: {
        Takes.SPAN: remade(_arguments, source),
        Takes.EXPORT: remade(lambda again: _as_texts(_arguments(again)), source),
    },
    weight=8,
)
