"""The commands' arguments; what each does is in `commands`."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from parity.operations import OPERATIONS
from parity.subjects import KNOWN

from . import commands
from .claims.loader import CLAIMS
from .commands import OUT
from .counts.gate import DEFAULT_LIMIT
from .pairs.payloads import shapes
from .pairs.rounds import Execute, execute
from .pairs.timing import Clock
from .plan import RECORDED, Request

EXIT_CODES = """\
exit codes: 0 every claim holds; 1 one does not, or outputs differ that have to be equal; 2 usage;
3 too close to tell, or not measured; 4 unfit: the harness failed its own test, or something is not built
"""

EXAMPLES = """\
examples:
  python -m bench run                       every claim, in at most 4 minutes
  python -m bench run --release             with up to 24 processes, in at most 30 minutes
  python -m bench run --against rust        the claims against rust and the limits, and nothing else
  python -m bench run --operation normalize_json --payloads rows-4k,numbers-20k
  python -m bench run --payloads recorded   is native slower than rust on any recorded payload? 1 if so
  python -m bench run --candidate mine      `mine`, a module with the nine functions, in native's place
  python -m bench gate                      instructions and allocations against the committed baseline
  python -m bench compare main HEAD         two commits, built and measured side by side
  python -m bench history                   what became of each claim, and where it changed
  python -m bench figures --check           the figures in README and docs against the last signed-off result
"""


@command
def main(
    arguments: Sequence[str] | None = None, clock: Clock = time.perf_counter_ns, execute: Execute = execute
) -> ExitCode:
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    command = f"python -m bench {shlex.join(given)}"
    if options.command == "run":
        request = Request(
            command=command,
            candidate=options.candidate,
            against=options.against,
            operations=options.operation,
            payloads=options.payloads,
            seed=options.seed,
            release=options.release,
            claims=options.claims,
        )
        return commands.run(request, options.out, clock, execute)
    if options.command == "verify":
        return commands.verify(options.file, options.claims)
    if options.command == "gate":
        return commands.gate(options.write, options.limit)
    if options.command == "compare":
        return commands.compare(options.before, options.after, options.force, command, clock, execute)
    if options.command == "history":
        return commands.history(options.claim, options.add, options.machine)
    if options.command == "sign":
        return commands.sign(options.file)
    return commands.figures(options.write)


def _parser() -> Parser:
    parser = Parser(
        prog="python -m bench",
        description="Measure, and check what is claimed.",
        epilog=f"{EXAMPLES}\n{EXIT_CODES}",
    )
    adder = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(adder)
    one = _command(adder, "verify", "judge a result file again from its raw samples, without measuring")
    one.add_argument("file", type=Path, nargs="?", default=OUT, help=f"default: {OUT}")
    one.add_argument("--claims", type=Path, default=CLAIMS, metavar="FILE", help="default: bench/claims.toml")
    one = _command(
        adder,
        "gate",
        "count instructions, allocations and peak memory; 1 if any rose above the committed baseline",
    )
    one.add_argument("--write", action="store_true", help="make what is counted now the baseline")
    one.add_argument(
        "--limit",
        type=float,
        default=DEFAULT_LIMIT,
        metavar="PERCENT",
        help=f"how much more is allowed (default: {DEFAULT_LIMIT:g})",
    )
    one = _command(
        adder,
        "compare",
        "two result files, or two commits built and measured side by side; 1 if the second is slower",
    )
    one.add_argument("before", metavar="A", help="a result file, or a commit")
    one.add_argument("after", metavar="B", help="likewise")
    one.add_argument("--force", action="store_true", help="compare results of different machine classes")
    one = _command(adder, "history", "each claim over the runs kept in bench/data/history, with its changes")
    one.add_argument("--claim", metavar="ID", help="only this one")
    one.add_argument("--machine", metavar="CLASS", help="of this machine class (default: this machine's)")
    one.add_argument("--add", type=Path, metavar="FILE", help="first append a result file to it")
    one = _command(adder, "sign", "keep a release run's result as the one whose figures are published")
    one.add_argument("file", type=Path, nargs="?", default=OUT, help=f"default: {OUT}")
    one = _command(adder, "figures", "the figures in README and docs, from the last signed-off result")
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--check", action="store_true", help="1 if any differs, or stands there without a claim"
    )
    which.add_argument("--write", action="store_true", help="put them in")
    return parser


def _add_run(adder: argparse._SubParsersAction[Parser]) -> None:
    one = _command(adder, "run", "measure, judge the claims, write the result file")
    known = f"of {', '.join(KNOWN)} or any module with the nine functions"
    one.add_argument(
        "--candidate", default="native", metavar="NAME", help=f"who is judged, {known} (default: native)"
    )
    one.add_argument(
        "--against",
        type=_names,
        metavar="NAME,…",
        help="only against these (default: reference and rust; with --payloads recorded: rust)",
    )
    one.add_argument(
        "--operation",
        action="append",
        choices=tuple(OPERATIONS),
        metavar="NAME",
        help=f"only this one; may be repeated. One of {', '.join(OPERATIONS)}",
    )
    one.add_argument(
        "--payloads",
        type=_payloads,
        metavar="NAME,…",
        help=f"only these of {', '.join(shapes())}; or `recorded`: every recorded one, as a check",
    )
    one.add_argument("--release", action="store_true", help="longer, with more processes and every claim")
    one.add_argument("--seed", type=int, default=0, metavar="N", help="of every random order (default: 0)")
    one.add_argument("--claims", type=Path, default=CLAIMS, metavar="FILE", help="default: bench/claims.toml")
    one.add_argument("--out", type=Path, default=OUT, metavar="FILE", help=f"result file (default: {OUT})")


def _command(adder: argparse._SubParsersAction[Parser], name: str, what: str) -> Parser:
    return adder.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=f"{EXAMPLES}\n{EXIT_CODES}",
    )


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if not names:
        raise argparse.ArgumentTypeError("names nothing")
    return names


def _payloads(text: str) -> list[str]:
    names, known = _names(text), shapes()
    unknown = [name for name in names if name not in known]
    if names != [RECORDED] and unknown:
        what = "stands alone" if RECORDED in unknown else "is no payload"
        raise argparse.ArgumentTypeError(f"{unknown[0]} {what}; there are {', '.join(known)} and {RECORDED}")
    return names
