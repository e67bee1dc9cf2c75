"""Instructions, baselines and the gate on them.  Cachegrind is scripted, but for one test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.counts import baseline, gate, instructions
from bench.counts.baseline import Baseline, Count
from bench.counts.instructions import CALLS, NotCounted, Program
from bench.events import Counted, Event, LeftOut, NativeContext
from bench.native_results import find_binary
from driftgate.base.exit_codes import ExitCode
from parity.operations import OPERATIONS

from . import made

FIXED, PER_CALL = 600_000_000, 1_234


def scripted(command: Sequence[str]) -> int:
    """A program whose start costs the same whatever it does then."""
    return FIXED + PER_CALL * int(command[-1])


@pytest.fixture
def binary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "find_binary", lambda: Path("driftcore_bench"))


def test_what_both_run_lengths_share_cancels(binary: None) -> None:
    found = list(instructions.count(scripted))
    assert {event.instructions for event in found if isinstance(event, Counted)} == {PER_CALL}
    first = found[0]
    assert isinstance(first, Counted)
    assert (first.calls, first.totals) == (CALLS, (FIXED + 4 * PER_CALL, FIXED + 24 * PER_CALL))


def test_the_library_and_the_extension_are_counted(binary: None) -> None:
    names = [event.name for event in instructions.count(scripted) if isinstance(event, Counted)]
    assert "verify_span/rows-4k" in names and "extension:normalize_json/rows-4k" in names
    assert len(names) == len(set(names)) == 12 * 3 + len(OPERATIONS)


def test_a_start_of_python_that_scatters_hardly_moves_the_count(binary: None) -> None:
    per_call, scatter = 45_000, 100_000

    def scattering(command: Sequence[str]) -> int:
        return FIXED + per_call * int(command[-1]) + (scatter if command[-1] == "4" else 0)

    found = {event.name: event for event in instructions.count(scattering) if isinstance(event, Counted)}
    count = found["extension:normalize_json/rows-4k"].instructions
    assert count != per_call and abs(count / per_call - 1) < 0.005


def test_a_program_that_cannot_be_counted_is_unfit(binary: None) -> None:
    def failing(command: Sequence[str]) -> int:
        raise NotCounted("valgrind ended with 1: no such bench")

    found = list(instructions.count(failing))
    assert all(isinstance(event, LeftOut) and event.unfit for event in found)


def test_without_a_binary_the_way_to_build_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instructions, "find_binary", lambda: None)
    (found,) = instructions.count(scripted)
    assert isinstance(found, LeftOut) and "make build-bench" in found.reason


def test_a_real_count_repeats_to_the_digit() -> None:
    found = find_binary()
    if found is None or shutil.which("valgrind") is None:
        pytest.skip("driftcore_bench or valgrind is missing; make build-bench")
    program = Program(
        "normalize_json/one-member", (str(found), "--repeat", "normalize_json/one-member"), CALLS
    )
    once, again = (instructions._counted(program, instructions.cachegrind) for _ in range(2))
    assert isinstance(once, Counted) and isinstance(again, Counted)
    assert once == again and once.instructions > 100


BEFORE = Count(1_000.0, 0.0, 4, 9_000)


def outcome(now: Count, limit: float = 2.0) -> gate.Outcome:
    return gate.compare(Baseline("here", {"a/b": BEFORE}), Baseline("here", {"a/b": now}), limit)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (BEFORE, ExitCode.PASS),
        (Count(1_020.0, 0.0, 4, 9_180), ExitCode.PASS),
        (Count(1_021.0, 0.0, 4, 9_000), ExitCode.FAIL),
        (Count(1_000.0, 0.0, 4, 9_200), ExitCode.FAIL),
        (Count(1_000.0, 1.0, 4, 9_000), ExitCode.FAIL),
        (Count(1_000.0, 0.0, 5, 9_000), ExitCode.FAIL),
        (Count(700.0, 0.0, 3, 5_000), ExitCode.PASS),
        (Count(None, 0.0, 4, 9_000), ExitCode.INCONCLUSIVE),
    ],
)
def test_nothing_may_rise_beyond_the_limit_and_no_allocation_at_all(now: Count, code: ExitCode) -> None:
    assert outcome(now).code is code


def test_a_bench_on_one_side_only_is_no_pass() -> None:
    one, both = Baseline("here", {"a/b": BEFORE}), Baseline("here", {"a/b": BEFORE, "c/d": BEFORE})
    assert gate.compare(one, both, 2.0).code is ExitCode.INCONCLUSIVE
    assert gate.compare(both, one, 2.0).code is ExitCode.INCONCLUSIVE
    assert gate.compare(Baseline("here", {}), Baseline("here", {}), 2.0).code is ExitCode.INCONCLUSIVE


def test_the_worst_rise_is_named_first() -> None:
    shown = gate.text(outcome(Count(1_100.0, 0.0, 4, 9_500)), 2.0)
    assert shown.startswith("FAIL: 2 of 4 counts rose by more than 2 %, most instructions of a/b, by 10.0%.")
    assert "1,000" in shown and "+10.0%" in shown


def test_a_gain_asks_to_be_kept() -> None:
    assert "keep the gain with: python -m bench gate --write" in gate.text(
        outcome(Count(700.0, 0.0, 4, 9_000)), 2
    )


def test_a_baseline_survives_the_disk_and_names_its_toolchain(tmp_path: Path) -> None:
    events: list[Event] = [
        NativeContext({"compiler": "GNU 12.2.0", "cpu_features": "sse4.2 yes, avx2 yes"}),
        made.native("a/b", 10.0, 100),
        made.native("no/payload", 10.0),
        Counted("a/b", 500.0, CALLS, (0, 0)),
        Counted("extension:c/d", 700.0, CALLS, (0, 0)),
    ]
    found = baseline.of(events, "valgrind-3.19.0")
    assert set(found.counts) == {"a/b", "extension:c/d"}
    assert found.counts["a/b"] == Count(500.0, 0.0, 4, 300)
    assert "avx2_gnu-12.2.0_valgrind-3.19.0_python3." in found.toolchain
    path = baseline.write(found, tmp_path)
    assert baseline.read(path) == found
    path.write_text(path.read_text().replace('"allocations"', '"allocation"'))
    with pytest.raises(ValueError, match="unknown 'allocation'"):
        baseline.read(path)


def test_a_process_that_exits_before_its_end_is_not_counted() -> None:
    if shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed")
    with pytest.raises(NotCounted, match="before it had made all its calls"):
        instructions.cachegrind((sys.executable, "-S", "-c", "import os; os._exit(0)"))
