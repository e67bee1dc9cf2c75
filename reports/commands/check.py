"""`python -m reports check`: run a command and keep what came of it as a check."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from driftgate.base.exit_codes import ExitCode, Unfit
from parity.subjects.described import describe

from ..checks import CheckVerdict, run_check, write_checks

NAME = "check"
HELP = "run a command and keep its outcome as a check for the sign-off"
DESCRIPTION = """\
Runs a command, shows what it prints, and writes its outcome into a result file.  Its exit code
decides, by the project's table: 0 pass, 1 fail, 3 inconclusive, 4 unfit.  With --junit the
counts and failures of JUnit reports it writes are kept too; no passed test is no pass.
"""
EXAMPLES = """\
example:
  python -m reports check "golden vectors" --group tests --junit reports/out/golden.xml \\
      -- python -m pytest core/tests/test_golden.py --junitxml reports/out/golden.xml
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
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a JUnit report the command writes",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help=f"(default: {out}/check-NAME.ndjson)")
    parser.add_argument("command_line", nargs="+", metavar="COMMAND", help="what to run, behind --")


def run(options: argparse.Namespace) -> ExitCode:
    try:
        sha256 = describe(("native",))["native"].provenance.sha256
    except Unfit:
        sha256 = None  # a check may be of something else; what needs the native module says so itself
    found, said = run_check(options.name, options.group, options.command_line, sha256, options.junit)
    print(said, end="")
    for report in options.junit:
        report.unlink(missing_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", options.name.lower()).strip("-")
    write_checks(found, options.out or options.default_out / f"check-{slug}.ndjson")
    [check] = found.checks
    print(f"{check.verdict.value}: {check.name}: {check.summary}", file=sys.stderr)
    return _CODES[check.verdict]
