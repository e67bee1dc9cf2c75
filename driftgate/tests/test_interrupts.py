"""Requests to end: the first is heeded in order, a second at once, and an echo is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from driftgate.base import interrupts
from driftgate.base.interrupts import ASKING, asked_to_stop, came, end, forget, noted, shielded


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(interrupts, "time", made)
    forget()
    yield made
    forget()


def ask(number: signal.Signals = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ASKING)
def test_the_first_request_stops_and_the_second_interrupts(clock: Clock, number: signal.Signals) -> None:
    with asked_to_stop() as stopped:
        assert not stopped() and not came()
        ask(number)
        assert stopped() and came()
        clock.now += 1
        with pytest.raises(KeyboardInterrupt):
            ask(number)


def test_an_echo_is_no_second_request(clock: Clock) -> None:
    with asked_to_stop() as stopped:
        ask(signal.SIGTERM)
        clock.now += 0.1
        try:
            ask(signal.SIGTERM)
            ask(signal.SIGHUP)
        except KeyboardInterrupt:
            pytest.fail("an echo interrupted")
        assert stopped()


def test_imports_are_not_cut_in_the_middle(clock: Clock) -> None:
    with noted() as asked:
        for _ in range(3):
            clock.now += 1
            ask()
        assert asked()


def test_nothing_interrupts_a_command_that_has_ended(clock: Clock) -> None:
    end()
    with asked_to_stop() as stopped:
        ask()
        assert not stopped()


def test_handlers_are_those_of_before_behind_the_block(clock: Clock) -> None:
    before = [signal.getsignal(number) for number in ASKING]
    with asked_to_stop(), noted():
        pass
    assert [signal.getsignal(number) for number in ASKING] == before


def test_a_child_of_a_shield_never_sees_what_a_terminal_sends(clock: Clock) -> None:
    show = "import signal; print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    with asked_to_stop() as stopped:
        with shielded():
            shown = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
            ask()
        assert stopped()
    assert shown.stdout == f"{[signal.SIGHUP, signal.SIGINT]}\n"
