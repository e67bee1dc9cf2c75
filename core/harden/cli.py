"""The command `python -m core.harden`."""

from __future__ import annotations

import argparse
import contextlib
import shlex
from collections.abc import Sequence
from typing import Optional

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Whole, out_results
from driftgate.base.result_file import FINISHED, STARTED, ResultFile

from .check import Verdict
from .run import FORMAT, Checked, exit_code, finished, run, started
from .table import CHECKS
from .workspace import Workspace

EXAMPLES = """\
  python -m core.harden list
  python -m core.harden run --out reports/out/harden.ndjson
  python -m core.harden run --only memory --only gcc-analyzer   by topic or name
  python -m core.harden run --only fuzz --fuzz-seconds 600

Logs and builds are in build/.  Needs what `make harden-setup` installs.
"""

EXIT_CODES = """\
exit codes: 0 pass, 1 a check failed, 2 usage, 3 interrupted, 4 a check could not be made
"""


@command
def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
    options = parser().parse_args(arguments)
    code: ExitCode = options.act(options)
    return code


def _list(options: argparse.Namespace) -> ExitCode:
    for check in CHECKS:
        print(f"{check.topic:12}{check.name:24}{check.purpose}")
    return ExitCode.PASS


def _run(options: argparse.Namespace) -> ExitCode:
    chosen = [check for check in CHECKS if not options.only or {check.name, check.topic} & set(options.only)]
    workspace = Workspace(fuzz_seconds=options.fuzz_seconds)
    done: list[Checked] = []
    with ResultFile(options.out, FORMAT) if options.out else contextlib.nullcontext() as out:
        if out is not None:
            out.write(STARTED, started(chosen, workspace))
        for one in run(chosen, workspace):
            done.append(one)
            print(_line(one), flush=True)
            if out is not None:
                out.write("check", one.fields())
        if out is not None:
            out.write(FINISHED, finished(done))
    failed = [one.check.name for one in done if one.verdict is not Verdict.PASS]
    print(
        f"\n{len(done) - len(failed)} of {len(done)} checks passed."
        + (f" Not: {', '.join(failed)}" * bool(failed))
    )
    if failed:
        again = [word for name in failed for word in ("--only", name)]
        print(f"Show again: {shlex.join(['python', '-m', 'core.harden', 'run', *again])}")
    return exit_code(done)


def _line(one: Checked) -> str:
    figures = ", ".join(f"{value:,g} {name}" for name, value in one.figures.items())
    text = f"{one.verdict.value:6}{one.check.name:24}{one.seconds:7.1f} s  {figures}".rstrip()
    return "\n".join([text, *(f"        {finding}" for finding in one.findings[:20])])


def parser() -> Parser:
    made = Parser(
        prog="python -m core.harden",
        description="Checks that no input, failure or thread breaks the C core.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_command("list", "the checks and what they are for", EXAMPLES, _list)
    runner = made.add_command("run", "run the checks, or some of them", EXAMPLES, _run)
    names = sorted({name for check in CHECKS for name in (check.name, check.topic)})
    runner.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help="a check or a topic; may be repeated"
    )
    runner.add_argument(
        "--fuzz-seconds", type=Whole(1, 86_400), default="60", metavar="N", help="of each fuzz target (60)"
    )
    runner.add_argument("--out", type=out_results, metavar="FILE", help="write the result file")
    return made
