"""The command `python -m reports`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from .commands import check, diff, publishable, run, signoff, verify

OUT = Path("reports/out")

COMMANDS = (run, signoff, verify, diff, check, publishable)

DESCRIPTION = """\
Turns what parity, bench, tests and hardening found into one verdict, reports people and tools
can read, and evidence that can be checked again.
"""

EXAMPLES = """\
  python -m reports signoff reports/out            the verdict over what a sign-off run left
  python -m reports verify archive/2026-11-24      an archived one, checked again
"""

EXIT_CODES = """\
exit codes: 0 GO, or all agrees; 1 NO-GO, or something does not agree; 2 usage; 3 INCONCLUSIVE:
too little was compared or measured to tell; 4 UNFIT: a file is damaged, foreign, twice there or
changed, or the files belong to different builds
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    code: ExitCode = options.run(options)
    return code


def parser() -> Parser:
    made = Parser(prog="python -m reports", description=DESCRIPTION, examples=EXAMPLES, exit_codes=EXIT_CODES)
    for one in COMMANDS:
        sub = made.add_command(one.NAME, one.HELP, one.EXAMPLES, description=one.DESCRIPTION)
        one.add_arguments(sub, OUT)
        sub.set_defaults(run=one.run, default_out=OUT)
    return made
