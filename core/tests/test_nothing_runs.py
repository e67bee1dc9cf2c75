"""No code of a payload runs while the core works: no `__eq__` of a key, finalizer or signal handler."""

from __future__ import annotations

import _thread
import gc
import signal
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Callable, Optional

import pytest


class Forged(str):
    """A key with the hash of another one, which does something when it is compared."""

    hashes_as: str
    compared: Optional[Callable[[], None]]

    def __new__(cls, text: str, hashes_as: str) -> Forged:
        made = super().__new__(cls, text)
        made.hashes_as, made.compared = hashes_as, None
        return made

    def __hash__(self) -> int:
        return hash(self.hashes_as)

    def __eq__(self, other: object) -> bool:
        if self.compared is not None:
            self.compared()
        return self is other


def probed_first(value: Any, later: Any) -> tuple[dict[str, Any], Forged]:
    """{"a": value, forged: later} where the forged key, inserted later, is probed before "a".

    A filler takes the place of their hash, so "a" goes to the next; then the forged key takes the filler's.
    """
    filler, forged = Forged("filler", "a"), Forged("b", "a")
    payload: dict[str, Any] = {filler: 0, "a": value}
    del payload[filler]
    payload[forged] = later
    return payload, forged


def sparse(value: Any, later: Any) -> tuple[dict[str, Any], Forged]:
    """The same in a dict that lost most of its members, which is copied by inserting what is left."""
    forged = Forged("b", "a")
    payload: dict[str, Any] = {str(i): i for i in range(100)}
    payload["a"] = value
    payload[forged] = later
    for i in range(100):
        del payload[str(i)]
    return payload, forged


def raising() -> None:
    raise MemoryError


@pytest.mark.parametrize("made", [probed_first, sparse])
@pytest.mark.parametrize("value", [1, {"x": [1]}, [2, {"y": {}}], float("nan")], ids=repr)
@pytest.mark.parametrize(
    "around", [lambda value: value, lambda value: [{"in": value}]], ids=["top", "inside"]
)
def test_no_key_is_compared(core: ModuleType, made: Any, value: Any, around: Any) -> None:
    payload, forged = made(value, {"z": None})
    forged.compared = raising
    normalized = core.process_export_payload_pyobject(around(payload), None)[0]
    assert repr(normalized) == repr(around({"a": value, "b": {"z": None}}))


@pytest.mark.parametrize("made", [probed_first, sparse])
def test_a_key_that_would_empty_all_dicts_does_no_harm(core: ModuleType, made: Any) -> None:
    """Were it asked, what is walked would be freed under the walk."""
    payload, forged = made({"x": ["text " * 9 + str(i) for i in range(50)]}, {"z": [1]})

    def emptied() -> None:
        for found in gc.get_objects():
            if type(found) is dict and forged in list(found):
                found.clear()

    forged.compared = emptied
    normalized = core.process_export_payload_pyobject({"p": payload}, None)[0]
    assert len(normalized["p"]["a"]["x"]) == 50
    assert len(payload) == 2


def test_a_span_of_such_a_dict_compares_no_key(core: ModuleType) -> None:
    from .span_arguments import arguments

    payload, forged = probed_first({"x": 1}, {"z": 2})
    forged.compared = raising
    expected = core.build_span_proto_bytes_pyobject(*arguments(input_value={"a": {"x": 1}, "b": {"z": 2}}))
    assert core.build_span_proto_bytes_pyobject(*arguments(input_value=payload)) == expected


# ---- finalizers -----------------------------------------------------------------------------


@pytest.fixture
def collecting() -> Iterator[None]:
    """Leaves the collector as it was."""
    enabled, thresholds = gc.isenabled(), gc.get_threshold()
    gc.enable()
    yield
    gc.set_threshold(*thresholds)
    (gc.enable if enabled else gc.disable)()


class Bomb:
    """Garbage, in a cycle with itself, that does something when it is collected."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.itself = act, self

    def __del__(self) -> None:
        self.act()


def merges() -> dict[str, Any]:
    digits = int("12345678901234567890" * 4)
    return {f"key {i} " + "k" * 40: {"match_importance": digits + i, "encoding": 1} for i in range(40)}


def payload() -> dict[str, Any]:
    return {name: [{"n": [i]}, "YWJj"] for i, name in enumerate(merges())}


@pytest.mark.parametrize("threshold", [*range(1, 40), 60, 90, 130, 200])
def test_a_finalizer_that_clears_the_merges_during_the_call_changes_nothing(
    native: ModuleType, collecting: None, threshold: int
) -> None:
    """As what is collected when depends on the Python, it is tried after each of some allocations."""
    expected = native.process_export_payload_pyobject(payload(), merges())
    given, rules = payload(), merges()

    def emptied() -> None:
        rules.clear()
        given.clear()
        [bytearray(64) for _ in range(200)]  # to write over what was freed

    gc.collect()
    gc.disable()
    Bomb(emptied)
    gc.set_threshold(threshold + gc.get_count()[0])
    gc.enable()
    result = native.process_export_payload_pyobject(given, rules)
    gc.disable()
    assert result == expected


# ---- signals --------------------------------------------------------------------------------


def test_a_handler_of_a_signal_does_not_run_within_a_call(native: ModuleType) -> None:
    """Not even where a large int is written, for which `int.__repr__` looks whether one has come.

    `map` makes the call without a step of Python between it and the signal.
    """
    value = {"n": [10**300 + i for i in range(50)], "s": ["text " * 9 + str(i) for i in range(50)]}
    expected = native.process_export_payload_pyobject(value, None)
    seen: list[int] = []

    def handler(number: int, frame: Any) -> None:
        seen.append(len(value["n"]))
        for items in value.values():
            items.clear()  # type: ignore[attr-defined]
        value.clear()

    before = signal.signal(signal.SIGINT, handler)
    try:
        merges_after_a_signal = iter(_thread.interrupt_main, object())
        result = next(map(native.process_export_payload_pyobject, [value], merges_after_a_signal))
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen[:1] == [50]
    assert result == expected
