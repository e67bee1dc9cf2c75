"""A worker as its starter sees it: given one errand at a time, and told apart by how it ends."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from select import select
from typing import Any, Optional

from driftgate.base.exit_codes import Unfit
from driftgate.base.interrupts import shielded

from .frames import DamagedMessage, Incoming, framed, new_secret, send
from .outcome import Crash, Hang
from .plan import Plan
from .watching import HARNESS_PATIENCE, Tail, end_group, unhindered_seconds, unimportable
from .worker import ERRAND, IMPORTING, RAISED

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from parity.worker import main; main(*sys.argv[2:])"
)

_SECONDS_TO_END = 5.0
"""A worker that does not end by then when it is asked to is killed."""


class Ended(Exception):
    """A worker ended before its errand did."""

    def __init__(self, outcome: Crash, said: str) -> None:
        super().__init__(outcome, said)
        self.outcome, self.said = outcome, said


class WorkerProcess:
    """A process of its own, started at once; `environment` is added to this one's."""

    def __init__(self, environment: Optional[Mapping[str, str]] = None) -> None:
        self._secret = new_secret()
        errands, self._errands = os.pipe()
        messages, answers = os.pipe()
        notes_read, notes = os.pipe()
        command = [sys.executable, "-c", _START, json.dumps(sys.path)]
        try:
            with shielded():
                self._process = subprocess.Popen(
                    [*command, str(errands), str(answers), self._secret.hex()],
                    stdin=subprocess.DEVNULL,
                    stdout=notes,
                    stderr=notes,
                    env={**os.environ, **(environment or {})},
                    pass_fds=(errands, answers),
                    start_new_session=True,
                )
        finally:
            for descriptor in (errands, answers, notes):
                os.close(descriptor)
        self._answers, self._said = Incoming(messages, self._secret), Tail(notes_read)
        self._importing, self._since = "", 0.0
        self._timeout = 0.0

    def give(self, function: Callable[[Plan, Any], Any], plan: Plan, item: Any) -> None:
        """Hand out work; there is none in hand, so it is waited for and the pipe takes it whole."""
        self._timeout = plan.timeout
        with suppress(BrokenPipeError):  # if it has ended `answer` will say so
            send(self._errands, framed(self._secret, ERRAND, pickle.dumps((function, plan, item))))

    def descriptors(self) -> tuple[int, ...]:
        """What can be read when there is something to look at."""
        return tuple(one.reader for one in (self._answers, self._said) if one.is_open)

    def answer(self) -> Optional[Callable[[], Any]]:
        """What gives the result of the errand or raises its error, None while it is not done.

        Raises `Ended` if the worker has ended, and `Unfit` where the import of a subject was the end of it.
        """
        self._said.read()
        for kind, content in self._messages():
            if kind != IMPORTING:
                return lambda: _given(kind, pickle.loads(content))
            self._importing, self._since = content.decode("utf-8", "replace"), self._clock()
        patience = self._timeout * HARNESS_PATIENCE
        if self._importing and self._clock() - self._since > patience:
            self.kill()
            raise Unfit(unimportable(self._importing, Hang(patience), self._said.text()))
        status = self._process.poll()
        if status is not None:
            outcome = Crash(-status) if status < 0 else Crash(0, status)
            self._said.read()
            if self._importing:
                raise Unfit(unimportable(self._importing, outcome, self._said.text()))
            raise Ended(outcome, self._said.text())
        return None

    def _messages(self) -> Iterator[tuple[bytes, bytes]]:
        """All that has come; a worker into whose pipe others wrote is of no more use."""
        try:
            yield from self._answers.read()
        except DamagedMessage:
            self.kill()

    def _clock(self) -> float:
        return unhindered_seconds(self._process.pid)

    def ask_to_end(self) -> None:
        """Without errands to come it ends by itself."""
        if self._errands >= 0:
            os.close(self._errands)
            self._errands = -1

    def kill(self) -> None:
        end_group(self._process.pid)
        self._process.wait()

    def close(self) -> None:
        """End it and let go of all that it needed."""
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)
        self.kill()
        for one in (self._answers, self._said):
            os.close(one.reader)


def some_ready(processes: Sequence[WorkerProcess], seconds: float) -> None:
    """Wait until there is something to look at in one of them, at most so long."""
    select([descriptor for one in processes for descriptor in one.descriptors()], (), (), seconds)


def _given(kind: bytes, value: Any) -> Any:
    if kind == RAISED:
        raise value
    return value
