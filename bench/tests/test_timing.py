"""Batches and their calibration, on a scripted clock."""

from __future__ import annotations

import gc
import itertools
import os

import pytest

from bench.pairs import timing
from bench.pairs.timing import Supply, calls_in, fastest_call, time_batch, undisturbed

from .scripted import ScriptedClock, given


def test_a_batch_is_timed_as_a_whole() -> None:
    clock = ScriptedClock()
    assert time_batch(lambda text: clock.spend("a", 100), Supply(given()), 7, clock) == 700
    assert clock.calls == ["a"] * 7


@pytest.mark.parametrize("cost", [40, 900, 15_000, 3_000_000, 80_000_000])
def test_fastest_call_is_found_at_every_scale(cost: int) -> None:
    clock = ScriptedClock()
    assert fastest_call(lambda text: clock.spend("a", cost), Supply(given()), clock) == cost


def test_bursts_of_noise_do_not_enlarge_the_fastest_call() -> None:
    clock = ScriptedClock()
    costs = itertools.cycle([90_000, 25_000, 400_000])
    assert fastest_call(lambda text: clock.spend("a", next(costs)), Supply(given()), clock) == 25_000


@pytest.mark.parametrize("cost", [100, 4_500_000])
def test_a_clock_too_coarse_to_see_a_call_still_gives_a_positive_time(cost: int) -> None:
    clock = ScriptedClock()
    tick = 10_000_000
    assert (
        fastest_call(lambda text: clock.spend("a", cost), Supply(given()), lambda: clock() // tick * tick) > 0
    )


def test_slow_calls_are_not_repeated_long() -> None:
    clock = ScriptedClock()
    fastest_call(lambda text: clock.spend("a", 40_000_000), Supply(given()), clock)
    assert len(clock.calls) == 1


@pytest.mark.parametrize(
    ("batch", "call", "expected"), [(750_000, 1_000, 750), (750_000, 2e6, 1), (100, 30, 3)]
)
def test_calls_fill_the_batch_and_are_at_least_one(batch: float, call: float, expected: int) -> None:
    assert calls_in(batch, call) == expected


def test_shared_arguments_are_the_same_objects() -> None:
    supply = Supply(given(lambda: (["new"],)))
    (first,), (second,) = supply.take(2)
    assert first is second


def test_arguments_that_cannot_be_shared_are_new_for_each_call_and_made_before() -> None:
    made: list[int] = []

    def make() -> tuple[object, ...]:
        made.append(1)
        return ("ü" * 3,)

    batch = Supply(given(make, may_share=False)).take(4)
    assert len(made) == 4
    assert len(list(batch)) == 4


def test_an_undisturbed_interpreter_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    pinned: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 2, 5}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda process, cores: pinned.append(cores), raising=False)
    with pytest.raises(KeyError), undisturbed():
        assert not gc.isenabled()
        assert pinned == [{5}]
        raise KeyError
    assert gc.isenabled()
    assert pinned == [{5}, {0, 2, 5}]


def test_without_a_way_to_pin_nothing_is_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert timing._pin() is None
