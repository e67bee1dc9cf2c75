"""A command as a check: its end, its exit code and its tests decide, and nothing of it gets lost or out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode, UsageError
from reports.checking import file_name, run_check
from reports.checks import Check, CheckVerdict, read_checks
from reports.cli import main
from reports.followed import LINES_KEPT, LONGEST_LINE, follow

ROOT = Path(__file__).resolve().parents[2]
JUNIT = "<testsuites><testsuite>{}</testsuite></testsuites>"
PASSED, FAILED = '<testcase name="a"/>', '<testcase classname="m" name="b"><failure message="no"/></testcase>'
SKIPPED = '<testcase name="c"><skipped/></testcase>'


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def checked(command: list[str], *junit: Path, tell: Callable[[str], None] = print) -> Check:
    [check] = run_check("it", "tests", command, None, junit, tell).checks
    return check


def writing(report: Path, body: str, code: int = 0) -> list[str]:
    """A command that writes a report and ends with a code."""
    return python(f"open({str(report)!r}, 'w').write({JUNIT.format(body)!r}); raise SystemExit({code})")


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0, CheckVerdict.PASS),
        (1, CheckVerdict.FAIL),
        (2, CheckVerdict.FAIL),
        (3, CheckVerdict.INCONCLUSIVE),
        (4, CheckVerdict.UNFIT),
        (5, CheckVerdict.FAIL),
        (77, CheckVerdict.FAIL),
    ],
)
def test_the_exit_code_decides(code: int, verdict: CheckVerdict, capsys: pytest.CaptureFixture[str]) -> None:
    check = checked(shell(f"echo 'FAIL: told'; echo more; exit {code}"))
    assert (check.verdict, check.summary) == (verdict, "told")
    assert capsys.readouterr().out == "FAIL: told\nmore\n"


def test_a_command_that_cannot_be_run_is_unfit() -> None:
    for command in (["/nowhere/to/be/found"], ["nul\0"], [str(ROOT)]):
        check = checked(command)
        assert check.verdict is CheckVerdict.UNFIT
        assert "cannot be run" in check.findings[0].text and "cannot be run" in check.summary


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_command_that_dies_fails_and_the_signal_is_named(number: signal.Signals, tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    for junit in ([], [report]):
        check = checked(shell(f"echo '{JUNIT.format(PASSED)}' > {report}; kill -{int(number)} $$"), *junit)
        assert check.verdict is CheckVerdict.FAIL
        assert check.summary.endswith(f"died of {number.name}")
        assert any(f"died of {number.name}" in finding.text for finding in check.findings)


@pytest.mark.parametrize(
    ("body", "code", "verdict"),
    [
        (PASSED + SKIPPED, 0, CheckVerdict.PASS),
        (PASSED + FAILED, 0, CheckVerdict.FAIL),
        (PASSED + FAILED, 3, CheckVerdict.FAIL),
        (PASSED + FAILED, 4, CheckVerdict.FAIL),
        (PASSED, 1, CheckVerdict.FAIL),
        (PASSED, 3, CheckVerdict.INCONCLUSIVE),
        (PASSED, 4, CheckVerdict.UNFIT),
        ('<testcase name="d"><error/></testcase>', 0, CheckVerdict.FAIL),
        (SKIPPED, 0, CheckVerdict.INCONCLUSIVE),
        ("", 0, CheckVerdict.INCONCLUSIVE),
        ("", 5, CheckVerdict.INCONCLUSIVE),
        (PASSED, 5, CheckVerdict.FAIL),
        ("", 1, CheckVerdict.FAIL),
        ("", 4, CheckVerdict.UNFIT),
    ],
)
def test_tests_and_exit_code_decide_together(
    tmp_path: Path, body: str, code: int, verdict: CheckVerdict
) -> None:
    assert checked(writing(tmp_path / "r.xml", body, code), tmp_path / "r.xml").verdict is verdict


def test_counts_and_failures_of_junit_are_kept(tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    check = checked(writing(report, PASSED + FAILED + SKIPPED, 1), report)
    assert check.figures == {"passed": 1, "failed": 1, "skipped": 1}
    assert check.summary == "1 passed, 1 failed, 1 skipped"
    assert [finding.text for finding in check.findings] == ["m.b: no"]
    assert report.exists()


def test_a_failure_in_one_of_two_reports_is_a_failure(tmp_path: Path) -> None:
    one, other = tmp_path / "a.xml", tmp_path / "b.xml"
    both = [*writing(one, PASSED)[:2], writing(one, PASSED)[2].replace("raise SystemExit(0)", "")]
    both[2] += writing(other, FAILED)[2]
    check = checked(both, one, other)
    assert (check.verdict, check.figures["passed"]) == (CheckVerdict.FAIL, 1)


def test_no_test_found_by_pytest_is_inconclusive(tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    pytest_ = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert checked([*pytest_, f"--junitxml={report}"], report).verdict is CheckVerdict.INCONCLUSIVE


def _missing(report: Path) -> str:
    return "true"


def _stale(report: Path) -> str:
    report.write_text(JUNIT.format(PASSED))
    return "true"


def _touched(report: Path) -> str:
    """Back-dated by the command: it was written all the same."""
    report.write_text(JUNIT.format(PASSED))
    return f"cp {report} {report}.new; mv {report}.new {report}; touch -d 2001-01-01 {report}"


def _no_xml(report: Path) -> str:
    return f"echo nonsense > {report}"


def _bomb(report: Path) -> str:
    return f"echo '<!DOCTYPE x [<!ENTITY a \"b\">]><testsuites>&a;</testsuites>' > {report}"


def _folder(report: Path) -> str:
    return f"mkdir {report}"


@pytest.mark.parametrize(
    ("made", "verdict", "why"),
    [
        (_missing, CheckVerdict.UNFIT, "wrote no JUnit report"),
        (_stale, CheckVerdict.UNFIT, "is stale"),
        (_touched, CheckVerdict.PASS, ""),
        (_no_xml, CheckVerdict.UNFIT, "is no JUnit report"),
        (_bomb, CheckVerdict.UNFIT, "declares a document type"),
        (_folder, CheckVerdict.UNFIT, "is no JUnit report"),
    ],
)
def test_a_report_that_the_command_did_not_write_proves_nothing(
    tmp_path: Path, made: Callable[[Path], str], verdict: CheckVerdict, why: str
) -> None:
    report = tmp_path / "r.xml"
    script = made(report)
    check = checked(shell(script), report)
    assert check.verdict is verdict
    assert why in "".join(finding.text for finding in check.findings)
    if verdict is CheckVerdict.UNFIT and made is not _folder:
        if made is not _stale:
            report.unlink(missing_ok=True)
        assert checked(shell(f"{script}; exit 1"), report).verdict is CheckVerdict.FAIL


def test_a_file_that_is_no_report_is_neither_touched_nor_is_anything_run(tmp_path: Path) -> None:
    readme, ran = tmp_path / "README.md", tmp_path / "ran"
    readme.write_text("# Read me\n")
    before = readme.stat()
    out = tmp_path / "out.ndjson"
    options = ["--junit", str(readme), "--out", str(out)]
    assert main(["check", "it", *options, "--", "touch", str(ran)]) is ExitCode.USAGE
    with pytest.raises(UsageError, match="holds no JUnit report"):
        checked(shell(f"touch {ran}"), readme)
    assert readme.stat() == before and not ran.exists() and not out.exists()


def test_lines_are_told_as_they_come(tmp_path: Path) -> None:
    """The command goes on only when its first line has been told."""
    gate = tmp_path / "gate"
    script = f"echo first; until [ -e {gate} ]; do sleep 0.01; done; printf 'second\\r\\nthird'"
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        gate.touch()

    assert checked(shell(script), tell=tell).verdict is CheckVerdict.PASS
    assert told == ["first", "second", "third"]


def test_a_process_that_is_left_behind_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    for left in ("sleep 600", "yes"):
        check = checked(shell(f"{left} & echo $! > {pid}; echo done; exit 1"), tell=lambda line: None)
        os.kill(int(pid.read_text()), signal.SIGKILL)
        assert check.verdict is CheckVerdict.FAIL


def test_a_command_gets_no_input() -> None:
    script = ["sh", "-c", "read line && echo got it; echo end"]
    code = f"from reports.followed import follow; follow({script}, print)"
    done = subprocess.run(
        python(code), cwd=ROOT, input="a line\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("end\n", "")


SECRET = "hunter2-and-more"


def test_what_is_told_and_kept_is_masked_and_visible(tmp_path: Path) -> None:
    report, told = tmp_path / "r.xml", list[str]()
    failure = f'<testcase name="b"><failure message="password={SECRET}"/></testcase>'
    script = (
        f"printf 'api_key={SECRET}\\n\\033[31mtoken: {SECRET}\\033[0m\\n'; "
        "printf '\\007\\tnormal_tokens.c:12:3: error\\n'; "
        f"echo '{JUNIT.format(failure)}' > {report}; exit 1"
    )
    run = run_check("it", "tests", [*shell(script), f"--secret={SECRET}"], None, [report], told.append)
    assert told == [
        "api_key=[masked]",
        "\\x1b[31mtoken: [masked]\\x1b[0m",
        "\\x07       normal_tokens.c:12:3: error",
    ]
    assert SECRET not in repr(run)
    [plain] = run_check("it", "tests", shell(f"echo password={SECRET}; exit 1"), None).checks
    assert (plain.summary, plain.findings[0].text) == ("password=[masked]", "password=[masked]")


def test_output_without_end_is_bounded() -> None:
    told: list[int] = []
    megabytes = "head -c 30000000 /dev/zero | tr '\\0' x; echo; seq 100000; echo; printf '\\303\\050'"
    ended = follow(shell(megabytes), lambda line: told.append(len(line)))
    assert len(told) == 100_003 and max(told) < LONGEST_LINE + 100
    assert len(ended.lines) == LINES_KEPT and ended.lines[-2:] == ("100000", "�(")


def test_the_sentence_is_the_last_verdict_however_much_follows() -> None:
    ended = follow(
        shell("echo 'PASS: first'; echo 'FAIL: second'; seq 1000"), lambda line: None, ["PASS", "FAIL"]
    )
    assert ended.sentence == "second"


def test_names_however_alike_have_files_of_their_own() -> None:
    names = [
        "lint",
        "Lint",
        "LINT",
        "lint c",
        "lint (c)",
        "lint-c",
        "lint--c",
        " lint",
        "линт",
        "тесты",
        "é",
        "e\u0301",
        "..",
        "../lint",
        "/lint",
        "a/b",
        "x" * 300,
        "x" * 301,
        "\ud800",
        "nul",
        "",
        file_name("lint c")[len("check-") : -len(".ndjson")],
    ]
    files = [file_name(name) for name in names]
    assert len({file.lower() for file in files}) == len(names)
    assert all("/" not in file and file.startswith("check") and len(file) < 110 for file in files)
    assert file_name("golden-vectors") == "check-golden-vectors.ndjson"


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports", "check", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_keeps_the_outcome_and_gives_the_code(tmp_path: Path) -> None:
    out = tmp_path / "check.ndjson"
    done = command("a thing", "--group", "counts", "--out", str(out), "--", *shell("exit 3"))
    assert (done.returncode, done.stderr) == (3, "INCONCLUSIVE: a thing: exit code 3\n")
    [check] = read_checks(out).checks
    assert (check.name, check.group, check.verdict) == ("a thing", "counts", CheckVerdict.INCONCLUSIVE)


@pytest.mark.parametrize("body", ["import os; os._exit(0)", "raise SystemExit(0)", "import os; os.abort()"])
def test_a_subject_that_ends_at_import_changes_no_check(tmp_path: Path, body: str) -> None:
    package = tmp_path / "site" / "driftcore_native"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(body)
    done = command("it", "--out", str(tmp_path / "a"), "--", "false", PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 1, done.stderr
    assert read_checks(tmp_path / "a").sha256 is None


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A check whose command says its process id and waits."""
    line = [sys.executable, "-m", "reports", "check", "it", "--out", str(tmp_path / "a"), "--"]
    process = subprocess.Popen(
        [*line, *shell("echo $$; sleep 600")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_command_too_and_leaves_no_file(
    waiting: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    assert waiting.stdout is not None
    pid = int(waiting.stdout.readline())
    assert command("other", "--out", str(tmp_path / "a"), "--", "true").returncode == ExitCode.USAGE
    waiting.send_signal(number)
    _, said = waiting.communicate(timeout=60)
    assert (waiting.returncode, said) == (3, "INCONCLUSIVE: interrupted before its end\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "  "])
def test_a_check_without_a_name_is_wrong_usage(name: str, tmp_path: Path) -> None:
    assert main(["check", name, "--out", str(tmp_path / "a"), "--", "true"]) is ExitCode.USAGE


def test_results_of_something_else_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(SystemExit) as refused:
        main(["check", "it", "--out", str(tmp_path / "notes"), "--", "true"])
    assert refused.value.code == ExitCode.USAGE
    assert (tmp_path / "notes").read_text() == "mine"


def test_a_command_line_is_kept_so_that_it_can_be_pasted(tmp_path: Path) -> None:
    run = run_check("it", "tests", ["echo", "a b", "$HOME", sys.executable], None, (), lambda line: None)
    assert run.command == "echo 'a b' '$HOME' python"
    assert json.dumps(run.command)


@pytest.mark.parametrize("command", ["signoff", "verify", "diff", "check"])
def test_help_teaches_with_an_example_and_the_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    assert "example" in text
    assert "exit codes:" in text


def test_a_core_that_exits_in_its_import_has_no_say_in_a_check(tmp_path: Path) -> None:
    (tmp_path / "driftcore_native.py").write_text("import os; os._exit(0)")
    out = tmp_path / "check.ndjson"
    command = [sys.executable, "-m", "reports", "check", "it", "--out", str(out), "--", "false"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.FAIL and "Traceback" not in done.stderr
    assert read_checks(out).checks[0].verdict is CheckVerdict.FAIL
