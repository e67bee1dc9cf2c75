"""Saved cases keep an input exactly and refuse what they do not know."""

from __future__ import annotations

import json
import math
import struct
from array import array
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Interface, IPv6Network
from pathlib import Path, PosixPath, PurePosixPath, PureWindowsPath
from types import MappingProxyType, SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.anatomy import UnknownKind
from parity.cases import Campaign
from parity.compare import compare_values
from parity.generate import objects
from parity.nodes import from_object, to_object
from parity.operations import OPERATIONS
from parity.saved_case import DamagedCase, load_regressions, read, saved_case, write
from parity.show import full

PROCESS = OPERATIONS["process_export_payload_pyobject"]


def rebuilt(value: Any) -> Any:
    """A value after its way through a tree."""
    return to_object(from_object(value))


def saved(path: Path, *arguments: Any, operation: str = PROCESS.name) -> Path:
    case = saved_case(
        OPERATIONS[operation],
        arguments,
        differed="value",
        origin="g2:numbers:0:1:normalize_json",
        subject="rust",
        date="2026-11-24",
        note="why",
    )
    write(case, path)
    return path


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, -1, 2**53, -(2**64), 10**5000, 0.0, -0.0, 5e-324, math.inf, -math.inf,
        math.nan, "", "é", "\ud800", "\ud83d\ude00", "\U0001f600", "\x00", b"", b"\x00\xff",
        bytearray(b"x"), memoryview(b"ab"), [], {}, (), set(), frozenset({1}), {1: "a", "1": 1,
        None: 2, (1, 2): 3}, OrderedDict(b=1, a=2), defaultdict(list, a=[1]), defaultdict(None),
        Counter("aab"), UserDict({"a": 1}), UserList([1]), UserString("x"), deque([1], maxlen=3),
        MappingProxyType({"a": 1}), MappingProxyType(OrderedDict(a=1)), SimpleNamespace(a=1),
        range(1, 9, 2), slice(1, None), Ellipsis, NotImplemented, complex(1, -0.0), Decimal("sNaN"),
        Decimal("1.10"), Fraction(1, 3),
        UUID(int=1), ValueError("x"), int, memoryview, objects.Point, objects.Level.MANY,
        objects.Mode.ACCENT, objects.Access.READ, objects.Color.RED, objects.WholeNumber(2**70),
        objects.PreciseFloat(-0.0), objects.Label("\ud800"), objects.Rows([1]), objects.Record({1:
        2}), objects.Pair(1, []), objects.Point(1, {2}), objects.Empty(), objects.View({1: b"x"}),
        objects.Printable("x"), objects.Unprintable(), date(1, 1, 1), time(23, 59, 59, 1),
        timedelta(-1, 2, 3), datetime(9999, 12, 31, 23, 59, 59, 999999,
        tzinfo=timezone(timedelta(hours=-3, minutes=-30))), datetime(2024, 1, 1, fold=1), time(1, fold=1),
        datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=1), "one"), fold=1), array("d", [-0.0]),
        memoryview(bytearray(b"abcd")), memoryview(b"abcd").cast("h", (2, 1)), ChainMap({"a": 1}, {}),
        IPv4Address(1), IPv6Network("::/64"), IPv4Interface("10.0.0.1/8"), PurePosixPath("a/b"),
        PosixPath("."), PureWindowsPath("c:/a"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_value_survives_with_its_class_and_bits(value: Any, tmp_path: Path) -> None:
    (again, _) = read(saved(tmp_path / "case.json", value, None)).arguments()
    assert type(again) is type(value)
    if isinstance(value, float):
        assert struct.pack("<d", value) == struct.pack("<d", again)
    assert full(again) == full(value)
    assert compare_values(again, value) is None


def test_arguments_of_generated_cases_survive() -> None:
    """Whatever class the generator makes instances of: it needs no entry in `parity.anatomy`."""
    for case in Campaign([PROCESS, OPERATIONS["build_span_proto_bytes_pyobject"]], 4, 600):
        arguments = case.arguments()
        assert full(rebuilt(arguments)) == full(arguments), case.id
        assert compare_values(rebuilt(arguments), arguments) is None, case.id


def test_a_proxy_that_was_saved_by_its_members_is_still_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "case.json", MappingProxyType({"a": 1}), None)
    text = path.read_text()
    assert '["MappingProxyType", "of", [2]]' in text
    path.write_text(text.replace('["MappingProxyType", "of", [2]]', '["MappingProxyType", null, [3, 4]]'))
    assert full(read(path).arguments()[0]) == "mappingproxy({'a': 1})"


def test_sharing_and_cycles_survive(tmp_path: Path) -> None:
    shared: list[Any] = [1]
    cycle: dict[str, Any] = {"list": shared, "again": shared}
    cycle["self"] = cycle
    record = objects.Record({"k": shared})
    again, _ = read(saved(tmp_path / "case.json", [cycle, record], None)).arguments()
    assert again[0]["list"] is again[0]["again"] is again[1]["k"]
    assert again[0]["self"] is again[0]
    assert type(again[1]) is objects.Record


def test_arguments_are_new_on_each_call(tmp_path: Path) -> None:
    case = read(saved(tmp_path / "case.json", {"a": [1]}, None))
    one, other = case.arguments()[0], case.arguments()[0]
    assert one == other and one is not other and one["a"] is not other["a"]


@pytest.mark.parametrize(
    "wrap", [lambda one: [one], lambda one: {"a": one}, lambda one: objects.View({"a": one})]
)
def test_nesting_beyond_the_interpreters_limit_survives(wrap: Callable[[Any], Any], tmp_path: Path) -> None:
    value: Any = 0
    for _ in range(5000):
        value = wrap(value)
    again, _ = read(saved(tmp_path / "case.json", value, None)).arguments()
    depth = 0
    while not isinstance(again, int):
        again = again[0] if isinstance(again, list) else again["a"]
        depth += 1
    assert depth == 5000


SURROGATES = st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | SURROGATES | st.binary()
KEYS = st.text() | st.integers()
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(TREES)
def test_any_tree_survives(value: Any) -> None:
    assert compare_values(rebuilt(value), value) is None
    case = saved_case(PROCESS, (value, None), differed="", origin="", subject="", date="")
    assert full(case.arguments()) == full((value, None))


class Foreign:
    pass


def test_an_object_of_no_kind_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(UnknownKind, match=r"Foreign.*objects\.py"):
        saved(tmp_path / "case.json", {"a": Foreign()}, None)
    assert not list(tmp_path.iterdir())


def test_file_is_plain_text_written_whole(tmp_path: Path) -> None:
    path = saved(tmp_path / "deep" / "case.json", {"a": "\ud800"}, None)
    assert path.read_text(encoding="ascii").endswith("}\n")
    assert [one.name for one in path.parent.iterdir()] == ["case.json"]
    case = read(path)
    assert (case.operation, case.subject, case.note, case.date) == (PROCESS, "rust", "why", "2026-11-24")
    write(case, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


DAMAGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "not a file of the format": lambda data: {**data, "format": "other"},
    "version 2": lambda data: {**data, "version": 2},
    "members missing or unknown: extra": lambda data: {**data, "extra": 1},
    "members missing or unknown: note": lambda data: {key: one for key, one in data.items() if key != "note"},
    "must be texts": lambda data: {**data, "note": 1},
    "no operation 'other'": lambda data: {**data, "operation": "other"},
    "1 arguments, but": lambda data: {**data, "arguments": [0]},
    "no kind 'eval'": lambda data: {**data, "values": [["eval", "1"], ["None", None]]},
    "neither objects.py nor lying.py": lambda data: {
        **data,
        "values": [["objects.Enum", [], []], ["None", None]],
    },
    "damaged values: row 0 holds itself": lambda data: {
        **data,
        "values": [["list", None, [0]], ["None", None]],
    },
    "damaged values": lambda data: {**data, "values": [["int", "x"], ["None", None]]},
    "row 23 holds more than 10,000,000 objects": lambda data: {
        **data,
        "values": [["None", None], *(["list", None, [row, row]] for row in range(60))],
        "arguments": [60, 0],
    },
    "damaged values: ": lambda data: {**data, "values": [["list", None, [99]], ["None", None]]},
}


@pytest.mark.parametrize("message", DAMAGES)
def test_damaged_or_foreign_file_is_refused_by_name(message: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "case.json", 1, None)
    path.write_text(json.dumps(DAMAGES[message](json.loads(path.read_text()))))
    with pytest.raises(DamagedCase, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"format": 1}'])
def test_file_that_is_no_saved_case_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    with pytest.raises(DamagedCase, match=r"case\.json"):
        read(path)


def test_regressions_are_cases_with_ids_by_name(tmp_path: Path) -> None:
    saved(tmp_path / "b.json", "{}", operation="normalize_json")
    saved(tmp_path / "a.json", {"x": b"y"}, None)
    (tmp_path / "README.md").write_text("not a case")
    cases = load_regressions(tmp_path)
    assert [case.id for case in cases] == ["regression:a", "regression:b"]
    assert cases[0].arguments() == ({"x": b"y"}, None)
    assert cases[1].operation.name == "normalize_json"
    (tmp_path / "c.json").write_text("{}")
    with pytest.raises(DamagedCase):
        load_regressions(tmp_path)


def test_committed_regressions_can_be_read() -> None:
    load_regressions()
