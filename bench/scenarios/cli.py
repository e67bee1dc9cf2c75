"""The command `python -m bench.scenarios`: some scenarios alone, measured and shown, without claims."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from ..events import LeftOut, Process, Void
from ..process_results import QUICK_BLOCKS, run
from ..tables.whole import process_table
from . import SCENARIOS

EXIT_CODES = """\
exit codes: 0 measured; 1 variants gave different results; 2 usage; 3 something to measure with is missing;
4 a program failed, or a variant was not what ran
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    parser = Parser(
        prog="python -m bench.scenarios",
        description="Measure programs in variants; `python -m bench run` also judges the claims on them.",
        epilog=EXIT_CODES,
    )
    parser.add_argument(
        "scenario", nargs="+", choices=tuple(SCENARIOS), metavar="NAME", help=f"of {', '.join(SCENARIOS)}"
    )
    parser.add_argument(
        "--blocks",
        type=int,
        default=QUICK_BLOCKS,
        metavar="N",
        help=f"how often each variant has its turn (default: {QUICK_BLOCKS})",
    )
    options = parser.parse_args(arguments)
    found = []
    for name in options.scenario:
        for event in run(SCENARIOS[name], options.blocks, seed=0):
            if isinstance(event, Process):
                found.append(event)
            elif isinstance(event, Void):
                print(f"{event.what}: {event.difference}", file=sys.stderr)
                return ExitCode.FAIL
            elif isinstance(event, LeftOut):
                print(f"{event.what}: {event.reason}", file=sys.stderr)
                return ExitCode.UNFIT if event.unfit else ExitCode.INCONCLUSIVE
    print(process_table(found))
    return ExitCode.PASS
