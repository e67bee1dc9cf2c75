"""Objects whose code would run within a call: what is drawn, and that a call which lets it run is caught."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any, Callable

import pytest

from parity import cases
from parity.generate.lying import CHANGES, Forged, Garbage, Passing
from parity.judge import Pair, judge
from parity.operations import OPERATIONS, SPAN_ARGUMENTS
from parity.subjects import Subject, load

INPUTS = 300
"""Of the profile within a campaign of 40,000 cases, which has about 400."""

PAYLOAD, SPAN = "process_export_payload_pyobject", "build_span_proto_bytes_pyobject"


def drawn(operation: str) -> Iterator[cases.Case]:
    for index in range(INPUTS):
        yield from cases.generated("interfering", 0, index, [OPERATIONS[operation]])


def within(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from within(item)


def orders(operation: str, at: int) -> set[str]:
    """Where forged keys of the dicts in an argument stand on the way to the right key, and beside it."""
    found = set()
    for case in drawn(operation):
        for one in within(case.arguments()[at]):
            for key in one if isinstance(one, dict) else ():
                if isinstance(key, Forged) and isinstance(one, dict) and key.like in [*map(str.__str__, one)]:
                    key.compared = 0
                    one.get("".join([*key.like]))
                    right = next((other for other in one if type(other) is str and other == key.like), "")
                    later = [*map(id, one)].index(id(key)) > [*map(id, one)].index(id(right))
                    found.add(("passed" if key.compared else "not passed") + (", later" if later else ""))
    return found


@pytest.mark.parametrize(
    ("operation", "argument"),
    [
        (PAYLOAD, "payload"),
        (PAYLOAD, "schema_merges"),
        (SPAN, "metadata"),
        (SPAN, "input_value"),
        (SPAN, "input_schema"),
    ],
)
def test_forged_keys_stand_before_the_right_one_and_behind_whenever_they_came(
    operation: str, argument: str
) -> None:
    at = OPERATIONS[operation].arguments.index(argument)
    assert orders(operation, at) == {"passed", "passed, later", "not passed", "not passed, later"}


def test_sparse_dicts_have_them_too() -> None:
    """Whose copy is made by inserting."""
    at = SPAN_ARGUMENTS.index("input_value")
    sizes = [
        (len(one), one.__sizeof__())
        for case in drawn(SPAN)
        for one in within(case.arguments()[at])
        if isinstance(one, dict) and any(isinstance(key, Forged) for key in one)
    ]
    assert any(size > 40 * count + 2000 for count, size in sizes)


def test_values_that_go_change_the_merges_in_every_way() -> None:
    changes = {
        one.change
        for case in drawn(PAYLOAD)
        for one in within(case.arguments()[0])
        if isinstance(one, Passing)
    }
    assert changes == set(CHANGES)


def test_the_collector_finds_garbage_within_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    if not gc.isenabled():
        pytest.skip("nothing is collected")
    collected: list[Garbage] = []
    act = Garbage.__del__

    def counted(one: Garbage) -> None:
        collected.append(one)
        act(one)

    monkeypatch.setattr(Garbage, "__del__", counted)
    process = load("reference").functions[PAYLOAD]
    calls = 0
    for case in drawn(PAYLOAD):
        collected.clear()
        payload, merges = case.arguments()
        if isinstance(merges, dict) and len(merges) == 40:
            assert not collected
            before = dict(merges)
            process(payload, merges)
            assert len(collected) == 1
            assert merges == before
            calls += 1
    assert calls > 5


def _caught(change: Callable[[Any], Any]) -> bool:
    """Whether a candidate that does something with payload and merges first differs from the reference."""
    reference = load("reference")
    process = reference.functions[PAYLOAD]
    faulty = Subject("faulty", {PAYLOAD: lambda *given: process(*change(given))}, reference.provenance)
    return any(judge(case, Pair(reference, faulty)).difference is not None for case in drawn(PAYLOAD))


def test_who_looks_keys_up_is_caught() -> None:
    def looked_up(given: Any) -> Any:
        if isinstance(given[0], dict):
            for key in map(str.__str__, filter(lambda key: isinstance(key, str), list(given[0]))):
                given[0].get(key)
        return given

    assert _caught(looked_up)
    assert not _caught(lambda given: given)


def test_who_reads_merges_before_the_payload_is_caught() -> None:
    assert _caught(lambda given: (given[0], dict(given[1]) if type(given[1]) is dict else given[1]))
