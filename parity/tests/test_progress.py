"""What is shown of a run while it goes on: each worker of a cluster, and nothing that nobody could read."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from parity import campaign
from parity.events import Event
from parity.plan import Plan
from parity.progress import PLAIN_STEPS, WORKERS_SHOWN, ProgressView
from parity.workers import Here


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(campaign.run(Plan("reference", "native", ("normalize_json",), cases=12_000), Here()))


def told(most: int) -> str:
    return f"2 workers of the cluster, {most} at most\n  tcp://one  7 done\n  tcp://two  9 done"


def show(events: Iterator[Event] | list[Event], view: ProgressView) -> None:
    with view:
        for event in events:
            view.on(event)


def test_plain_lines_name_the_workers_and_end_with_all_cases(events: list[Event]) -> None:
    stream = io.StringIO()
    show(events, ProgressView(stream, told))
    lines = stream.getvalue().splitlines()
    heads = [line for line in lines if " cases, " in line]
    assert 1 < len(heads) <= PLAIN_STEPS and len(lines) == 4 * len(heads)
    (first, _), (last, planned) = (heads[at].split(" cases, ")[0].split(" of ") for at in (0, -1))
    assert first != last == planned
    assert lines.count(f"2 workers of the cluster, {WORKERS_SHOWN} at most") == len(heads)
    assert lines[-1] == "  tcp://two  9 done"


def test_a_run_on_this_machine_is_silent_without_a_terminal(events: list[Event]) -> None:
    stream = io.StringIO()
    show(events, ProgressView(stream))
    assert stream.getvalue() == ""


def test_a_terminal_has_a_bar_and_the_workers_below_it(
    events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    show(events, ProgressView(stream, told))
    shown = stream.getvalue()
    assert "compared/s" in shown and "tcp://one  7 done" in shown
    assert f" of {WORKERS_SHOWN} cases" not in shown and " cases, " not in shown
