"""What a person sees, whole."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path

from bench import tables
from bench.events import Event, Finished, LeftOut, NativeContext, Progress, Void
from bench.progress import ProgressView
from reports.exit_codes import ExitCode

from . import made


def text(*events: Event, check: bool = False) -> str:
    finished = Finished(1.0, ExitCode.PASS, "Summary: all is well.")
    return tables.report(made.started(check), events, finished, "out.ndjson")


def golden(name: str) -> str:
    return (Path(__file__).parent / "golden" / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def test_pairs() -> None:
    events = (
        made.pair(4.9, 5, 5.1, input="small", call_ns=96.1),
        made.pair(
            0.5, 0.6, 0.7, input="small", against="rust", difference="outputs differ at $", call_ns=96.1
        ),
        made.pair(19.5, 20, 21, input="large", call_ns=12_000),
        made.pair(0.9, 1.0, 1.1, input="large", against="rust", call_ns=12_000),
        made.pair(3, 4, 5, operation="deterministic_hash"),
        LeftOut("larger inputs for sdk", "its calls take too long"),
        LeftOut("normalize_json(odd)", "native against rust, rust raises ValueError"),
        LeftOut("deterministic_hash(odd)", "native against rust, rust raises ValueError"),
    )
    assert text(*events) == golden("pairs")


def test_native_and_process() -> None:
    events = (
        NativeContext({}),
        made.native("hash/small", 96.1, 7),
        made.native("hash/large", 500_000, 92_000),
        made.native("normalize/small", 71, 7),
        made.native("normalize/large", 400_000, 92_000),
        made.native("create", 125),
        made.native("stage/64k", 42_000, 64_000),
        made.process(),
    )
    assert text(*events) == golden("native_and_process")


def test_check() -> None:
    events = (
        made.pair(4.9, 5, 5.1, input="recorded:0:normalize_json"),
        made.pair(0.9, 1.0, 1.1, input="recorded:1:normalize_json", settled=False),
        made.pair(0.8, 0.9, 0.95, input="recorded:1:normalize_json"),
        made.pair(0.9, 1.0, 1.1, input="recorded:2:normalize_json"),
    )
    assert text(*events, check=True) == golden("check")


def test_a_checkout_with_changes_is_marked() -> None:
    commit = "0123456789abcdef"
    assert tables.header(replace(made.started(), commit=commit)).splitlines()[0].endswith("0123456789ab")
    assert tables.header(replace(made.started(), commit=f"{commit}+")).splitlines()[0].endswith("89ab+")
    assert "no commit known" in tables.header(replace(made.started(), commit=None))


def test_voids_come_last_but_for_the_summary() -> None:
    shown = text(Void("normalize_json(tiny), native against reference", "outputs differ at $: type"))
    assert "VOID normalize_json(tiny), native against reference: outputs differ at $: type" in shown
    assert shown.endswith("\n\nSummary: all is well.")


def test_long_lists_are_cut() -> None:
    shown = text(*[LeftOut(f"number {at}", "no reason") for at in range(7)])
    assert "Left out, no reason: number 0, number 1, number 2, number 3, number 4 and 2 more\n" in shown


def test_progress_away_from_a_terminal_is_a_line_for_each_topic() -> None:
    stream = io.StringIO()
    with ProgressView(stream) as view:
        for done, what in enumerate(["hash", "hash", "span"]):
            view.on(Progress(done, 3, what))
    assert stream.getvalue() == "measuring hash\nmeasuring span\n"


def test_progress_on_a_terminal_is_a_bar_without_a_thread_of_its_own() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    threads = threading.active_count()
    stream = Terminal()
    with ProgressView(stream) as view:
        view.on(Progress(0, 3, "hash"))
        view.on(Progress(1, 3, "span"))
        assert threading.active_count() == threads
    assert "hash" in stream.getvalue() and "span" in stream.getvalue()
