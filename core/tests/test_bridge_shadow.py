"""Shadow mode: what it samples and compares, and what never reaches the caller or the payload; metrics."""

from __future__ import annotations

import decimal
import math
import os
import sys
import uuid
from collections import OrderedDict
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from driftcore import reference
from driftcore.bridge.plain import is_plain
from driftcore.bridge.sameness import same

from .shadowing import FUNCTION, HELPER, Plant, wrong_always, wrong_exponent


def test_equal_results_are_counted_and_nothing_is_kept(bridge: ModuleType, tmp_path: Path) -> None:
    for value in ({"a": [1, 1.5, None]}, {"b": float("nan")}, ["x" * 100]):
        assert bridge.process_export_payload_jsonable(value) is not None
    assert bridge.normalize_and_hash_jsonable({"k": "\u00e9"}) is not None
    assert bridge.counters().shadow == {HELPER: {"same": 3}, "normalize_and_hash_jsonable": {"same": 1}}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rate", ["0", "", "half", "-1", "2", "nan"])
def test_no_share_and_nonsense_shadow_nothing(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch, rate: str
) -> None:
    monkeypatch.setenv("TUSK_CORE_SHADOW", rate)
    assert bridge.process_export_payload_jsonable({}) is not None
    assert bridge.counters().shadow == {}


def test_a_share_is_about_that_share(bridge: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUSK_CORE_SHADOW", "0.25")
    for _ in range(2000):
        bridge.deterministic_hash_jsonable({})
    compared = bridge.counters().shadow["deterministic_hash_jsonable"]["same"]
    assert 350 < compared < 650  # more than 7 standard deviations


def test_the_caller_gets_the_native_result_where_they_differ(bridge: ModuleType, plant: Plant) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    result = bridge.process_export_payload_jsonable({"price": 1e16})
    assert result["decoded_value_hash"] == "0" * 64
    assert bridge.counters().shadow == {HELPER: {"different": 1}}


def test_an_error_of_the_core_alone_is_a_difference(bridge: ModuleType, plant: Plant) -> None:
    def refuses(text: str) -> str:
        raise ValueError("no")

    plant(normalize_json=refuses)
    assert bridge.normalize_json_jsonable({"a": 1}) is None
    assert bridge.counters().shadow == {"normalize_json_jsonable": {"different": 1}}


def test_an_error_of_both_is_the_same(bridge: ModuleType) -> None:
    assert bridge.deterministic_hash_jsonable(["\ud800"]) is None
    assert bridge.counters().shadow == {"deterministic_hash_jsonable": {"same": 1}}


@pytest.mark.parametrize("trouble", ["folder", "reference", "depth", "environment"])
def test_trouble_within_reaches_no_caller(
    bridge: ModuleType, plant: Plant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trouble: str
) -> None:
    plant(process_export_payload_pyobject=wrong_always)
    payload: Any = {"price": 1e16}
    if trouble == "folder":
        (tmp_path / "file").touch()
        monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(tmp_path / "file"))
    elif trouble == "reference":
        monkeypatch.delattr(reference, FUNCTION)
    elif trouble == "depth":
        for _ in range(5_000):
            payload = [payload]
    else:
        monkeypatch.setenv("TUSK_CORE_SHADOW_ALLOW", "everything")
    assert bridge.process_export_payload_jsonable(payload)["decoded_value_hash"] == "0" * 64
    outcomes = bridge.counters().shadow[HELPER]
    failed = [name for name in outcomes if name.startswith("failed: ")]
    assert len(failed) == (trouble != "environment")


# ---- objects ------------------------------------------------------------------------------------


class Loud:
    """Counts how often it was read."""

    def __init__(self) -> None:
        self.read = 0

    def __str__(self) -> str:
        self.read += 1
        return "4111 1111 1111 1111"


class LoudDict(dict):  # type: ignore[type-arg]
    read = 0

    def items(self) -> Any:
        self.read += 1
        return super().items()


class LoudZone(tzinfo):
    read = 0

    def utcoffset(self, moment: Any) -> timedelta:
        self.read += 1
        return timedelta(0)


def test_code_of_the_payloads_objects_runs_once(bridge: ModuleType, tmp_path: Path) -> None:
    for value, reader in ((Loud(), None), (LoudDict(a=1), None), (LoudZone(), "zone")):
        payload = {"at": datetime(2024, 2, 29, tzinfo=value)} if reader else {"a": [value]}  # type: ignore[arg-type]
        before = value.read
        reference.process_export_payload_pyobject(payload, None)
        once = value.read - before
        assert once > 0
        assert bridge.process_export_payload_jsonable(payload) is not None
        assert value.read - before == 2 * once
    assert bridge.counters().shadow == {HELPER: {"not run: objects": 3}}
    assert not list(tmp_path.iterdir())


def test_objects_are_compared_where_that_is_allowed(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUSK_CORE_SHADOW_ALLOW", " Objects ")
    assert bridge.process_export_payload_jsonable({"a": Loud()}) is not None
    assert bridge.counters().shadow == {HELPER: {"same": 1}}


PLAIN: list[Any] = [
    None, True, 1, 1.5, "a", b"a", bytearray(b"a"),
    {"a": [1, (2, {3}, frozenset({4}))], 1: 2},
    decimal.Decimal(1), uuid.UUID(int=1), date(2024, 2, 29), timedelta(1), time(1),
    datetime(2024, 2, 29, tzinfo=timezone.utc), datetime(2024, 2, 29, tzinfo=ZoneInfo("UTC")),
]  # fmt: skip
NOT_PLAIN: list[Any] = [
    Loud(), LoudDict(), OrderedDict(), type("S", (str,), {})("a"), type("I", (int,), {})(1), object(), str,
    datetime(2024, 2, 29, tzinfo=LoudZone()), time(1, tzinfo=LoudZone()), iter([]), range(3), lambda: None,
]  # fmt: skip


def test_plain_is_what_only_pythons_own_code_reads() -> None:
    for value in PLAIN:
        assert is_plain(value) and is_plain({"k": [value]}), value
    for value in NOT_PLAIN:
        assert not is_plain(value) and not is_plain([{"k": (value,)}]), value
    assert not is_plain({(1, Loud()): 1})


def test_a_ring_is_plain_and_depth_is_no_matter() -> None:
    ring: list[Any] = []
    ring.append({"a": ring})
    deep: Any = []
    for _ in range(100_000):
        deep = [deep, deep]
    assert is_plain(ring) and is_plain(deep)


# ---- the parts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 1, "b": 1}),
        ([1], (1,)),
        ([1], [1, 2]),
        ([{"a": [1]}], [{"a": [2]}]),
        (b"a", b"b"),
        ("a", b"a"),
    ],
)
def test_sameness_sees_what_equality_hides(one: Any, other: Any) -> None:
    assert not same(one, other)
    assert not same([{"k": one}], [{"k": other}])
    assert same(one, one) and same(other, other)


def test_nan_is_itself_and_depth_is_no_matter() -> None:
    assert same([math.nan], [math.nan])
    one: Any = []
    other: Any = []
    for _ in range(100_000):
        one, other = [one], [other]
    assert same(one, other)


# ---- metrics ------------------------------------------------------------------------------------


def test_counters_are_metrics(bridge: ModuleType, plant: Plant) -> None:
    export = pytest.importorskip("opentelemetry.sdk.metrics.export")
    sdk = pytest.importorskip("opentelemetry.sdk.metrics")
    reader = export.InMemoryMetricReader()
    assert bridge.export_metrics(sdk.MeterProvider([reader]))
    bridge.process_export_payload_jsonable({"a": 1})
    bridge.deterministic_hash_jsonable(["\ud800"])
    found = {
        (metric.name, tuple(sorted(point.attributes.items()))): point.value
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
    }
    assert found["driftcore.calls", (("helper", HELPER), ("outcome", "native"))] == 1
    failed = (
        ("helper", "deterministic_hash_jsonable"),
        ("outcome", "fallback"),
        ("reason", "UnicodeEncodeError"),
    )
    assert found["driftcore.calls", failed] == 1
    assert found["driftcore.shadow", (("helper", HELPER), ("outcome", "same"))] == 1
    assert found["driftcore.punts", (("reason", "surrogate"),)] >= 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no os.fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_childs_metrics_are_its_own(bridge: ModuleType) -> None:
    metrics = sys.modules["driftcore.bridge.metrics"]

    def measured() -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for measure in (metrics._calls, metrics._punts, metrics._shadow):
            found[measure.__name__] = {
                attributes.get("reason") or attributes["helper"]: count
                for count, attributes in measure()
                if count
            }
        return found

    bridge.process_export_payload_jsonable({"a": "\ud800"})  # the core hands it to the reference
    bridge.normalize_json_jsonable(["\ud800"])
    before = measured()
    assert before["_punts"]["surrogate"] >= 2 and len(before["_calls"]) == len(before["_shadow"]) == 2
    child = os.fork()
    if child == 0:
        began_at_zero = measured() == {"_calls": {}, "_punts": {}, "_shadow": {}}
        bridge.normalize_json_jsonable(["\ud800"])
        helper = {"normalize_json_jsonable": 1}
        os._exit(
            0
            if began_at_zero
            and measured() == {"_calls": helper, "_punts": {"surrogate": 1}, "_shadow": helper}
            else 1
        )
    assert os.waitpid(child, 0)[1] == 0
    assert measured() == before


def test_without_the_package_there_are_no_metrics_and_no_trouble(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert bridge.export_metrics() is False
