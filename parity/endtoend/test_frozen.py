"""Applications frozen by PyInstaller, with the bridge, the extension alone or the drop-in, need nothing else.

Run by `make freeze`, which makes the environment: a build takes seconds of processor time.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Each makes a call that the core answers and one that it hands to the reference.
APPLICATIONS = {
    "bridge": """
from driftcore import bridge
print(bridge.deterministic_hash_jsonable({})[:8], ascii(bridge.normalize_json_jsonable("\\ud800")))
assert not bridge.counters().fallback, bridge.counters()
""",
    "extension": """
import driftcore_native as core
print(core.deterministic_hash("{}")[:8], ascii(core.normalize_json('"\\\\ud800"')))
assert core.punts()["surrogate"] == 1
""",
    "dropin": """
def load():
    import drift_core
    return drift_core
core = load()
print(core.deterministic_hash("{}")[:8], ascii(core.normalize_json('"\\\\ud800"')))
""",
}
PRINTED = {
    "bridge": "44136fa3 '\\ud800'\n",
    "extension": "44136fa3 '\"\\ud800\"'\n",
    "dropin": "44136fa3 '\"\\ud800\"'\n",
}


@pytest.fixture
def freeze_python() -> Path:
    python = os.environ.get("DRIFTCORE_FREEZE_PYTHON")
    if python is None:
        pytest.skip("DRIFTCORE_FREEZE_PYTHON names no environment with PyInstaller; `make freeze` makes one")
    return ROOT / python


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_frozen_application_answers_natively_and_by_the_reference(
    freeze_python: Path, tmp_path: Path, name: str
) -> None:
    source = tmp_path / f"{name}.py"
    source.write_text(APPLICATIONS[name], encoding="ascii")
    freezer = [
        str(freeze_python),
        "-m",
        "PyInstaller",
        "--onedir",
        "--noconfirm",
        "--log-level",
        "ERROR",
        str(source),
    ]
    environment = {**os.environ, "PYINSTALLER_CONFIG_DIR": str(tmp_path / "cache")}
    frozen = subprocess.run(
        freezer, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert frozen.returncode == 0, frozen.stderr
    run = subprocess.run(
        [tmp_path / "dist" / name / name],
        env={"PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, PRINTED[name]), run.stderr
