"""A command's outcome as a check: its exit code decides, and no test passed is no pass."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from driftgate.base.exit_codes import ExitCode
from reports.checks import CheckVerdict, read_checks, run_check
from reports.cli import main

JUNIT = "<testsuites><testsuite>{}</testsuite></testsuites>"
PASSED, FAILED = '<testcase name="a"/>', '<testcase classname="m" name="b"><failure message="no"/></testcase>'
SKIPPED = '<testcase name="c"><skipped/></testcase>'


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (0, CheckVerdict.PASS),
        (1, CheckVerdict.FAIL),
        (2, CheckVerdict.FAIL),
        (3, CheckVerdict.INCONCLUSIVE),
        (4, CheckVerdict.UNFIT),
        (77, CheckVerdict.FAIL),
    ],
)
def test_the_exit_code_decides(code: int, verdict: CheckVerdict) -> None:
    run, said = run_check("it", "tests", python(f"print('FAIL: told'); raise SystemExit({code})"), None)
    assert run.checks[0].verdict is verdict
    assert run.checks[0].summary == "told"
    assert said == "FAIL: told\n"


def test_a_command_that_cannot_be_run_is_unfit() -> None:
    run, _ = run_check("it", "tests", ["/nowhere/to/be/found"], None)
    assert run.checks[0].verdict is CheckVerdict.UNFIT
    assert "cannot be run" in run.checks[0].findings[0].text


def test_counts_and_failures_of_junit_are_kept(tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    write = (
        f"open({str(report)!r}, 'w').write({JUNIT.format(PASSED + FAILED + SKIPPED)!r}); raise SystemExit(1)"
    )
    [check] = run_check("it", "tests", python(write), None, [report])[0].checks
    assert check.figures == {"passed": 1, "failed": 1, "skipped": 1}
    assert [finding.text for finding in check.findings] == ["m.b: no"]


def test_no_passed_test_is_no_pass(tmp_path: Path) -> None:
    report = tmp_path / "r.xml"
    write = f"open({str(report)!r}, 'w').write({JUNIT.format(SKIPPED)!r})"
    [check] = run_check("it", "tests", python(write), None, [report])[0].checks
    assert check.verdict is CheckVerdict.INCONCLUSIVE


def test_the_command_keeps_the_outcome_and_gives_the_code(tmp_path: Path) -> None:
    out = tmp_path / "check.ndjson"
    arguments = [
        "check",
        "a thing",
        "--group",
        "counts",
        "--out",
        str(out),
        "--",
        *python("raise SystemExit(3)"),
    ]
    assert main(arguments) is ExitCode.INCONCLUSIVE
    [check] = read_checks(out).checks
    assert (check.name, check.group, check.verdict) == ("a thing", "counts", CheckVerdict.INCONCLUSIVE)


@pytest.mark.parametrize("command", ["signoff", "verify", "diff", "check"])
def test_help_teaches_with_an_example_and_the_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    assert "example" in text
    assert "exit codes:" in text
