"""Shadow mode in an application: a planted fault leaves an input that `parity replay` reproduces."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from driftgate.base.exit_codes import ExitCode

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_fault_under_the_shop_leaves_inputs_that_replay_reproduces(tmp_path: Path) -> None:
    run = python("parity.endtoend.run_shadowed", "whole-floats-as-ints", str(tmp_path / "kept"))
    assert run.returncode == 0, run.stderr
    counters = json.loads(run.stdout.splitlines()[-1])
    outcomes = counters["shadow"]["process_export_payload_jsonable"]
    assert outcomes["different"] >= 1
    assert outcomes["same"] > outcomes["different"]
    assert set(outcomes) == {"same", "different"}
    assert not counters["fallback"]

    files = sorted((tmp_path / "kept").glob("*.json"))
    assert 1 <= len(files) <= 20
    replayed = python("parity", "replay", "--candidate", "liar:whole-floats-as-ints", str(files[0]))
    assert replayed.returncode == ExitCode.FAIL, replayed.stdout + replayed.stderr
    assert "DIFFERENT" in replayed.stdout
    honest = python("parity", "replay", str(files[0]))
    assert honest.returncode == ExitCode.PASS, honest.stdout
