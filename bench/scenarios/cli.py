"""The command `python -m bench.scenarios`: some scenarios alone, measured and shown, without claims."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit
from driftgate.base.options import Whole

from ..events import LeftOut, Process, Void
from ..process_results import QUICK_BLOCKS, run
from ..tables.whole import process_table
from . import SCENARIOS

EXAMPLES = """\
  python -m bench.scenarios import                 what an import of the core costs
  python -m bench.scenarios requests --blocks 12   one request to an application under the SDK
"""

EXIT_CODES = """\
exit codes: 0 measured; 1 variants gave different results; 2 usage; 3 something to measure with is missing;
4 a program failed, or a variant was not what ran
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    found = []
    for name in options.scenario:
        for event in run(SCENARIOS[name], options.blocks, seed=0):
            if isinstance(event, Process):
                found.append(event)
            elif isinstance(event, Void):
                print(f"{event.what}: {event.difference}", file=sys.stderr)
                return ExitCode.FAIL
            elif isinstance(event, LeftOut):
                raise (Unfit if event.unfit else Inconclusive)(f"{event.what}: {event.reason}")
    print(process_table(found))
    return ExitCode.PASS


def parser() -> Parser:
    made = Parser(
        prog="python -m bench.scenarios",
        description="Measure programs in variants; `python -m bench run` also judges the claims on them.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument(
        "scenario", nargs="+", choices=tuple(SCENARIOS), metavar="NAME", help=f"of {', '.join(SCENARIOS)}"
    )
    made.add_argument(
        "--blocks",
        type=Whole(1, 1_000),
        default=str(QUICK_BLOCKS),
        metavar="N",
        help=f"how often each variant has its turn (default: {QUICK_BLOCKS})",
    )
    return made
