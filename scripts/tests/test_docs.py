"""The documentation: it builds with every link checked, and every command in it does what it says.

A fenced block marked `console` holds commands, one a line after `$ `; `# exit N` behind one is the code it
ends with.  They run in the checkout, in the order of the page, with this environment's Python for `.venv`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.docs import commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(r"^ *```console\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\b(?:TUSK_(?:USE|SKIP|CORE)_[A-Z_]+|DRIFTCORE_[A-Z]+_PYTHON)\b")


def commands_of(page: str) -> list[tuple[str, int]]:
    """(command, exit code it is to end with) of a page."""
    found = []
    for block in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for line in block.splitlines():
            assert line.lstrip().startswith("$ "), (
                f"{page}: {line!r} is no command; show output in another block"
            )
            command, _, code = line.lstrip()[2:].partition("  # exit ")
            found.append((command, int(code or 0)))
    return found


WITH_COMMANDS = [page for page in PAGES if commands_of(page)]


def test_some_pages_have_commands() -> None:
    assert sum(len(commands_of(page)) for page in WITH_COMMANDS) >= 12


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_ends_as_the_page_says(page: str) -> None:
    for command, code in commands_of(page):
        if command == "make build":
            continue  # has run, or these tests could not
        words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]
        run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == code, f"{command}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}"


def test_site_builds_with_every_link_right(tmp_path: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--strict",
            "--site-dir",
            str(tmp_path / "site"),
        ],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    page = (tmp_path / "site" / "reference" / "commands" / "index.html").read_text(encoding="utf-8")
    assert "python -m parity replay" in page
    assert "process_export_payload_pyobject" in (tmp_path / "site/reference/api/index.html").read_text(
        "utf-8"
    )


def test_every_command_and_subcommand_is_in_the_reference() -> None:
    page = commands.page()
    for name in ("parity run", "parity corpus add", "bench run", "reports signoff", "scripts.wheels"):
        assert f"python -m {name}\n" in page, name


def test_every_environment_variable_is_documented() -> None:
    sources = [*ROOT.glob("core/driftcore/bridge/*.py"), *ROOT.glob("parity/endtoend/*.py")]
    used = {name for path in sources for name in _VARIABLE.findall(path.read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "reference" / "environment.md").read_text(encoding="utf-8")
    assert len(used) >= 6
    assert {name for name in used if f"`{name}`" not in page} == set()


def test_every_exit_code_is_documented() -> None:
    from reports.exit_codes import ExitCode

    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} | {code.name} |" in page
