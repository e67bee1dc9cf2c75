"""Equality is exact and total: a value equals its copy and itself, and nothing that is nearly equal."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.compare import NO_WAY, compare_values, identical
from parity.nodes import Marks
from parity.show import full, shortened
from parity.tests.alike import CLOSED, ROWS, Frozen, Row, Slotted
from parity.values import value_class

NEAR = [(one, at) for one in ROWS for at in range(len(one.near))]


def named(case: Any) -> str:
    return case.name if isinstance(case, Row) else str(case)


def test_the_table_has_many_types() -> None:
    assert len({type(one.make()) for one in ROWS}) >= 40


@pytest.mark.parametrize("one", ROWS, ids=named)
def test_a_value_equals_a_copy_and_itself(one: Row) -> None:
    value = one.make()
    assert compare_values(value, value) is None
    assert compare_values(value, one.make()) is None
    assert compare_values([value, {"a": (value,)}], [one.make(), {"a": (one.make(),)}]) is None


@pytest.mark.parametrize(("one", "at"), NEAR, ids=named)
def test_a_near_miss_is_told_apart_both_ways_and_inside(one: Row, at: int) -> None:
    value, near = one.make(), one.near[at]()
    assert not identical(value, near) and not identical(near, value)
    assert compare_values(value, near) is not None
    assert compare_values(near, value) is not None
    assert compare_values({"a": (1, value)}, {"a": (1, near)}) is not None


def test_no_two_rows_are_equal() -> None:
    values = [(one.name, one.make()) for one in ROWS]
    for at, (name, value) in enumerate(values):
        for other, near in values[:at]:
            assert compare_values(value, near) is not None, (name, other)


def test_the_order_in_which_sets_iterate_does_not_count() -> None:
    one, other = frozenset([0, 8]), frozenset([8, 0])
    assert list(one) != list(other), "these two have to iterate in another order"
    for wrap in (lambda it: it, lambda it: {it}, lambda it: {it: 1}, lambda it: {Frozen((it,)): 1}):
        assert compare_values(wrap(one), wrap(other)) is None


def test_marks_alone_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Marks, "of", lambda self, value: 0)
    assert compare_values({(1,): 0, "a": 1}, {(2,): 0, "a": 1}) is not None
    assert compare_values({(1,), "a"}, {(2,), "b"}) is not None


# ---- anywhere within a value ------------------------------------------------------

SMALL = [one for one in ROWS if not one.large]
SHAPES = st.recursive(
    st.integers(0, len(SMALL) - 1),
    lambda inner: st.tuples(
        st.sampled_from(("list", "tuple", "dict", "object", "slots", "deque")), st.lists(inner, max_size=4)
    ),
    max_leaves=8,
)
HOLDERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "dict": lambda parts: {f"key {at}": part for at, part in enumerate(parts)},
    "object": lambda parts: SimpleNamespace(parts=parts),
    "slots": lambda parts: Frozen(Slotted(tuple(parts))),
    "deque": lambda parts: deque(parts, 9),
}


def built(shape: Any, leaf: Callable[[int], Any]) -> Any:
    """A value of a shape, whose leaves are rows of the table."""
    if isinstance(shape, int):
        return leaf(shape)
    holder, inner = shape
    return HOLDERS[holder]([built(part, leaf) for part in inner])


def leaves(shape: Any) -> list[int]:
    return [shape] if isinstance(shape, int) else [leaf for part in shape[1] for leaf in leaves(part)]


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(SHAPES, st.data())
def test_one_near_miss_anywhere_in_a_value_is_seen(shape: Any, data: st.DataObject) -> None:
    value = built(shape, lambda row: SMALL[row].make())
    assert compare_values(value, built(shape, lambda row: SMALL[row].make())) is None
    places = leaves(shape)
    if not places:
        return
    wrong = data.draw(st.integers(0, len(places) - 1))
    near = data.draw(st.sampled_from(SMALL[places[wrong]].near))
    counted = iter(range(len(places)))
    other = built(shape, lambda row: near() if next(counted) == wrong else SMALL[row].make())
    assert compare_values(value, other) is not None


# ---- what cannot be seen into -------------------------------------------------------


@pytest.mark.parametrize("one", CLOSED, ids=named)
def test_what_shows_nothing_is_equal_to_itself_alone(one: Row) -> None:
    value, other = one.make(), one.make()
    assert compare_values(value, value) is None
    assert compare_values([value], [value]) is None
    found = compare_values({"a": [value]}, {"a": [other]})
    assert found is not None
    assert (found.path, found.reason) == ("$.a[0]", NO_WAY)


@pytest.mark.parametrize("one", [*ROWS, *CLOSED], ids=named)
def test_a_value_is_written_alike_each_time_and_without_an_address(one: Row) -> None:
    text = full(one.make())
    assert "0x" not in text
    assert shortened(text) == shortened(full(one.make()))
    assert value_class(one.make())
