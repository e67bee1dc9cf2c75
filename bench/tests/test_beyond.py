"""Growth, distributions, and a bad input made smaller."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bench import beyond
from bench.events import Growth, LeftOut
from bench.pairs.minimise import minimise, smaller
from bench.pairs.payloads import LADDER, ladder
from bench.pairs.rounds import Evidence
from bench.pairs.tasks import GENERATED, Task
from bench.pairs.tasks import LADDER as LADDER_ROLE
from parity.generate import GENERATOR_VERSION

from . import made
from .doubles import CLOCK


def rungs(power: float, fixed: float = 0.0) -> tuple[list[Task], Evidence]:
    """The subject takes `fixed` + n ns a call, the other n^power."""
    tasks = [Task(LADDER_ROLE, "normalize_json", f"keys@{size}", "native", "reference") for size in LADDER]
    evidence = Evidence()
    for task, size in zip(tasks, LADDER):
        for process in range(1, 7):
            own, other = round(1e4 * (fixed + size)), round(1e4 * size**power)
            sample = replace(made.sample(task, 1.0, process), size=size)
            times = {"subject_ns": (own,) * 6, "against_ns": (other,) * 6}
            evidence.add(task, replace(sample, **times))  # type: ignore[arg-type]
    return tasks, evidence


def growths(power: float, fixed: float = 0.0) -> list[Growth]:
    tasks, evidence = rungs(power, fixed)
    return list(beyond.growths(evidence, tasks))


def test_exponents_of_both_sides_and_the_excess() -> None:
    (found,) = growths(1.5)
    assert found.subject_exponent.median == pytest.approx(1.0)
    assert found.against_exponent.median == pytest.approx(1.5)
    assert found.excess.median == pytest.approx(-0.5)
    assert found.sizes == LADDER


def test_break_even_is_where_the_fixed_cost_is_made_up_for() -> None:
    (found,) = growths(1.5, fixed=1_000)
    assert found.break_even is not None
    assert 80 < found.break_even.median < 160, "1,000 + n = n^1.5 at about 103"
    (never,) = growths(0.9)
    assert never.break_even is None


def test_a_ladder_with_a_rung_missing_has_no_growth() -> None:
    tasks, evidence = rungs(1.0)
    del evidence.samples[tasks[3]]
    assert list(beyond.growths(evidence, tasks)) == []


@pytest.mark.parametrize("kind", ["records", "keys", "text"])
def test_rungs_have_about_their_size(kind: str) -> None:
    for size in LADDER:
        shape = ladder(kind, size)
        assert shape.name == f"{kind}@{size}"
        assert 0.7 * size <= shape.size <= 1.1 * size
        json.loads(shape.text)


def test_the_distribution_has_the_worst_input_and_what_has_no_ratio() -> None:
    QUICK, SLOW = "bench.tests.doubles.quick", "bench.tests.doubles.slow"
    names = [f"g{GENERATOR_VERSION}:numbers:1:{at}:normalize_json" for at in range(10)]
    tasks = [Task(GENERATED, "normalize_json", name, QUICK, SLOW) for name in names]
    evidence = Evidence()
    for at, task in enumerate(tasks[:8]):
        for process in range(1, 7):
            evidence.add(task, made.sample(task, 0.5 + at, process))
    for task in tasks[8:]:
        evidence.add(task, LeftOut("normalize_json", f"{QUICK} against {SLOW}, both raise ValueError"))
    (found,) = beyond.distributions(evidence, tasks, 1, False, CLOCK)
    assert (found.inputs, found.left_out) == (10, {"both raise ValueError": 2})
    assert found.worst_input == names[0] and found.worst.median == pytest.approx(0.5)
    assert found.median.median == pytest.approx(4.0)
    assert found.slower == 1


def test_a_bad_input_is_shrunk_to_what_makes_it_bad() -> None:
    whole = ('{"a":[1,2,{"bad":"1e400"},4],"b":"plain text","c":{"d":null}}', None)
    asked = []

    def is_bad(arguments: Any) -> bool:
        asked.append(arguments)
        return "1e400" in arguments[0]

    text, other = minimise(whole, is_bad, 200)
    assert json.loads(text) == {"a": [{"bad": "1e400"}]} and other is None
    assert len(asked) <= 200


def test_no_more_is_asked_than_allowed() -> None:
    asked = []
    minimise(list(range(8)), lambda value: asked.append(value) or False, 7)  # type: ignore[func-returns-value]
    assert len(asked) == 7


def test_arguments_keep_their_number() -> None:
    assert all(len(one) == 2 for one in smaller(("[1,2,3]", {"a": {"encoding": 1}})))


def test_text_that_is_no_json_is_halved() -> None:
    assert list(smaller("{broken!")) == ["{bro", "ken!"]
    assert list(smaller("x")) == []
