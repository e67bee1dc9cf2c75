"""Google Benchmark's JSON, as it writes it and as it should not."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from bench.events import LeftOut, Native, NativeContext, record
from bench.native_results import Effort, UnreadableResults, find_binary, read, run

EFFORT = Effort(6, 0.01)


def repetition(name: str, time: float, family: int = 0, **more: object) -> dict[str, Any]:
    return {
        "name": name,
        "run_name": name,
        "run_type": "iteration",
        "family_index": family,
        "real_time": time,
        "time_unit": "ns",
        **more,
    }


def document(*benchmarks: dict[str, Any], **context: object) -> str:
    return json.dumps({"context": context, "benchmarks": list(benchmarks)})


def test_repetitions_become_one_event_with_a_median_and_an_interval() -> None:
    times = [5.0, 1.0, 3.0, 2.0, 4.0, 6.0]
    runs = [repetition("hash/tiny", time, payload_bytes=7.0, bytes_per_second=7e9 / time) for time in times]
    context, found = read(document(*runs, commit="abc"))
    assert context == NativeContext({"commit": "abc"})
    assert isinstance(found, Native)
    assert (found.name, found.call_ns, found.payload_bytes) == ("hash/tiny", tuple(times), 7)
    assert (found.time.median, found.time.low, found.time.high, found.time.count) == (3.5, 1.0, 6.0, 6)
    assert found.bytes_per_second == pytest.approx(7e9 / 3)


def test_benches_come_in_the_order_of_their_registration_not_of_their_runs() -> None:
    runs = [
        repetition(name, 1, family) for _ in range(6) for name, family in (("b/x", 1), ("a/x", 2), ("c/x", 0))
    ]
    assert [event.name for event in read(document(*runs)) if isinstance(event, Native)] == [
        "c/x",
        "b/x",
        "a/x",
    ]


def test_units_are_turned_into_nanoseconds_and_averages_ignored() -> None:
    runs = [repetition("a", 2, time_unit="us") for _ in range(6)]
    average = {**repetition("a_mean", 99), "run_type": "aggregate"}
    found = read(document(*runs, average))[1]
    assert isinstance(found, Native) and found.time.median == 2_000 and found.time.count == 6


@pytest.mark.parametrize("spelling", ["NaN", "-NaN", "Infinity", "-Infinity"])
def test_bare_nan_and_infinity_are_read_and_never_written(spelling: str) -> None:
    runs = ", ".join(
        json.dumps(repetition("a", 1, bytes_per_second=0)).replace(
            '"bytes_per_second": 0', f'"bytes_per_second": {spelling}'
        )
        for _ in range(6)
    )
    text = f'{{"context": {{"caches": [{spelling}], "said": "-NaN"}}, "benchmarks": [{runs}]}}'
    context, found = read(text)
    assert context == NativeContext({"caches": [None], "said": "-NaN"})
    assert isinstance(found, Native) and found.bytes_per_second is None
    for event in (context, found):
        json.dumps(record(event)[1], allow_nan=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[]", "not Google Benchmark's JSON"),
        ('{"benchmarks": []}', "not Google Benchmark's JSON: KeyError: 'context'"),
        ('{"context": {}, "benchmarks": []}', "no bench ran"),
        (document(repetition("a", 1, error_occurred=True, error_message="syntax")), "a failed: syntax"),
        (document(repetition("a", 1)), "a: 1 observations are too few"),
        (document(*[repetition("a", float("nan"))] * 6), "a has a time that is no number"),
        (document(*[repetition("a", 1, time_unit="min")] * 6), "KeyError: 'min'"),
    ],
)
def test_anything_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableResults, match=message):
        read(text)


def program(folder: Path, script: str) -> Path:
    path = folder / "driftcore_bench"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_without_a_binary_the_way_to_build_it_is_told() -> None:
    (found,) = run(None, EFFORT, None)
    assert isinstance(found, LeftOut) and found.unfit
    assert "make build-bench" in found.reason


def test_the_binary_is_told_the_commit_and_how_long_to_run(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text(document(*[repetition("a", 1)] * 6))
    binary = program(tmp_path, f'echo "$@" > {tmp_path}/options; cat {tmp_path}/out.json')
    assert [type(event) for event in run(binary, EFFORT, "abc")] == [NativeContext, Native]
    options = (tmp_path / "options").read_text().split()
    assert {
        "--benchmark_context=commit=abc",
        "--benchmark_repetitions=6",
        "--benchmark_min_time=0.01",
    } <= set(options)


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "kill -SEGV $$"])
def test_a_binary_that_fails_is_unfit(tmp_path: Path, script: str) -> None:
    events = list(run(program(tmp_path, script), EFFORT, None))
    assert isinstance(events[-1], LeftOut) and events[-1].unfit


def test_a_binary_that_reports_and_then_fails_is_unfit_too(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text(document(*[repetition("a", 1)] * 6))
    events = list(run(program(tmp_path, f"cat {tmp_path}/out.json; echo oops >&2; exit 1"), EFFORT, None))
    assert isinstance(events[-1], LeftOut) and events[-1].unfit
    assert events[-1].reason.endswith("ended with 1: oops")


def test_the_newest_binary_of_any_build_is_found(tmp_path: Path) -> None:
    assert find_binary(tmp_path) is None
    for age, name in ((100, "old"), (200, "new"), (150, "other")):
        folder = tmp_path / "build" / name / "bench" / "native"
        folder.mkdir(parents=True)
        os.utime(program(folder, "exit 0"), (age, age))
    found = find_binary(tmp_path)
    assert found is not None and "new" in found.parts
