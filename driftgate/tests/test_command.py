"""How commands end: with a code of the project and at most one line, whatever happens in or around them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

COMMAND = """
import os, signal, sys, time
{head}
from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit, UsageError
@command
def main():
    {body}
    return ExitCode.{code}
"""


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., list[str]]:
    """A command line for a command with some body, run as the packages' own `__main__` run theirs."""

    def written(body: str = "pass", code: str = "PASS", head: str = "") -> list[str]:
        (tmp_path / "tried.py").write_text(COMMAND.format(body=body, code=code, head=head), encoding="utf-8")
        start = "import sys; sys.path[:0] = [{!r}, {!r}]; from driftgate.base.command import run_command; "
        return [sys.executable, "-c", f"{start.format(str(tmp_path), str(ROOT))}run_command('tried')"]

    return written


def ended(command: list[str], shell: str = '"$@"', **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command line by a shell, which makes streams what a person makes of them."""
    line = ["bash", "-c", shell, "bash", *command]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("pass", 0, ""),
        ("return ExitCode.FAIL", 1, ""),
        ("raise UsageError('no such thing')", 2, "USAGE: no such thing\n"),
        ("raise Inconclusive('too little')", 3, "INCONCLUSIVE: too little\n"),
        ("raise KeyboardInterrupt", 3, "INCONCLUSIVE: interrupted before its end\n"),
        ("raise Unfit('no subject')", 4, "UNFIT: no subject\n"),
        (
            "raise Unfit('it ends', 'its last words\\nin lines')",
            4,
            "UNFIT: it ends\nits last words\nin lines\n",
        ),
        ("raise Unfit('a\\nb\\x1b[31m\\udcff')", 4, "UNFIT: a\\nb\\x1b[31m\\udcff\n"),
        ("raise MemoryError", 4, "UNFIT: there is not enough memory\n"),
        ("open('/nowhere/at all')", 4, "UNFIT: /nowhere/at all: No such file or directory\n"),
        ("sys.exit(0)", 4, "UNFIT: something that the command ran asked the process to exit with 0\n"),
        ("Parser(prog='x').parse_args(['--y\\n'])", 2, "x: unrecognized arguments: --y\\n; see x --help\n"),
        ("Parser(prog='x').parse_args(['--y'])", 2, "x: unrecognized arguments: --y; see x --help\n"),
        ("Parser(prog='x').parse_args(['--help'])", 0, ""),
    ],
)
def test_the_code_says_what_happened(
    program: Callable[..., list[str]], body: str, code: int, said: str
) -> None:
    found = ended(program(body))
    assert (found.returncode, found.stderr) == (code, said)


def test_an_unforeseen_failure_is_unfit_and_shown(program: Callable[..., list[str]]) -> None:
    found = ended(program("1 / 0"))
    assert found.returncode == 4 and "ZeroDivisionError" in found.stderr


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("import no_such_package", "has no package 'no_such_package'"),
        ("from os import no_such_name", "cannot import tried"),
        ("sys.exit(0)", "asked the process to exit with 0"),
    ],
)
def test_a_command_that_cannot_be_imported_is_unfit(
    program: Callable[..., list[str]], head: str, said: str
) -> None:
    found = ended(program(head=head))
    assert found.returncode == 4 and said in found.stderr and found.stderr.count("\n") == 1


def test_a_package_that_is_missed_later_is_named_in_one_line(program: Callable[..., list[str]]) -> None:
    found = ended(program("import no_such_package"))
    assert found.returncode == 4 and found.stderr.count("\n") == 1
    assert "has no package 'no_such_package'" in found.stderr


def test_a_subcommand_tells_its_examples_and_the_exit_codes_of_the_whole(
    program: Callable[..., list[str]],
) -> None:
    made = "made = Parser(prog='x', examples='  x --all', exit_codes='exit codes: 0 done')"
    add = "made.add_command('one', 'do one thing', '  x one')"
    found = ended(program(f"{made}; {add}; made.parse_args(['one', '--help'])"))
    assert found.returncode == 0
    assert found.stdout.endswith("\n\nexamples:\n  x one\n\nexit codes: 0 done\n")
    assert "\nDo one thing.\n" in found.stdout


def test_half_a_surrogate_can_be_printed(program: Callable[..., list[str]]) -> None:
    found = ended(program("print(chr(0xD800))"))
    assert (found.returncode, found.stdout) == (0, "\\ud800\n")


@pytest.mark.parametrize("code", ["PASS", "FAIL"])
def test_a_reader_that_leaves_early_changes_no_verdict(program: Callable[..., list[str]], code: str) -> None:
    line = program("[print('x' * 100) for _ in range(100_000)]", code)
    found = ended(line, '"$@" | head -1 > /dev/null; exit ${PIPESTATUS[0]}')
    assert (found.returncode, found.stderr) == ({"PASS": 0, "FAIL": 1}[code], "")


@pytest.mark.parametrize(
    "shell", ['"$@" >&-', '"$@" 2>&-', '"$@" <&-', '"$@" <&- >&- 2>&-', '"$@" 2>/dev/full']
)
def test_closed_streams_change_no_verdict(program: Callable[..., list[str]], shell: str) -> None:
    body = "print('said'); print('told', file=sys.stderr); sys.stdin.read(0)"
    assert ended(program(body), shell).returncode == 0
    assert ended(program(body, "FAIL"), shell).returncode == 1


def test_a_closed_stream_is_not_handed_to_the_next_file(
    program: Callable[..., list[str]], tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    body = f"f = open({str(kept)!r}, 'w'); f.write('mine'); print('said', flush=True); os.system('echo said')"
    assert ended(program(body), '"$@" >&-').returncode == 0
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("shell", ['"$@" >&-', '"$@" 2>&-', '"$@" <&-', '"$@" <&- >&- 2>&-'])
def test_what_a_command_starts_has_all_streams(program: Callable[..., list[str]], shell: str) -> None:
    started = "import sys; sys.exit(None in (sys.stdin, sys.stdout, sys.stderr))"
    head = "import subprocess"
    body = f"assert subprocess.run([sys.executable, '-c', {started!r}]).returncode == 0"
    assert ended(program(body, head=head), shell).returncode == 0


@pytest.mark.parametrize("body", ["print('said')", "print('said', flush=True)", "print('x' * 1_000_000)"])
@pytest.mark.parametrize("code", ["PASS", "FAIL"])
def test_a_report_lost_on_a_full_disk_is_unfit(
    program: Callable[..., list[str]], body: str, code: str
) -> None:
    found = ended(program(body, code), '"$@" > /dev/full')
    assert (found.returncode, found.stderr) == (4, "UNFIT: standard output: No space left on device\n")


WAITING = "print('ready', flush=True); time.sleep(60)"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("where", ["head", "body"])
def test_a_signal_ends_inconclusive_in_imports_and_in_work(
    program: Callable[..., list[str]], where: str, number: signal.Signals
) -> None:
    # An import is not cut in the middle, so it is one that ends by itself.
    waiting = WAITING if where == "body" else WAITING.replace("60", "1")
    process = subprocess.Popen(
        program(**{where: waiting}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said) == (3, "", "INCONCLUSIVE: interrupted before its end\n")


def test_a_signal_while_it_says_why_it_ends_changes_nothing(program: Callable[..., list[str]]) -> None:
    head = """
class Killing(str):
    def __str__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        return 'no subject'
"""
    found = ended(program("raise Unfit(Killing())", head=head))
    assert (found.returncode, found.stderr) == (4, "UNFIT: no subject\n")


def test_a_signal_that_waits_for_the_command_ends_it(program: Callable[..., list[str]]) -> None:
    """As it does for one that takes the place of another program, which held the signals back."""
    line = program("time.sleep(60)")
    line[-1] = (
        "import os, signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]); "
        f"os.kill(os.getpid(), signal.SIGINT); {line[-1]}"
    )
    found = ended(line)
    assert (found.returncode, found.stderr) == (3, "INCONCLUSIVE: interrupted before its end\n")


def test_what_an_interrupt_breaks_is_no_other_failure(program: Callable[..., list[str]]) -> None:
    """A library may turn the interrupt into an error of its own."""
    body = "\n    ".join(
        ["try: os.kill(os.getpid(), signal.SIGINT); time.sleep(9)", "except BaseException: 1 / 0"]
    )
    assert ended(program(body)).returncode == 3


def test_a_signal_after_the_verdict_does_not_change_it(program: Callable[..., list[str]]) -> None:
    head = "import atexit; atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))"
    found = ended(program(head=head, code="FAIL"))
    assert (found.returncode, found.stderr) == (1, "")


def test_what_others_print_does_not_mix_with_what_a_process_has_to_say() -> None:
    code = """
import os, sys
from driftgate.base.streams import keep_stdout
print("before")
own = keep_stdout()
print("of others", flush=True)
os.write(1, b"of others\\n")
os.system("echo of a process of others")
os.closerange(0, 100)
print("its own", file=own)
"""
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout == "before\nits own\n"
    assert found.stderr == "of others\nof others\nof a process of others\n"
