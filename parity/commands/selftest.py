"""`python -m parity selftest`: does the gate catch candidates that lie?"""

from __future__ import annotations

import argparse
import sys
from functools import partial

from driftgate.base import columns
from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode
from driftgate.base.figures import count
from driftgate.base.options import Whole

from ..liars import LIARS
from ..plan import Plan
from ..selftest import SEEDS, Caught, catch
from ..workers import Workers, cores

EXAMPLES = """\
  python -m parity selftest                    every liar, 20 seeds: about two minutes
  python -m parity selftest --seeds 3          a quicker look
  python -m parity selftest --liar sorted-keys
  python -m parity run --candidate liar:sorted-keys   what the gate says of one

A liar is the reference with one subtle fault.  The table says how many cases a campaign needs
to catch it: in the median and in the worst of the seeds."""


def add_parser(commands: Parser) -> None:
    parser = commands.add_command(
        "selftest", "put candidates that lie through the real runner", EXAMPLES, act
    )
    parser.add_argument(
        "--seeds", type=Whole(1, 1_000), default=str(SEEDS), metavar="N", help=f"how many (default: {SEEDS})"
    )
    parser.add_argument(
        "--liar", action="append", choices=tuple(LIARS), metavar="NAME", help="only this one; may be repeated"
    )


def act(options: argparse.Namespace) -> ExitCode:
    names = options.liar or list(LIARS)
    caught: dict[str, Caught] = {}
    with Workers(cores()) as workers:
        for one in workers.each(partial(catch, seeds=options.seeds), Plan("reference", "native"), names):
            caught[one.liar] = one
            if sys.stderr.isatty():
                print(f"\r{len(caught)} of {len(names)} liars", end="", file=sys.stderr)
    print(report_text([caught[name] for name in names], options.seeds))
    return ExitCode.UNFIT if any(one.faults for one in caught.values()) else ExitCode.PASS


def report_text(caught: list[Caught], seeds: int) -> str:
    """A summary sentence, the table of detection power, and what the gate did wrong."""
    bad = [one for one in caught if one.faults]
    if bad:
        sentence = f"UNFIT: the gate fails for {len(bad)} of {count(len(caught), 'liar')}."
    else:
        sentence = (
            f"PASS: {count(len(caught), 'liar')} of {len({one.fault for one in caught})} kinds of fault, "
            f"each caught by every one of {count(seeds, 'seed')}, named as one cause and made minimal."
        )
    rows = [
        (
            one.fault,
            one.liar,
            f"{one.median:,.0f}",
            "never" if one.worst is None else f"{one.worst:,}",
        )
        for one in caught
    ]
    table = columns.table([("fault", "liar", "median", "worst"), *rows], texts=2, indent="")
    lines = [sentence, f"Cases until caught, of {count(seeds, 'seed')}:\n{table}"]
    lines += (f"{one.liar}: {fault}" for one in bad for fault in one.faults)
    return "\n\n".join(lines)
