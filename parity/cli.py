"""The command `python -m parity`."""

from __future__ import annotations

from collections.abc import Sequence

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from .commands import corpus, ledger, replay, run, selftest, show
from .commands.options import EXIT_CODES

EXAMPLES = f"""\
examples:
  python -m parity run                                    the compiled core against the Python reference
  python -m parity run --candidate rust --witness sdk     the public Rust module, and who agrees with it
  python -m parity replay g2:numbers:0:17:normalize_json  one case in full, as a failed run names it
  python -m parity selftest                               does the gate catch candidates that lie?

`python -m parity COMMAND --help` tells more.

{EXIT_CODES}
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    code: ExitCode = options.act(options)
    return code


def _parser() -> Parser:
    parser = Parser(
        prog="python -m parity",
        description="Feed identical inputs to two implementations of the operations; compare results.",
        epilog=EXAMPLES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for one in (run, replay, show, ledger, corpus, selftest):
        one.add_parser(commands)
    return parser
