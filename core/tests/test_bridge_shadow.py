"""Shadow mode: what it samples, sees, keeps and never does; and the metrics."""

from __future__ import annotations

import importlib
import json
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Callable

import driftcore_native
import pytest
from driftcore import reference
from driftcore.bridge import masking
from driftcore.bridge.sameness import same
from driftcore.bridge.saved_case import write_case

HELPER = "process_export_payload_jsonable"
FUNCTION = "process_export_payload_pyobject"
SECRET = {
    "Name": "Jane Doe-42",
    "größe": "日本",
    "price": 1e16,
    "rows": [{"id": 2**60, "ok": True}, None, -0.0],
}


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The bridge with counts of its own, shadowing every call into a folder of its own."""
    for name in [name for name in sys.modules if name.startswith("driftcore.bridge")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("TUSK_USE_C_CORE", "1")
    monkeypatch.setenv("TUSK_CORE_SHADOW", "1")
    monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(tmp_path))
    yield importlib.import_module("driftcore.bridge")


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a core in the place of the native one, with some of its functions changed."""

    def put(**changed: Any) -> None:
        functions = {name: getattr(driftcore_native, name) for name in driftcore_native.__all__}
        core = SimpleNamespace(**{**functions, **changed})
        monkeypatch.setitem(sys.modules, "driftcore_native", core)  # type: ignore[arg-type]

    return put


def wrong_exponent(payload: Any, merges: Any) -> tuple[Any, ...]:
    """Writes 1e16 in full, so that the hash is another."""
    text = json.dumps(reference.process_export_payload_pyobject(payload, merges)[0])
    result = reference.process_export_payload_pyobject(payload, merges)
    return result if "e+" not in text else (result[0], "0" * 64, *result[2:])


def kept(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="ascii")) for path in sorted(folder.glob("*.json"))]


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


def test_a_difference_keeps_its_input_masked_and_the_caller_its_result(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    result = bridge.process_export_payload_jsonable(SECRET)
    assert result["decoded_value_hash"] == "0" * 64
    assert bridge.counters().shadow == {HELPER: {"different": 1}}
    (case,) = kept(tmp_path)
    assert (case["format"], case["operation"]) == ("driftcore saved case", FUNCTION)
    assert case["note"] == "masked: text, numbers, keys"
    text = json.dumps(case)
    for secret in ("Jane", "Name", "日本", "größe", hex(2**60)):
        assert secret not in text and json.dumps(secret)[1:-1] not in text


def test_less_is_masked_where_the_difference_hangs_on_it(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    def wrong_for_one_key(payload: Any, merges: Any) -> tuple[Any, ...]:
        result = reference.process_export_payload_pyobject(payload, merges)
        return (*result[:1], "0" * 64, *result[2:]) if "price" in payload else result

    plant(process_export_payload_pyobject=wrong_for_one_key)
    assert bridge.process_export_payload_jsonable({"price": "Jane"}) is not None
    (case,) = kept(tmp_path)
    assert case["note"] == "masked: text, numbers"
    assert "price" in json.dumps(case) and "Jane" not in json.dumps(case)


def test_text_is_masked_even_if_the_difference_is_gone_with_it(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    def wrong_for_one_text(payload: Any, merges: Any) -> tuple[Any, ...]:
        result = reference.process_export_payload_pyobject(payload, merges)
        return (*result[:1], "0" * 64, *result[2:]) if "Jane" in str(payload) else result

    plant(process_export_payload_pyobject=wrong_for_one_text)
    assert bridge.process_export_payload_jsonable({"price": "Jane"}) is not None
    (case,) = kept(tmp_path)
    assert "the difference is gone" in case["note"]
    assert "Jane" not in json.dumps(case)


def test_an_error_of_the_core_alone_is_a_difference(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    def refuses(text: str) -> str:
        raise ValueError("no")

    plant(normalize_json=refuses)
    assert bridge.normalize_json_jsonable({"a": 1}) is None
    assert bridge.counters().shadow == {"normalize_json_jsonable": {"different": 1}}
    assert kept(tmp_path)[0]["differed"] == "a value against ValueError raised"


def test_an_error_of_both_is_the_same(bridge: ModuleType) -> None:
    assert bridge.deterministic_hash_jsonable(["\ud800"]) is None
    assert bridge.counters().shadow == {"deterministic_hash_jsonable": {"same": 1}}


def test_files_are_bounded_in_number_and_length(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    bridge.process_export_payload_jsonable({"price": 1e16, "long": "x" * 300_000})
    assert kept(tmp_path) == []
    for _ in range(30):
        bridge.process_export_payload_jsonable({"price": 1e16})
    assert len(kept(tmp_path)) == 19  # the long one counted
    assert bridge.counters().shadow == {HELPER: {"different": 31}}


@pytest.mark.parametrize("trouble", ["folder", "reference", "mask"])
def test_trouble_within_reaches_no_caller(
    bridge: ModuleType,
    plant: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    trouble: str,
) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    if trouble == "folder":
        (tmp_path / "file").touch()
        monkeypatch.setenv("TUSK_CORE_SHADOW_DIR", str(tmp_path / "file"))
    elif trouble == "reference":
        plant(process_export_payload_pyobject=lambda payload, merges: ({}, "a", {}, "b", b""))
        monkeypatch.delattr(reference, FUNCTION)
    else:
        deep: Any = []
        for _ in range(50_000):
            deep = [deep]
        monkeypatch.setattr(
            sys.modules["driftcore_native"], FUNCTION, lambda payload, merges: ({}, "a", {}, "b", b"")
        )
        assert bridge.process_export_payload_jsonable(deep) is not None
    assert bridge.process_export_payload_jsonable({"price": 1e16}) is not None
    outcomes = bridge.counters().shadow[HELPER]
    assert any(name.startswith("failed: ") for name in outcomes) or outcomes == {"different": 2}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_keeps_files_of_its_own(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant(process_export_payload_pyobject=wrong_exponent)
    bridge.process_export_payload_jsonable({"price": 1e16})
    child = os.fork()
    if child == 0:
        bridge.process_export_payload_jsonable({"price": 1e16})
        os._exit(0 if bridge.counters().shadow == {HELPER: {"different": 1}} else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{FUNCTION}-{process}-1.json" for process in (os.getpid(), child)
    }


SPAN: dict[str, Any] = {
    "trace_id": "t",
    "span_id": "s",
    "parent_span_id": "",
    "name": "GET /jane",
    "package_name": "http",
    "instrumentation_name": "i",
    "submodule_name": "GET",
    "package_type": 1,
    "environment": None,
    "kind": 1,
    "input_schema": {"type": 6, "properties": {"jane": {"type": 2, "properties": {}}}},
    "output_schema": {},
    "input_schema_hash": "",
    "output_schema_hash": "",
    "input_value_hash": "aa",
    "output_value_hash": "",
    "status_code": 1,
    "status_message": "jane",
    "is_pre_app_start": False,
    "is_root_span": True,
    "timestamp_seconds": 5,
    "timestamp_nanos": 7,
    "duration_seconds": 0,
    "duration_nanos": 9,
    "metadata": {"who": "jane"},
    "input_value": {"jane": "jane"},
    "output_value": None,
    "input_value_proto_struct_bytes": b"\n\x0e\n\x04jane\x12\x06\x1a\x04jane",
    "output_value_proto_struct_bytes": None,
}


def test_spans_and_requests_are_compared_and_masked(
    bridge: ModuleType, plant: Callable[..., None], tmp_path: Path
) -> None:
    span = bridge.build_span_proto_bytes(**SPAN)
    names = {
        "observable_service_id": "jane",
        "environment": "e",
        "sdk_version": "1",
        "sdk_instance_id": "i",
    }
    assert bridge.build_export_spans_request_bytes(**names, span_proto_bytes_list=[span]) is not None
    assert set(bridge.counters().shadow) == {"build_span_proto_bytes", "build_export_spans_request_bytes"}
    plant(
        build_span_proto_bytes_pyobject=lambda *arguments: b"\n\x01x",
        build_export_spans_request_bytes_pyobject=lambda *arguments: b"wrong",
    )
    sys.modules["driftcore.bridge.loading"]._loaded = None  # type: ignore[attr-defined]
    bridge.build_span_proto_bytes(**SPAN)
    bridge.build_export_spans_request_bytes(**names, span_proto_bytes_list=[span])
    cases = kept(tmp_path)
    assert len(cases) == 2
    assert "jane" not in json.dumps(cases) and b"jane".hex() not in json.dumps(cases)


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


@pytest.mark.parametrize("degree", masking.DEGREES)
def test_masking_keeps_shape_lengths_and_classes(degree: masking.Degree) -> None:
    value = {
        "Ab1": ["Zürich 8", "日本", "😀", "\ud800", "", 2**70, -7, 0, 1e16, 5e-324, -0.0, None, True],
        "": {},
    }
    once = masking.masked(value, degree)
    (text, wide, emoji, half, empty, large, small, zero, *rest) = next(iter(once.values()))
    assert (text, wide, emoji, half, empty) == ("Aéaaaa 1", "日日", "😀", "\ud800", "")
    assert large.bit_length() == 71 and small < 0 and zero == 0
    assert [repr(number)[-4:] for number in rest[:1]] == ["e+16"]
    assert rest[1:] == [rest[1], -0.0, None, True] and math.copysign(1, rest[2]) < 0
    assert len(once) == len(value) and ("Ab1" in once) is not degree.keys


def test_keys_that_mask_alike_stay_apart() -> None:
    once = masking.masked({"anna": 1, "otto": 2, "aaaa": 3}, masking.DEGREES[0])
    assert len(once) == 3


# ---- metrics ------------------------------------------------------------------------------------


def test_counters_are_metrics(bridge: ModuleType, plant: Callable[..., None]) -> None:
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


def test_without_the_package_there_are_no_metrics_and_no_trouble(
    bridge: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert bridge.export_metrics() is False


# ---- the file -----------------------------------------------------------------------------------


def test_the_harness_reads_every_kind_that_is_written(tmp_path: Path) -> None:
    saved_case = pytest.importorskip("parity.saved_case")
    payload = {"a": [None, True, 1, 2**60, -(2**60), 1.5, math.inf, "é", "\ud83d", b"\x00"], "t": (1, "")}
    write_case(tmp_path / "x.json", FUNCTION, (payload, None), differed="a", date="2026-01-02", note="n")
    read = saved_case.read(tmp_path / "x.json")
    assert same(read.arguments(), (payload, None))


def test_what_the_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="cannot hold complex"):
        write_case(tmp_path / "x.json", FUNCTION, (1j, None), differed="", date="", note="")
    assert not list(tmp_path.iterdir())
