"""The first difference between two outcomes: what counts as one, and where it is said to be."""

from __future__ import annotations

import math
import struct
from collections import deque
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from parity.compare import Difference, compare, compare_values
from parity.outcome import Crash, Error, Hang, OutOfMemory, Value, observe
from parity.tests.alike import (
    Failure,
    Pair,
    Point,
    Rows,
    Table,
    Text,
    attributed,
    caused,
    counting,
    within_itself,
)


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
        ({1: "x"}, {True: "x"}, "$", "keys"),
        ({1: "x", None: 0}, {None: 0, 1: "x"}, "$", "key order"),
        ({(1, 2): "x"}, {(1, 2): "y"}, "$[(1, 2)] offset 0", "value"),
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
        (("x", b"a"), ("x", bytearray(b"a")), "$[1]", "type"),
        ([{"a": b""}], [{"a": memoryview(b"")}], "$[0].a", "type"),
        (bytearray(b"ab"), bytearray(b"ac"), "$ byte 1", "value"),
        (Decimal("1.0"), Decimal("1.00"), "$", "value"),
        (deque([1], 2), deque([1], 3), "$.maxlen", "value"),
        (complex(0, 1), complex(0, -1), "$.imag", "value"),
        (Pair(1, [2]), Pair(1, [3]), "$.right[0]", "value"),
        (Point(1, y={"a": 1}), Point(1, y={"a": True}), "$.y.a", "type"),
        (SimpleNamespace(a=1), SimpleNamespace(a=1, b=2), "$", "attributes"),
        (Rows([1, 2]), Rows([1]), "$", "length"),
        (Table(a=1, b=2), Table(b=2, a=1), "$", "key order"),
        ({1, (2, "a")}, {1, (2, "b")}, "$", "members"),
        (within_itself(), within_itself(times=2), "$[0]", "cycle"),
        (counting(), counting(), "$", "no way to compare"),
        (int, float, "$", "value"),
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


def test_members_that_one_set_alone_has_are_named() -> None:
    difference = compare_values({1, "a", 2.0}, {True, "a", 2.0})
    assert difference is not None
    assert (difference.expected, difference.actual) == ([1], [True])
    assert type(difference.actual[0]) is bool  # type: ignore[index]


def test_names_of_attributes_that_part_are_shown_in_order() -> None:
    difference = compare_values(SimpleNamespace(b=1, a=2), SimpleNamespace(a=2, c=1))
    assert difference == Difference("$", "attributes", ["a", "b"], ["a", "c"])


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
        (Value(1), OutOfMemory(1 << 30), "outcome"),
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


# ---- all that an error holds --------------------------------------------------------


def raised(error: BaseException) -> Error:
    """What comes of a call that raises it."""

    def call() -> None:
        raise error

    outcome = observe(call, ())
    assert isinstance(outcome, Error)
    return outcome


def noted(*notes: object) -> ValueError:
    error = ValueError("x")
    error.__notes__ = list(notes)  # type: ignore[attr-defined]
    return error


def caused_by_itself() -> BaseException:
    error = ValueError("x")
    return caused(error, error)


def in_a_ring(size: int) -> BaseException:
    errors = [ValueError(str(at)) for at in range(size)]
    for at, error in enumerate(errors):
        caused(error, errors[(at + 1) % size])
    return errors[0]


def unicode_error(end: int) -> UnicodeDecodeError:
    error = UnicodeDecodeError("utf-8", b"abc", 0, 1, "no")
    error.end = end
    return error


class Silent(Exception):
    """Its text says nothing of what it holds."""

    def __str__(self) -> str:
        return "x"


class Imposter(Exception):
    pass


Imposter.__module__, Imposter.__qualname__ = "builtins", "ValueError"

ERRORS = [
    (lambda: Failure("x", code=1), lambda: Failure("x", code=True), "error attributes", "$.code"),
    (lambda: Failure("x", code=1), lambda: attributed(Failure("x", code=1), z=1), "error attributes", "$"),
    (lambda: OSError(2, "no", "a"), lambda: OSError(2, "no", b"a"), "error message", "$"),
    (lambda: StopIteration(), lambda: StopIteration(None), "error message", "$"),
    (lambda: StopIteration([1]), lambda: StopIteration((1,)), "error message", "$"),
    (lambda: unicode_error(1), lambda: unicode_error(2), "error message", "$"),
    (lambda: Silent([1]), lambda: Silent([1.0]), "error arguments", "$.args[0][0]"),
    (lambda: Silent(b"a"), lambda: Silent(bytearray(b"a")), "error arguments", "$.args[0]"),
    (lambda: Silent(Text("a")), lambda: Silent(Text("b")), "error arguments", "$.args[0]"),
    (lambda: SystemExit(0), lambda: SystemExit(False), "error message", "$"),
    (lambda: SystemExit(None), lambda: SystemExit(), "error message", "$"),
    (lambda: KeyError(1), lambda: KeyError(1.0), "error message", "$"),
    (lambda: noted("a"), lambda: noted("b"), "error notes", "$.__notes__[0] offset 0"),
    (lambda: noted("a"), lambda: ValueError("x"), "error notes", "$.__notes__"),
    (lambda: caused(ValueError("x"), None), lambda: caused(ValueError("x"), None, False),
     "error suppresses context", "$"),
    (lambda: caused(ValueError("x"), KeyError(1)), lambda: caused(ValueError("x"), None),
     "error cause", "$.__cause__"),
    (lambda: caused(ValueError("x"), KeyError(1)), lambda: caused(ValueError("x"), KeyError(2)),
     "error cause", "$.__cause__"),
    (lambda: caused(ValueError("x"), Failure(code=1)), lambda: caused(ValueError("x"), Failure(code=2)),
     "error cause", "$.__cause__.code"),
    (lambda: caused(ValueError("x"), caused(ValueError("y"), KeyError(1))),
     lambda: caused(ValueError("x"), caused(ValueError("y"), KeyError(2))),
     "error cause", "$.__cause__.__cause__"),
    (caused_by_itself, lambda: ValueError("x"), "error suppresses context", "$"),
    (caused_by_itself, lambda: caused(ValueError("x"), ValueError("x")), "error cause", "$.__cause__"),
    (lambda: in_a_ring(3), lambda: in_a_ring(2), "error cause", "$.__cause__.__cause__"),
    (lambda: ValueError("x"), lambda: Imposter("x"), "error class", "$"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "near", "reason", "path"), ERRORS)
def test_errors_are_compared_in_all_they_hold(make: Any, near: Any, reason: str, path: str) -> None:
    assert compare(raised(make()), raised(make())) is None
    found = compare(raised(make()), raised(near()))
    assert found is not None
    assert (found.reason, found.path) == (reason, path)
    assert compare(raised(near()), raised(make())) is not None


def test_attributes_of_an_error_have_no_order() -> None:
    one = attributed(attributed(ValueError(), a=1), b=[2])
    assert compare(raised(one), raised(attributed(attributed(ValueError(), b=[2]), a=1))) is None


def test_the_context_of_an_error_does_not_count() -> None:
    def within() -> None:
        try:
            [][1]
        except IndexError:
            raise ValueError("x")  # noqa: B904

    outcome = observe(within, ())
    assert compare(raised(ValueError("x")), outcome) is None


def test_long_chains_of_causes_are_compared_to_their_end() -> None:
    def chain(last: str) -> BaseException:
        error: BaseException = ValueError(last)
        for at in range(5000):
            error = caused(ValueError(str(at)), error)
        return error

    assert compare(raised(chain("a")), raised(chain("a"))) is None
    found = compare(raised(chain("a")), raised(chain("b")))
    assert found is not None
    assert found.path == "$" + 5000 * ".__cause__"
