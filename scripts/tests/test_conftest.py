"""The tests as a whole: they leave what a sign-off left, or fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NEW = "out.mkdir(parents=True, exist_ok=True); (out / 'parity.ndjson.part').write_text('')"


@pytest.mark.parametrize(
    ("there", "change", "code"),
    [
        (True, "pass", 0),
        (True, NEW, 1),
        (False, NEW, 1),
        (True, "(out / 'signoff.md').write_bytes(b'NO')", 1),
        (True, "(out / 'wheels' / 'x.whl').write_text(''); (out / 'wheels' / 'x.whl').unlink()", 1),
    ],
    ids=["nothing", "a new file", "a new folder", "the same text again", "a file made and removed"],
)
def test_a_test_that_touches_what_a_sign_off_left_fails_the_run(
    tmp_path: Path, there: bool, change: str, code: int
) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "conftest.py").read_bytes())
    out = tmp_path / "reports" / "out"
    if there:
        (out / "wheels").mkdir(parents=True)
        (out / "signoff.md").write_bytes(b"NO")
    head = f"from pathlib import Path\nout = Path({str(out)!r})\n"
    (tmp_path / "test_it.py").write_text(f"{head}def test_it():\n    {change}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == code, run.stdout
    assert ("give them a folder of their own" in run.stdout) is bool(code)
