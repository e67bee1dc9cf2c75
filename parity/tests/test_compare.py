"""The first difference between two outcomes: what counts as one, and where it is said to be."""

from __future__ import annotations

import math
import struct
from decimal import Decimal
from typing import Any

import pytest

from parity.compare import Difference, compare, compare_values
from parity.outcome import Crash, Error, Hang, Value


def nan(bits: int) -> float:
    (number,) = struct.unpack("<d", bits.to_bytes(8, "little"))
    assert isinstance(number, float) and math.isnan(number)
    return number


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        2**70,
        1.5,
        -0.0,
        nan(0x7FF8_0000_0000_0001),
        float("inf"),
        "",
        "\ud800",
        b"\x00",
        [],
        {},
        (),
        {"a": [1, {"b": None}], "": "x"},
        ("text", {"a": 1.0}, b"bytes"),
    ],
)
def test_value_equals_a_copy_of_itself(value: Any) -> None:
    assert compare_values(value, value) is None


SAME: list[Any] = [0, 0.0, False, None, "", b"", [], {}, (), -0.0, "0", b"0"]


@pytest.mark.parametrize("one", SAME, ids=repr)
@pytest.mark.parametrize("other", SAME, ids=repr)
def test_no_two_look_alikes_are_equal(one: Any, other: Any) -> None:
    difference = compare_values([one], [other])
    if one is other:
        assert difference is None
    else:
        assert difference is not None
        assert difference.path.startswith("$[0]")
        assert difference.reason == ("value" if type(one) is type(other) else "type")


@pytest.mark.parametrize(
    ("expected", "actual", "path", "reason"),
    [
        ({"rows": [0, {"price": 1}]}, {"rows": [0, {"price": 1.0}]}, "$.rows[1].price", "type"),
        ({"a b": {"": True}}, {"a b": {"": 1}}, "$['a b']['']", "type"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "$", "key order"),
        ({"a": 1}, {"a": 1, "b": 2}, "$", "keys"),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, "$.a", "keys"),
        ({1: "x"}, {True: "x"}, "$", "key order"),
        ([1, 2], [1], "$", "length"),
        ([[1], [2]], [[1], [3]], "$[1][0]", "value"),
        ({"a": 1, "b": 2}, {"a": 9, "b": 9}, "$.a", "value"),
        ("abcdef", "abcXef", "$ offset 3", "value"),
        ("abc", "abcd", "$ offset 3", "value"),
        ({"a": "\ud83d\ude00"}, {"a": "\U0001f600"}, "$.a offset 0", "value"),
        (b"\x0a\x01a", b"\x0a\x01b", "$ byte 2", "value"),
        (nan(0x7FF8_0000_0000_0000), nan(0x7FF8_0000_0000_0001), "$", "value"),
        (nan(0x7FF8_0000_0000_0000), nan(0xFFF8_0000_0000_0000), "$", "value"),
        (2**63, 2**63 + 1, "$", "value"),
        (bytearray(b"a"), b"a", "$", "type"),
    ],
)
def test_difference_says_where_and_why(expected: Any, actual: Any, path: str, reason: str) -> None:
    difference = compare_values(expected, actual)
    assert difference is not None
    assert (difference.path, difference.reason) == (path, reason)


def test_difference_holds_what_stands_on_each_side() -> None:
    assert compare_values({"a": [1]}, {"a": [True]}) == Difference("$.a[0]", "type", 1, True)
    assert compare_values("xy", "xz") == Difference("$ offset 1", "value", "xy", "xz", 1)


def test_members_of_a_tuple_result_go_by_their_names() -> None:
    difference = compare_values(("{}", b"ab"), ("{}", b"ac"), ("normalized_json", "struct_bytes"))
    assert difference is not None
    assert difference.path == "$.struct_bytes byte 1"


def test_type_no_operation_returns_is_never_equal() -> None:
    assert compare_values(Decimal(1), Decimal(1)) is not None


def test_nesting_beyond_the_interpreters_limit_is_compared() -> None:
    def tower(core: object) -> object:
        for _ in range(20_000):
            core = [core]
        return core

    assert compare_values(tower(1), tower(1)) is None
    difference = compare_values(tower(1), tower(2))
    assert difference is not None
    assert difference.path.count("[0]") == 20_000


@pytest.mark.parametrize(
    ("expected", "actual", "reason"),
    [
        (Value(1), Error("ValueError", "x"), "outcome"),
        (Error("ValueError", "x"), Value(1), "outcome"),
        (Error("ValueError", "x"), Error("TypeError", "x"), "error class"),
        (Error("ValueError", "x at 1", 1), Error("ValueError", "x at 2", 2), "error message"),
        (Error("ValueError", "x", 1), Error("ValueError", "x", 2), "error position"),
        (Error("ValueError", "x", 1), Error("ValueError", "x"), "error position"),
        (Error("KeyError", "1", None, (1,)), Error("KeyError", "1", None, (True,)), "error arguments"),
        (Error("KeyError", "1", None, (1,)), Error("KeyError", "1"), "error arguments"),
        (Value(1), Crash(11), "outcome"),
        (Value(1), Hang(5.0), "outcome"),
    ],
)
def test_errors_are_compared_by_class_message_and_position(expected: Any, actual: Any, reason: str) -> None:
    difference = compare(expected, actual)
    assert difference is not None
    assert difference.reason == reason


def test_of_a_recursion_error_only_the_class_counts() -> None:
    deep = Error("RecursionError", "maximum recursion depth exceeded")
    assert compare(deep, Error("RecursionError", "maximum recursion depth exceeded in comparison")) is None
    assert compare(deep, Error("ValueError", "maximum recursion depth exceeded")) is not None
