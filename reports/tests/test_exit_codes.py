"""How commands end: with a code of the project, whatever happens in them."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from reports.exit_codes import ExitCode, exit_with
def main():
    {body}
    return ExitCode.PASS
exit_with(main)
"""


def ended(body: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(body=body)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("pass", 0),
        ("return ExitCode.FAIL", 1),
        ("1 / 0", 4),
        ("raise KeyboardInterrupt", 3),
        ("sys.exit(2)", 2),
    ],
)
def test_the_code_says_what_happened(body: str, code: int) -> None:
    assert ended(body).returncode == code


def test_an_unforeseen_failure_is_shown() -> None:
    assert "ZeroDivisionError" in ended("1 / 0").stderr


def test_half_a_surrogate_can_be_printed() -> None:
    found = ended("print(chr(0xD800))")
    assert (found.returncode, found.stdout) == (0, "\\ud800\n")


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    program = PROGRAM.format(body="print('x' * 1_000_000)")
    writer = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stderr is not None
    writer.stdout.read(10)
    writer.stdout.close()
    assert (writer.stderr.read(), writer.wait()) == ("", 3)
    writer.stderr.close()
