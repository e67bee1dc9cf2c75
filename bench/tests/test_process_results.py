"""Whole processes: who runs when, and what is refused.  hyperfine is scripted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench import process_results, schedule
from bench.events import LeftOut, Process, Progress, Void
from bench.process_results import Failed, run


@dataclass
class Scripted:
    """Answers the scenario's own reports and hyperfine's; keeps the orders hyperfine was given."""

    native: dict[str, Any] = field(default_factory=lambda: {"steps": 3, "native_steps": 3, "sha256": "x"})
    python: dict[str, Any] = field(default_factory=lambda: {"steps": 3, "native_steps": 0, "sha256": "x"})
    orders: list[bool] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> str:
        if command[0] != "hyperfine":
            return json.dumps(self.native if "TUSK_USE_C_CORE=1" in command else self.python)
        commands = [word for word in command if word.startswith("env ")]
        self.orders.append("TUSK_USE_C_CORE=1" in commands[0])
        exported = next(word.partition("=")[2] for word in command if word.startswith("--export-json="))
        results = [{"times": [0.25 if "TUSK_USE_C_CORE=1" in one else 1.0]} for one in commands]
        Path(exported).write_text(json.dumps({"results": results}))
        return ""


def last(runner: process_results.Runner, blocks: int = 6) -> object:
    return list(run(blocks, 0, runner))[-1]


def test_every_run_is_kept_and_paired() -> None:
    scripted = Scripted()
    events = list(run(8, 5, scripted))
    assert [type(event) for event in events] == [Progress] * 8 + [Process]
    found = events[-1]
    assert isinstance(found, Process)
    assert (found.native_seconds, found.python_seconds) == ((0.25,) * 8, (1.0,) * 8)
    assert (found.ratio.median, found.ratio.count) == (4.0, 8)
    assert list(found.native_first) == scripted.orders == schedule.subject_first(8, "5/replay_spans")


def test_a_native_path_that_fell_back_is_unfit() -> None:
    fell_back = Scripted(native={"steps": 3, "native_steps": 2, "sha256": "x"})
    assert last(fell_back) == LeftOut(
        process_results.WHAT,
        "the native path is not what ran: 2 of 3 steps with TUSK_USE_C_CORE=1, 0 with 0",
        unfit=True,
    )
    assert fell_back.orders == [], "nothing is timed"


def test_a_python_path_that_ran_natively_is_unfit() -> None:
    found = last(Scripted(python={"steps": 3, "native_steps": 3, "sha256": "x"}))
    assert isinstance(found, LeftOut) and found.unfit


def test_unequal_bytes_are_void() -> None:
    assert isinstance(last(Scripted(native={"steps": 3, "native_steps": 3, "sha256": "y"})), Void)


@pytest.mark.parametrize("error", [Failed("it ended with 1"), OSError("no such file"), ValueError("no JSON")])
def test_a_failure_is_unfit(error: Exception) -> None:
    def failing(command: Sequence[str]) -> str:
        raise error

    assert last(failing) == LeftOut(process_results.WHAT, str(error), unfit=True)


def test_without_hyperfine_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (found,) = run(6, 0)
    assert isinstance(found, LeftOut) and not found.unfit
    assert "hyperfine is not installed" in found.reason


def test_the_scenario_itself_runs_on_the_python_path() -> None:
    """With two spans: the reference alone, by the switch that users have."""
    command = [*process_results._command(native=False)[:-1], "--spans=2"]
    report = json.loads(process_results.run_command(command))
    assert (report["steps"], report["native_steps"]) == (6, 0)


def test_a_command_that_fails_shows_its_last_line() -> None:
    with pytest.raises(Failed, match=r"ended with 3: why$"):
        process_results.run_command(["sh", "-c", "echo lots >&2; echo why >&2; exit 3"])
