"""`python -m reports check`: run a command and keep what came of it as a check."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from driftgate.base.exit_codes import ExitCode, UsageError
from driftgate.base.options import out_file, out_results
from driftgate.base.result_file import require_replaceable

from ..checking import file_name, require_report, run_check
from ..checks import CheckVerdict, check_file, write_run
from ..installed import extension_digest
from ..shown import shown

NAME = "check"
HELP = "run a command and keep its outcome as a check for the sign-off"
DESCRIPTION = """\
Runs a command without input, shows what it prints as it comes, and writes its outcome into a result
file.  Its exit code decides, by the project's table: 0 pass, 1 fail, 3 inconclusive, 4 unfit.  With
--junit the counts and failures of JUnit reports it writes are kept too: a failed test fails the check
whatever the exit code, and no test at all is inconclusive.  What looks like a credential is masked.
"""
EXAMPLES = """\
  python -m reports check "golden vectors" --group tests --junit build/golden.xml \\
      -- python -m pytest core/tests/test_golden.py --junitxml build/golden.xml
"""

_CODES = {
    CheckVerdict.PASS: ExitCode.PASS,
    CheckVerdict.FAIL: ExitCode.FAIL,
    CheckVerdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    CheckVerdict.UNFIT: ExitCode.UNFIT,
}


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument(
        "name", metavar="NAME", help="what the report calls it; the policy asks for it by this"
    )
    parser.add_argument("--group", default="tests", metavar="NAME", help="where it belongs (default: tests)")
    parser.add_argument(
        "--junit",
        type=out_file,
        action="append",
        default=[],
        metavar="FILE",
        help="a JUnit report the command writes; may be repeated",
    )
    parser.add_argument(
        "--out",
        type=out_results,
        metavar="FILE",
        help=f"(default: {out}/check-NAME.ndjson, by the name)",
    )
    parser.add_argument("command_line", nargs="+", metavar="COMMAND", help="what to run, behind --")


def run(options: argparse.Namespace) -> ExitCode:
    if not options.name.strip():
        raise UsageError("a check needs a name")
    for report in options.junit:
        require_report(report)
    path = options.out or require_replaceable(options.default_out / file_name(options.name))
    with check_file(path) as out:
        found = run_check(
            options.name, options.group, options.command_line, extension_digest(), options.junit, _tell
        )
        write_run(found, out)
    [check] = found.checks
    print(f"{check.verdict.value}: {shown(check.name)}: {check.summary}", file=sys.stderr)
    return _CODES[check.verdict]


def _tell(line: str) -> None:
    print(line, flush=True)
