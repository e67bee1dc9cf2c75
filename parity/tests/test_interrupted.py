"""An interrupt to the whole group, as from a terminal, while subjects are imported or rehearsed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode

from .doubles import written

ROOT = Path(__file__).resolve().parents[2]

WAITS = """
with open({count!r}, "a") as file:
    file.write("x")
if os.path.getsize({count!r}) == {which}:
    open({reached!r}, "w").close()
    time.sleep(600)
"""
CALLS = "if os.environ.get('PYTHONHASHSEED'): (open({reached!r}, 'w').close(), time.sleep(600))"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("command", "which"),
    [("run", 1), ("run", 2), ("run", 3), ("replay", 1)],
    ids=["run, described", "run, rehearsed", "run, rehearsed by the other", "replay"],
)
def test_in_an_import_it_ends_the_command_as_interrupted(
    command: str, which: int, number: signal.Signals, tmp_path: Path
) -> None:
    reached = tmp_path / "reached"
    waits = WAITS.format(count=str(tmp_path / "count"), which=which, reached=str(reached))
    name = written(tmp_path, "waiting_subject", at_import=waits)
    assert interrupted(command, name, tmp_path, reached, number) == ENDED


def test_in_a_call_of_the_rehearsal_it_ends_the_command_as_interrupted(tmp_path: Path) -> None:
    reached = tmp_path / "reached"
    calls = CALLS.format(reached=str(reached))
    name = written(tmp_path, "waiting_subject", in_call=calls, when="True")
    assert interrupted("run", name, tmp_path, reached, signal.SIGINT) == ENDED


ENDED = (ExitCode.INCONCLUSIVE, "", "INCONCLUSIVE: interrupted before its end\n")


def interrupted(
    command: str, name: str, folder: Path, reached: Path, number: signal.Signals
) -> tuple[int, str, str]:
    """The code, output and errors of a command whose group gets a signal once a file is there."""
    options = {
        "run": ["--operation", "normalize_json", "--cases", "300", "--out", str(folder / "run.ndjson")],
        "replay": ["g2:everyday:0:0:normalize_json"],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "parity", command, "--candidate", name, *options[command]],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        while not reached.exists():
            assert process.poll() is None, "it ended before it could be interrupted"
            time.sleep(0.01)
        os.killpg(process.pid, number)
        out, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    return process.returncode, out, said
