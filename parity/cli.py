"""The command `python -m parity`."""

from __future__ import annotations

from collections.abc import Sequence

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from .commands import corpus, ledger, replay, run, selftest, show

EXIT_CODES = "exit codes: 0 pass, 1 mismatch, 2 usage, 3 not enough compared, 4 the harness is unfit to judge"

EXAMPLES = """\
  python -m parity run                                    the compiled core against the Python reference
  python -m parity run --candidate rust --witness sdk     the public Rust module, and who agrees with it
  python -m parity replay g2:numbers:0:17:normalize_json  one case in full, as a failed run names it
  python -m parity selftest                               does the gate catch candidates that lie?

`python -m parity COMMAND --help` tells more."""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    code: ExitCode = options.act(options)
    return code


def parser() -> Parser:
    made = Parser(
        prog="python -m parity",
        description="Feed identical inputs to two implementations of the operations; compare results.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    for one in (run, replay, show, ledger, corpus, selftest):
        one.add_parser(made)
    return made
