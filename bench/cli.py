"""The commands' arguments; what each does is in `commands`."""

from __future__ import annotations

import shlex
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Sequence

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Number, in_file, known_name, names, out_results, quoted, seed
from parity.commands.options import subject
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
    options = parser().parse_args(given)
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


def parser() -> Parser:
    made = Parser(
        prog="python -m bench",
        description="Measure, and check what is claimed.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    _add_run(made)
    one = made.add_command(
        "verify", "judge a result file again from its raw samples, without measuring", EXAMPLES
    )
    one.add_argument("file", type=in_file, nargs="?", default=str(OUT), help=f"default: {OUT}")
    _add_claims(one)
    one = made.add_command(
        "gate",
        "count instructions, allocations and peak memory; 1 if any rose above the committed baseline",
        EXAMPLES,
    )
    one.add_argument("--write", action="store_true", help="make what is counted now the baseline")
    one.add_argument(
        "--limit",
        type=Number(0, 1_000),
        default=f"{DEFAULT_LIMIT:g}",
        metavar="PERCENT",
        help=f"how much more is allowed (default: {DEFAULT_LIMIT:g})",
    )
    one = made.add_command(
        "compare",
        "two result files, or two commits built and measured side by side; 1 if the second is slower",
        EXAMPLES,
    )
    one.add_argument("before", metavar="A", help="a result file, or a commit")
    one.add_argument("after", metavar="B", help="likewise")
    one.add_argument("--force", action="store_true", help="compare results of different machine classes")
    one = made.add_command(
        "history", "each claim over the runs kept in bench/data/history, with its changes", EXAMPLES
    )
    one.add_argument("--claim", metavar="ID", help="only this one")
    one.add_argument(
        "--machine",
        type=known_name,
        metavar="CLASS",
        help="of this machine class (default: this machine's)",
    )
    one.add_argument("--add", type=in_file, metavar="FILE", help="first append a result file to it")
    one = made.add_command(
        "sign", "keep a release run's result as the one whose figures are published", EXAMPLES
    )
    one.add_argument("file", type=in_file, nargs="?", default=str(OUT), help=f"default: {OUT}")
    one = made.add_command(
        "figures", "the figures in README and docs, from the last signed-off result", EXAMPLES
    )
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--check", action="store_true", help="1 if any differs, or stands there without a claim"
    )
    which.add_argument("--write", action="store_true", help="put them in")
    return made


def _add_run(commands: Parser) -> None:
    one = commands.add_command("run", "measure, judge the claims, write the result file", EXAMPLES)
    known = f"of {', '.join(KNOWN)} or any module with the nine functions"
    one.add_argument(
        "--candidate",
        type=subject,
        default="native",
        metavar="NAME",
        help=f"who is judged, {known} (default: native)",
    )
    one.add_argument(
        "--against",
        type=_subjects,
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
    one.add_argument("--seed", type=seed, default="0", metavar="N", help="of every random order (default: 0)")
    _add_claims(one)
    one.add_argument(
        "--out", type=out_results, default=str(OUT), metavar="FILE", help=f"result file (default: {OUT})"
    )


def _add_claims(parser: Parser) -> None:
    parser.add_argument(
        "--claims", type=in_file, default=str(CLAIMS), metavar="FILE", help="default: bench/claims.toml"
    )


def _subjects(text: str) -> list[str]:
    return [subject(name) for name in names(text)]


def _payloads(text: str) -> list[str]:
    chosen, known = names(text), shapes()
    unknown = [name for name in chosen if name not in known]
    if chosen != [RECORDED] and unknown:
        what = "stands alone" if RECORDED in unknown else "is no payload"
        raise ArgumentTypeError(f"{quoted(unknown[0])} {what}; there are {', '.join(known)} and {RECORDED}")
    return chosen
