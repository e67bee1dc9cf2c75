"""The command `python -m parity`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from reports.exit_codes import ExitCode, exit_with
from reports.result_file import DamagedResults

from .cases import UnknownCase
from .commands import corpus, ledger, replay, run, selftest, show
from .commands.options import EXIT_CODES
from .subjects import Unfit

EXAMPLES = f"""\
examples:
  python -m parity run                                    the compiled core against the Python reference
  python -m parity run --candidate rust --witness sdk     the public Rust module, and who agrees with it
  python -m parity replay g2:numbers:0:17:normalize_json  one case in full, as a failed run names it
  python -m parity selftest                               does the gate catch candidates that lie?

`python -m parity COMMAND --help` tells more.

{EXIT_CODES}
"""


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    try:
        code: ExitCode = options.act(options)
    except UnknownCase as error:
        print(f"python -m parity {options.command}: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except (Unfit, DamagedResults) as error:
        print(f"UNFIT: {error}", file=sys.stderr)
        return ExitCode.UNFIT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m parity",
        description="Feed identical inputs to two implementations of the operations; compare results.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (run, replay, show, ledger, corpus, selftest):
        command.add_parser(commands)
    return parser


if __name__ == "__main__":
    exit_with(main)
