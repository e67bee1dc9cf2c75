"""Whole processes: who runs when, and what is refused.  hyperfine is scripted."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench import process_results
from bench.events import LeftOut, Process, Progress, Void
from bench.process_results import Failed, run, variant_orders
from bench.scenarios import SCENARIOS
from bench.tables.whole import process_table

REPLAY = SCENARIOS["replay"]
SECONDS = {"python": 1.0, "native": 0.25, "rust": 0.5}


def variant_of(command: Sequence[str]) -> str:
    if "--rust" in command:
        return "rust"
    return "native" if "TUSK_USE_C_CORE=1" in command else "python"


def reports(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    said = {
        "python": {"steps": 10, "core": 0, "sha256": "x"},
        "native": {"steps": 10, "core": 10, "sha256": "x"},
        "rust": {"steps": 10, "core": 9, "sha256": "drifts"},
    }
    return {name: {**report, **changed.get(name, {})} for name, report in said.items()}


@dataclass
class Scripted:
    """Answers the scenario's own reports and hyperfine's; keeps what hyperfine was given."""

    reports: dict[str, dict[str, Any]] = field(default_factory=reports)
    orders: list[list[str]] = field(default_factory=list)
    warmups: list[str] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> str:
        if command[0] != "hyperfine":
            return "some noise first\n" + json.dumps(self.reports[variant_of(command)]) + "\n"
        order = [variant_of(shlex.split(word)) for word in command if word.startswith("env ")]
        self.orders.append(order)
        self.warmups += [word for word in command if word.startswith("--warmup=")]
        exported = next(word.partition("=")[2] for word in command if word.startswith("--export-json="))
        results = [{"times": [SECONDS[name]]} for name in order]
        Path(exported).write_text(json.dumps({"results": results}))
        return ""


def last(runner: process_results.Runner, blocks: int = 6) -> object:
    return list(run(REPLAY, blocks, 0, runner))[-1]


def test_every_run_is_kept_and_paired() -> None:
    scripted = Scripted()
    events = list(run(REPLAY, 8, 5, scripted))
    assert [type(event) for event in events] == [Progress] * 8 + [Process]
    found = events[-1]
    assert isinstance(found, Process)
    assert found.seconds == {name: (seconds,) * 8 for name, seconds in SECONDS.items()}
    assert {name: ratio.median for name, ratio in found.ratios.items()} == {"native": 4.0, "rust": 2.0}
    assert list(map(list, found.orders)) == scripted.orders == variant_orders(list(SECONDS), 8, "5/replay")


def test_only_the_first_block_warms_up() -> None:
    scripted = Scripted()
    list(run(REPLAY, 4, 0, scripted))
    assert scripted.warmups == ["--warmup=1"] + ["--warmup=0"] * 3


def test_orders_are_random_and_each_is_followed_by_its_reverse() -> None:
    orders = variant_orders(["a", "b", "c"], 40, "seed")
    assert all(one == other[::-1] for one, other in zip(orders[::2], orders[1::2]))
    assert len({tuple(order) for order in orders}) == 6
    assert orders == variant_orders(["a", "b", "c"], 40, "seed")


@pytest.mark.parametrize(
    "changed", [{"native": {"core": 9}}, {"python": {"core": 10}}, {"rust": {"core": 3}}]
)
def test_a_variant_that_is_not_what_ran_is_unfit(changed: dict[str, dict[str, Any]]) -> None:
    scripted = Scripted(reports(**changed))
    found = last(scripted)
    assert isinstance(found, LeftOut) and found.unfit
    (name,) = changed
    assert found.reason.startswith(f"{name} is not what ran: the core ran ")
    assert scripted.orders == [], "nothing is timed"


def test_unequal_results_are_void_where_they_have_to_be_equal() -> None:
    assert isinstance(last(Scripted(reports(native={"sha256": "y"}))), Void)
    assert isinstance(last(Scripted(reports(rust={"sha256": "y"}))), Process)


@pytest.mark.parametrize("error", [Failed("it ended with 1"), OSError("no such file"), ValueError("no JSON")])
def test_a_failure_is_unfit(error: Exception) -> None:
    def failing(command: Sequence[str]) -> str:
        raise error

    assert last(failing) == LeftOut(REPLAY.what, str(error), unfit=True)


def test_without_hyperfine_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (found,) = run(REPLAY, 6, 0)
    assert isinstance(found, LeftOut) and not found.unfit
    assert "hyperfine is not installed" in found.reason


@pytest.mark.parametrize(
    ("scenario", "variant", "extra"),
    [("replay", "python", ["--spans=2"]), ("import", "native", []), ("flask", "off", ["--requests=3"])],
)
def test_the_programs_themselves_run(scenario: str, variant: str, extra: list[str]) -> None:
    chosen = SCENARIOS[scenario]
    command = [*process_results.command(chosen, chosen.variants[variant]), *extra]
    report = json.loads(process_results.run_command(command).strip().rpartition("\n")[2])
    low, high = chosen.variants[variant].share
    assert low * report["steps"] <= report["core"] <= high * report["steps"]


REQUESTS = SCENARIOS["requests"]
PATHS = list(REQUESTS.variants)


def in_turns(**changed: object) -> process_results.Runner:
    """A program that measured two blocks of all its variants by itself."""
    told = {
        "orders": [PATHS, PATHS[::-1]],
        "seconds": {
            "unsampled": [0.001, 0.001],
            "python": [0.012, 0.014],
            "native": [0.004] * 2,
            "rust": [0.006] * 2,
        },
        "steps": {"unsampled": 0, "python": 20, "native": 20, "rust": 20},
        "core": {"unsampled": 0, "python": 0, "native": 20, "rust": 19},
        **changed,
    }
    return lambda command: f"noise\n{json.dumps(told)}\n"


def test_a_program_that_takes_turns_itself_is_asked_once_and_paired_by_block() -> None:
    *before, found = run(REQUESTS, 2, 5, in_turns())
    assert [type(event) for event in before] == [Progress]
    assert isinstance(found, Process)
    assert found.seconds["python"] == (0.012, 0.014) and found.orders == (tuple(PATHS), tuple(PATHS[::-1]))
    assert found.ratios["native"].median == pytest.approx(3.25)
    (row,) = (line for line in process_table([found]).splitlines() if line.startswith("    native"))
    assert row.endswith("recording +3.00 ms")


@pytest.mark.parametrize(
    "core",
    [
        {"unsampled": 0, "python": 1, "native": 20, "rust": 19},
        {"unsampled": 0, "python": 0, "native": 19, "rust": 19},
    ],
)
def test_a_turn_on_another_path_is_unfit(core: dict[str, int]) -> None:
    (_, found) = run(REQUESTS, 2, 5, in_turns(core=core))
    assert isinstance(found, LeftOut) and found.unfit and "is not what ran" in found.reason


def test_the_paths_of_a_request_are_really_taken() -> None:
    *_, found = run(REQUESTS, 1, 0)
    assert isinstance(found, Process), found
    assert set(found.seconds) == set(PATHS)


def test_a_command_that_fails_shows_its_last_line() -> None:
    with pytest.raises(Failed, match=r"ended with 3: why$"):
        process_results.run_command(["sh", "-c", "echo lots >&2; echo why >&2; exit 3"])


@pytest.mark.parametrize("name", ["replay", "requests"])
def test_a_program_that_exits_before_its_end_is_unfit(name: str) -> None:
    found = list(run(SCENARIOS[name], 6, 0, lambda command: "  \n"))[-1]
    assert isinstance(found, LeftOut) and found.unfit and "ended before it had done its work" in found.reason


def test_a_program_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_results, "PATIENCE", 0.2)
    with pytest.raises(Failed, match="sleep 60 had not ended after 0"):
        process_results.run_command(["sleep", "60"])


def test_what_a_module_prints_is_no_part_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "noisy.py").write_text(
        "import atexit, os\natexit.register(print, 'bye')\nprint('x' * 100_000)\nos.write(1, b'y')\n"
        "normalize_json = str\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = process_results.run_command([sys.executable, "-m", "bench.scenarios.import_cost", "noisy"])
    assert json.loads(told) == {"steps": 1, "core": 1, "sha256": None}
