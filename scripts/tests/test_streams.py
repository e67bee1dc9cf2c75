"""Real commands with streams closed, full or left early, on full disks, and what they advise, pasted."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reports.tests import samples

from .commands import ROOT
from .signalled import At, ended

DIFFERING = ("parity", "run", "--candidate", "liar:sorted-keys", "--cases", "100")
EQUAL = (
    "parity",
    "run",
    "--operation",
    "normalize_json",
    "--operation",
    "deterministic_hash",
    "--cases",
    "2000",
)


def shell(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A command line run by a shell, as `"$@"` of its script."""
    command = ["bash", "-c", script, "bash", sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)


def test_a_mismatch_is_told_by_the_code_though_the_reader_leaves(tmp_path: Path) -> None:
    found = shell('"$@" | head -1; exit ${PIPESTATUS[0]}', *DIFFERING, f"--out={tmp_path / 'run'}")
    assert (found.returncode, found.stderr) == (1, "")
    assert found.stdout.startswith("MISMATCH: ") and found.stdout.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_what_is_equal_passes_though_streams_are_closed(closed: str, tmp_path: Path) -> None:
    found = shell(f'"$@" {closed}', *EQUAL, f"--out={tmp_path / 'run'}")
    assert (found.returncode, found.stderr) == (0, "")
    assert (tmp_path / "run").exists()


def test_a_report_that_is_lost_is_unfit(tmp_path: Path) -> None:
    run = samples.no_go().write(tmp_path / "folder") / "parity.ndjson"
    for words in (
        ("parity", "show", str(run)),
        ("bench", "history", "--machine", "none"),
        ("reports", "--help"),
    ):
        found = shell('"$@" > /dev/full', *words)
        assert (found.returncode, found.stderr) == (4, "UNFIT: standard output: No space left on device\n")


def test_results_that_no_disk_has_room_for_are_unfit(tmp_path: Path) -> None:
    out = tmp_path / "run"
    found = shell('ulimit -f 4; exec "$@"', *DIFFERING, f"--out={out}")
    assert (found.returncode, found.stdout) == (4, "")
    assert found.stderr == f"UNFIT: {out}: File too large\n"
    assert not out.exists()


def test_a_disk_that_is_full_keeps_what_stood_there(tmp_path: Path) -> None:
    run = samples.no_go().write(tmp_path / "folder") / "parity.ndjson"
    out = tmp_path / "kept"
    out.write_bytes(run.read_bytes())
    found = shell('ulimit -f 4; exec "$@"', *DIFFERING, f"--out={out}")
    assert (found.returncode, out.read_bytes()) == (4, run.read_bytes())


def test_what_a_run_advises_can_be_pasted(tmp_path: Path) -> None:
    out = tmp_path / "it's a run"
    words = [*DIFFERING, "--operation", "normalize_json", "--timeout", "4.5", "--out", str(out)]
    told = shell('exec "$@"', *words).stdout
    replay = re.findall(r"^   replay     (python .*)$", told, re.MULTILINE)[0]
    show = re.findall(r"show again: (python .*)$", told, re.MULTILINE)[0]
    run = re.findall(r"^Run again: (python .*)$", told, re.MULTILINE)[0]
    assert "--timeout 4.5" in replay and "--timeout 4.5" in run
    for line in (replay, show, f"{run} --out {shlex.quote(str(tmp_path / 'again'))}"):
        found = pasted(line)
        assert (found.returncode, found.stderr) == (1, ""), line
    assert answers(out) == answers(tmp_path / "again") != []


def test_a_run_that_was_cut_off_goes_on_as_it_advises(tmp_path: Path) -> None:
    at = At("child", "os.fork", file="shard.py")
    out = tmp_path / "it's a run"
    words = (*DIFFERING, "--operation", "normalize_json", "--timeout", "4.5", "--out", str(out))
    (advice,) = re.findall(r"^Go on: (python .*)$", ended(words, at, tmp_path).out, re.MULTILINE)
    found = pasted(advice)
    assert (found.returncode, found.stderr) == (1, "")
    assert answers(out) != []


def pasted(line: str) -> subprocess.CompletedProcess[str]:
    """A printed command in a shell in which `python` is this one."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = ["bash", "-c", line]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def answers(run: Path) -> list[str]:
    """The digests of all shards' answers; which shard ends first is chance."""
    return sorted(re.findall(r'"answers": "(\w+)"', run.read_text()))
