"""The odd objects, spans and requests are among the generated ones, within stated numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from parity.generate import lying
from parity.generate.profiles import PROFILES, Arguments
from parity.generate.source import SeededSource
from parity.nodes import from_object, to_object
from parity.operations import SPAN_ARGUMENTS, Takes
from parity.outcome import Error, Value, observe
from parity.show import full
from parity.subjects import load

CLASSES = [one for one in vars(lying).values() if isinstance(one, type) and one.__module__ == lying.__name__]
# Bases of others, and those that look as what they derive from.
PLAIN_REPR = (
    lying.Lying, lying.Unlike, lying.Emptied, lying.Unbool, lying.RaisingElements, lying.OtherTuple,
    lying.OtherBytes,
)  # fmt: skip
NO_PAYLOAD = (lying.Passed, lying.Garbage)  # the one is made by a payload, the other goes before it is seen


def made(profile: str, takes: Takes, count: int) -> Iterator[Arguments]:
    sources = (SeededSource("odd objects", index) for index in range(count))
    return (PROFILES[profile].make(source)[takes]() for source in sources)


@pytest.fixture(scope="module")
def objects() -> list[Any]:
    return [payload for payload, _ in made("python-objects", Takes.OBJECT_AND_MERGES, 6000)]


@pytest.mark.parametrize(
    "wanted",
    [
        lambda payload: isinstance(payload, dict) and {1, "1"} <= set(payload),
        lambda payload: "Decimal" in full(payload),
        lambda payload: "Level.ONE" in full(payload),
        lambda payload: "bytearray" in full(payload),
        lambda payload: "Point(" in full(payload),
        lambda payload: "mappingproxy(" in full(payload),
        lambda payload: "\\ud83d\\ude00" in full(payload),
    ],
)
def test_odd_object_is_found(objects: list[Any], wanted: Callable[[Any], bool]) -> None:
    assert any(map(wanted, objects[:1500]))


def test_every_lying_class_is_found(objects: list[Any]) -> None:
    interfering = (payload for payload, _ in made("interfering", Takes.OBJECT_AND_MERGES, 300))
    whole = "".join(map(full, (*objects, *interfering)))
    named = [one.__name__ for one in CLASSES if one not in (*PLAIN_REPR, *NO_PAYLOAD)]
    assert [name for name in named if f"{name}(" not in whole] == []


def test_every_lying_object_tells_no_address(objects: list[Any]) -> None:
    assert [text for text in map(full, objects) if re.search(r"\bat 0x[0-9a-f]", text)] == []


def test_every_lying_object_can_be_saved_and_made_again(objects: list[Any]) -> None:
    for payload in objects[:2000]:
        assert full(to_object(from_object(payload))) == full(payload)


def test_raising_objects_leave_most_of_the_profile_comparable(objects: list[Any]) -> None:
    reference = load("reference").functions["process_export_payload_pyobject"]
    outcomes = [observe(reference, (payload, None)) for payload in objects[:1000]]
    kinds = Counter(outcome.kind for outcome in outcomes if isinstance(outcome, Error))
    assert sum(kinds.values()) < 250
    assert kinds.keys() >= {"TypeError", "ValueError", "LookupError", "KeyError", "AttributeError"}


# ---- shared and cyclic -------------------------------------------------------------


@pytest.fixture(scope="module")
def shared() -> list[Any]:
    return [payload for payload, _ in made("shared", Takes.OBJECT_AND_MERGES, 500)]


def places(root: object) -> Counter[int]:
    """How often each container is met, one met again not entered a second time."""
    met: Counter[int] = Counter()
    pending = [root]
    while pending:
        value = pending.pop()
        if isinstance(value, (list, dict)):
            met[id(value)] += 1
            if met[id(value)] == 1:
                pending += value.values() if isinstance(value, dict) else value
    return met


def test_the_same_container_stands_in_several_places(shared: list[Any]) -> None:
    assert sum(max(places(value).values()) > 1 for value in shared) > 400


def test_some_hold_themselves_and_most_do_not(shared: list[Any]) -> None:
    cyclic = sum("[...]" in repr(value) or "{...}" in repr(value) for value in shared)
    assert 10 < cyclic < 150


# ---- spans and requests --------------------------------------------------------------


def test_every_argument_of_a_span_is_refused_at_times() -> None:
    build = load("reference").functions["build_span_proto_bytes_pyobject"]
    outcomes = [observe(build, arguments) for arguments in made("span-arguments", Takes.SPAN, 4000)]
    messages = " ".join(outcome.message for outcome in outcomes if isinstance(outcome, Error))
    assert [name for name in SPAN_ARGUMENTS if name not in messages] == []
    assert sum(isinstance(outcome, Value) for outcome in outcomes) > len(outcomes) / 2


def test_requests_are_right_wrong_and_non_canonical() -> None:
    build = load("reference").functions["build_export_spans_request_bytes_pyobject"]
    requests = list(made("export-requests", Takes.REQUEST, 1500))
    outcomes = [observe(build, arguments) for arguments in requests]
    malformed = [one for one in outcomes if isinstance(one, Error) and "is malformed at byte" in one.message]
    assert len(malformed) > 60
    assert len({one.message for one in malformed}) > 30
    assert sum(isinstance(one, Value) for one in outcomes) > len(outcomes) / 2


def test_a_span_opens_more_messages_than_the_verifier_allows() -> None:
    verify = load("reference").functions["build_export_spans_request_bytes_pyobject"]
    deep = [one for one in made("export-requests", Takes.REQUEST, 4000) if len(full(one[-1])) > 8000]
    outcomes = [observe(verify, arguments) for arguments in deep]
    assert any(isinstance(one, Value) for one in outcomes)
    assert any(isinstance(one, Error) for one in outcomes)
