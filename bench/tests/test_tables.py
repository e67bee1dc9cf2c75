"""What a person sees, whole.

A wanted change: `python -m bench.tests.test_tables`, then read the difference.
"""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import (
    Complexity,
    Counted,
    Distribution,
    Event,
    Finished,
    Growth,
    LeftOut,
    NativeContext,
    Planted,
    Progress,
    SelfTest,
    Void,
    Worker,
)
from bench.progress import ProgressView
from bench.stats.order import Estimate
from bench.tables.report import header, report
from driftgate.base.exit_codes import ExitCode
from driftgate.base.terminal import paint

from . import made

GOLDEN = Path(__file__).parent / "golden"
MISSED = "It misses the bound by 10.0%, beyond the spread of ±1.0% among processes."


def about(process: int, contaminated: int, label: str | None = None) -> Worker:
    return Worker(process, 1, 1, 2.0, 0.5, (1.4, 1.42), 10.0, contaminated, 100, contaminated, label)


REPORTS: dict[str, tuple[Event, ...]] = {
    "claims": (
        made.claim(),
        replace(made.claim("FAIL", "slow", 9.0, MISSED), deciding="rows-4k"),
        replace(made.claim("INCONCLUSIVE", "unknown", explanation="It was not measured."), figure=None),
        replace(made.claim(id="much", figure=31.0), group="another", together=False),
        replace(
            made.claim(id="exact"),
            group="another",
            measured="peak memory",
            at_least=False,
            bound=4.0,
            unit="bytes per byte",
            figure=Estimate(3.0, 3.0, 3.0, 1),
        ),
        SelfTest(
            (
                Planted(0.0, "native", "normalize_json(rows-4k)", Estimate(1.0, 0.99, 1.01, 6), False, 0.02),
                Planted(0.2, "native", "normalize_json(rows-92k)", Estimate(1.2, 1.18, 1.21, 6), True, 1.0),
            ),
            0.012,
            0.031,
            "PASS",
            "",
        ),
        about(1, 0),
        about(2, 20, "20% of its blocks lost the core"),
    ),
    "pairs": (
        made.pair(4.9, 5, 5.1, input="small", call_ns=96.1),
        made.pair(
            0.5, 0.6, 0.7, input="small", against="rust", difference="outputs differ at $", call_ns=96.1
        ),
        made.pair(19.5, 20, 21, input="large", call_ns=12_000),
        made.pair(0.9, 1.0, 1.1, input="large", against="rust", call_ns=12_000),
        made.pair(0.45, 0.5, 0.55, input="large", against="orjson", call_ns=12_000),
        made.pair(3, 4, 5, operation="deterministic_hash"),
        LeftOut("normalize_json(odd)", "native against rust, rust raises ValueError"),
        LeftOut("deterministic_hash(odd)", "native against rust, rust raises ValueError"),
    ),
    "beyond": (
        Growth(
            operation="normalize_json",
            ladder="keys",
            subject="native",
            against="reference",
            sizes=(32, 32_000),
            subject_ns=(1.0, 2.0),
            against_ns=(3.0, 4.0),
            subject_exponent=Estimate(1.01, 1.0, 1.02, 6),
            against_exponent=Estimate(1.2, 1.1, 1.3, 6),
            excess=Estimate(-0.19, -0.2, -0.18, 6),
            break_even=Estimate(180.0, 170.0, 190.0, 6),
        ),
        Distribution(
            operation="normalize_json",
            subject="native",
            against="reference",
            profiles=("numbers",),
            seed=1,
            inputs=20,
            left_out={"both raise": 2},
            median=Estimate(10.0, 9.0, 11.0, 6),
            worst_decile=Estimate(3.0, 2.9, 3.1, 6),
            worst=Estimate(0.8, 0.7, 0.9, 6),
            worst_input="g1:numbers:normalize_json:1:4",
            slower=1,
            minimal="('[1e400]',)",
            minimal_ratio=0.75,
        ),
    ),
    "whole": (
        NativeContext({}),
        made.native("hash/small", 96.1, 7),
        made.native("hash/large", 500_000, 92_000),
        made.native("normalize/small", 71, 7),
        made.native("normalize/large", 400_000, 92_000),
        made.native("create", 125),
        made.native("stage/64k", 42_000, 64_000),
        Complexity("hash/ladder", "N", 0.02),
        Complexity("normalize/ladder", "NlgN", 0.02),
        Counted("hash/small", 1_234.5, (4, 24), (0, 24_690)),
        made.process(),
    ),
    "check": (
        made.pair(4.9, 5, 5.1, input="recorded:0:normalize_json"),
        made.pair(0.9, 1.0, 1.1, input="recorded:1:normalize_json", settled=False),
        made.pair(0.8, 0.9, 0.95, input="recorded:1:normalize_json"),
        made.pair(0.9, 1.0, 1.1, input="recorded:2:normalize_json"),
    ),
}


def text(*events: Event, check: bool = False) -> str:
    finished = Finished(61.0, ExitCode.PASS, "PASS: all is well.")
    return report(made.started(check), events, finished, "out.ndjson")


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_is_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert text(*REPORTS[name], check=name == "check") + "\n" == golden


def test_the_sentence_comes_first_and_the_command_last() -> None:
    lines = text(made.claim()).splitlines()
    assert lines[0] == "PASS: all is well."
    assert lines[-1].endswith("run again: python -m bench run")


def test_a_checkout_with_changes_is_marked() -> None:
    commit = "0123456789abcdef"
    assert header(replace(made.started(), commit=commit)).splitlines()[0].endswith("0123456789ab")
    assert header(replace(made.started(), commit=f"{commit}+")).splitlines()[0].endswith("89ab+")
    assert "no commit known" in header(replace(made.started(), commit=None))


def test_a_void_is_shown() -> None:
    shown = text(Void("normalize_json(tiny), native against reference", "outputs differ at $: type"))
    assert "VOID normalize_json(tiny), native against reference: outputs differ at $: type" in shown


def test_long_lists_are_cut() -> None:
    shown = text(*[LeftOut(f"number {at}", "no reason") for at in range(7)])
    assert "Left out, no reason: number 0, number 1, number 2, number 3, number 4 and 2 more\n" in shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_verdicts_have_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint("PASS: well", io.StringIO()) == "PASS: well"
    assert paint("PASS: well", Terminal()) == "\033[1;32mPASS\033[0m: well"
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint("PASS: well", Terminal()) == "PASS: well"


def test_progress_away_from_a_terminal_is_a_line_for_each_topic() -> None:
    stream = io.StringIO()
    with ProgressView(stream) as view:
        for done, what in enumerate(["process 1 of 6: hash", "process 1 of 6: span", "process 2 of 6: hash"]):
            view.on(Progress(done, 3, what))
    assert stream.getvalue() == "measuring process 1 of 6\nmeasuring process 2 of 6\n"


def test_progress_on_a_terminal_is_a_bar_without_a_thread_of_its_own() -> None:
    threads = threading.active_count()
    stream = Terminal()
    with ProgressView(stream) as view:
        view.on(Progress(0, 3, "hash"))
        view.on(Progress(1, 3, "span"))
        assert threading.active_count() == threads
    assert "hash" in stream.getvalue() and "span" in stream.getvalue()


if __name__ == "__main__":
    for name, events in REPORTS.items():
        made_text = text(*events, check=name == "check")
        (GOLDEN / f"{name}.txt").write_text(made_text + "\n", encoding="utf-8")
