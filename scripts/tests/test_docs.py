"""The documentation: it builds with every link checked, and every command in it does what it says.

A fenced block marked `console` holds commands, one a line after `$ `; `# exit N` behind one is the code it
ends with.  They run in the checkout, in the order of the page, with this environment's Python for `.venv`; of
`make`, whose targets take minutes and have tests of their own, it is only asked whether it knows what to do.
A block marked `output` behind one is what its last command prints, to the letter.  Commands elsewhere, in
tables, sentences and plain blocks, must exist, with each option they are given.  Blocks marked `python` run.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.docs import commands

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "docs/findings-rust.md"
"""Commands there come from a run, which made them itself."""
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
PAGES = ["README.md", "CONTRIBUTING.md", *(page for page in PAGES if page != GENERATED)]
_BLOCK = re.compile(r"^ *```console\n(.*?)^ *```$\n(?:```output\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"python -m ([\w.]+)((?: +(?:-{1,2}[\w-]+|[^\s`#|…;,)]+))*)")
_TARGET = re.compile(r"(?:^|[`$] ?)make ([a-z][a-z-]*)\b", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:TUSK_(?:USE|SKIP|CORE)_[A-Z_]+|DRIFTCORE_[A-Z]+_PYTHON)\b")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands_of(page: str) -> list[tuple[str, int, str]]:
    """(command, exit code it is to end with, what it is to print or empty for anything) of a page."""
    found = []
    for block, output in _BLOCK.findall(text_of(page)):
        lines = block.splitlines()
        for line in lines:
            assert line.lstrip().startswith("$ "), (
                f"{page}: {line!r} is no command; show output in another block"
            )
            command, _, code = line.lstrip()[2:].partition("  # exit ")
            found.append((command, int(code or 0), output if line == lines[-1] else ""))
    return found


WITH_COMMANDS = [page for page in PAGES if commands_of(page)]
WITH_PYTHON = [page for page in PAGES if _PYTHON.search(text_of(page))]


def test_some_pages_have_commands() -> None:
    assert sum(len(commands_of(page)) for page in WITH_COMMANDS) >= 25
    assert {"README.md", "docs/tutorial.md"} <= set(WITH_COMMANDS)


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_ends_as_the_page_says(page: str) -> None:
    for command, code, output in commands_of(page):
        words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]
        if words[0] == "make":
            words.insert(1, "-n")
        elif words[1:3] == ["-m", "pytest"]:
            words.append("--collect-only")  # they are run beside this one
        run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        assert run.returncode == code, f"{command}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}"
        assert output in ("", run.stdout), f"{page} shows another output of {command}:\n{run.stdout}"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_exists_with_its_options(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in _TARGET.findall(text_of(page)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"
    for module, rest in _NAMED.findall(text_of(page)):
        module, words = module.rstrip("."), rest.split()
        if module not in commands.COMMANDS:
            ours = (ROOT / module.partition(".")[0]).is_dir()
            assert not ours or importlib.util.find_spec(module), f"{page}: python -m {module}"
            continue
        help_text = commands.help_of((module,))
        if commands.subcommands(help_text) and words and not words[0].startswith("-") and words[0].islower():
            assert words[0] in commands.subcommands(help_text), f"{page}: python -m {module} {words[0]}"
            help_text = commands.help_of((module, words[0]))
        unknown = [word for word in words if re.match("--[a-z]", word) and word not in help_text]
        assert not unknown, f"{page}: python -m {module}{rest} has no {unknown[0]}"


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python_on_a_page_runs_in_a_folder_of_ones_own(page: str, tmp_path: Path) -> None:
    """As a script of a reader: outside the checkout, which stands in PYTHONPATH only."""
    script = tmp_path / "script.py"
    script.write_text("".join(_PYTHON.findall(text_of(page))), encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TUSK_")}
    environment = {**inherited, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == ("It ends with 1." in text_of(page)), run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_site_builds_with_every_link_right(tmp_path: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
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
    from driftgate.base.exit_codes import ExitCode

    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} | {code.name} |" in page
