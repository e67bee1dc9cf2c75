"""What is kept of a bench result file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reports.bench_results import read_bench
from reports.result_file import DamagedResults

from . import samples
from .samples import BenchRun


def test_measurements_are_kept_by_kind(tmp_path: Path) -> None:
    results = read_bench(BenchRun().write(tmp_path / "b.ndjson"))
    assert len(results.pairs) == 18 and len(results.natives) == 1 and len(results.processes) == 1
    assert [build.name for build in results.builds] == ["native", "reference", "rust"]
    assert results.native_context["compiler"] == "GNU 12.2.0"
    assert (results.processes[0].seconds, results.processes[0].baseline_seconds) == (0.22, 1.1)
    assert (results.natives[0].call_ns, results.natives[0].low_ns) == (23_000.0, 22_000.0)
    pair = results.pairs[0]
    assert (pair.subject_call_ns, pair.against_call_ns, pair.ratio.median) == (20_000.0, 250_000.0, 12.5)


def test_pair_that_was_measured_again_is_not_kept(tmp_path: Path) -> None:
    first, second = samples.pair("normalize_json", ratio=0.9), samples.pair("normalize_json", ratio=1.2)
    results = read_bench(BenchRun([replace(first, settled=False), second]).write(tmp_path / "b.ndjson"))
    assert [pair.ratio.median for pair in results.pairs] == [1.2]


def test_process_without_times_is_damaged(tmp_path: Path) -> None:
    path = BenchRun([replace(samples.PROCESS, seconds={"python": (1.0,), "native": ()})]).write(
        tmp_path / "b.ndjson"
    )
    with pytest.raises(DamagedResults, match=r"b\.ndjson:2: has no times of native"):
        read_bench(path)


def test_claims_and_the_self_test_are_kept(tmp_path: Path) -> None:
    results = read_bench(BenchRun([samples.CLAIM, samples.SELF_TEST]).write(tmp_path / "b.ndjson"))
    (claim,) = results.claims
    assert (claim.id, claim.verdict, claim.bound) == ("normalize-reference", "PASS", 10.0)
    assert results.self_test is not None and results.self_test.noise_floor == 0.012
