"""The unmodified SDK, with `driftcore-dropin` installed, records the application as with its Python path."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from fixtures.load import RECORDING

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dropin_python() -> str:
    python = os.environ.get("DRIFTCORE_DROPIN_PYTHON")
    if python is None:
        pytest.skip("DRIFTCORE_DROPIN_PYTHON names no environment; `make test-python` makes one")
    return str(ROOT / python)


def test_sdk_records_the_same_with_the_c_core(dropin_python: str, tmp_path: Path) -> None:
    out = tmp_path / "spans.jsonl"
    run = subprocess.run(
        [dropin_python, "-m", "parity.endtoend.record_dropin", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout.splitlines()[-1])
    lines = out.read_text(encoding="ascii").splitlines()
    assert report["compared"] == len(lines) - 1 >= 300
    assert not any(report["punts"].values()), report["punts"]
    # The recording holds every payload, schema and hash; the committed one is the Python path's.
    assert lines[1:] == RECORDING.read_text(encoding="ascii").splitlines()[1:]
