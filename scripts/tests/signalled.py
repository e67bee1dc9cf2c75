"""A command that is signalled at a place inside it, with all that it has started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .commands import ROOT

SIGNALLING = Path(__file__).with_name("signalling")


@dataclass(frozen=True)
class At:
    """A place in a command: in it or a process of it, an audit event, its arguments, a file on the stack."""

    who: str
    event: str
    text: str = ""
    file: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.who, self.event, self.text, self.file)))


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def ended(words: tuple[str, ...], at: At, folder: Path, name: str = "SIGINT", times: int = 1) -> Ended:
    """A command that leads a group, which is signalled at that place; what it started must end with it."""
    reached = folder / "reached"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(SIGNALLING), str(ROOT))),
        "SIGNAL_AT": json.dumps([name, at.who, at.event, at.text, at.file, times]),
        "SIGNAL_REACHED": str(reached),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert reached.exists(), f"{words} ended before {at}: {process.returncode}\n{out}{err}"
    for _ in range(100):
        left = group(process.pid)
        if not left:
            return Ended(process.returncode, out, err)
        time.sleep(0.1)
    raise AssertionError(f"left behind: {left}")


def group(number: int) -> list[str]:
    """The names of the processes of a session that have not ended (proc(5), `stat`)."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = file.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue
        state, _, _, session = rest.split()[:4]
        if int(session) == number and state != "Z":
            found.append(name)
    return found
