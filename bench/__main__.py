"""The command `python -m bench`."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from parity.operations import OPERATIONS
from parity.subjects import KNOWN, Unfit
from reports.exit_codes import ExitCode
from reports.result_file import ResultFile

from . import plan, tables
from .events import FORMAT, Event, Finished, Progress, Started, record
from .payloads import shapes
from .plan import RECORDED
from .progress import ProgressView
from .run import run
from .timing import Clock

OUT = Path("reports/out/bench.ndjson")

EXAMPLES = f"""\
examples:
  python -m bench run                       pairs, the C library alone, whole processes (about 80 s)
  python -m bench run --quick               the same with wider intervals (about 20 s)
  python -m bench run --operation normalize_json --payloads rows-4k,numbers-20k
  python -m bench run --payloads recorded   is native slower than rust on any recorded payload? 1 if so
  python -m bench run --subjects mine --against native   where `mine` is a module with the nine functions

A run with --subjects, --against, --operation or --payloads has pairs only.  A figure such as
`native 1.20  reference 24.5  20.4×  20.1–20.8` says: 1.20 a call against 24.5, and native is 20.4 times as
fast, with the 95 % interval of its blocks.

payloads: {", ".join(shapes())}

exit codes: 0 measured, and in the recorded check nowhere slower; 1 slower in the recorded check, or outputs
differ that have to be equal; 2 usage; 3 nothing measured, or too close to tell; 4 the harness is unfit
"""


def main(arguments: Sequence[str] | None = None, clock: Clock = time.perf_counter_ns) -> ExitCode:
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    request = plan.Request(
        command=f"python -m bench {shlex.join(given)}",
        subjects=options.subjects,
        against=options.against,
        operations=options.operation,
        payloads=options.payloads,
        seed=options.seed,
        quick=options.quick,
    )
    try:
        chosen = plan.make(request)
    except Unfit as error:
        print(f"UNFIT: {error}", file=sys.stderr)
        return ExitCode.UNFIT
    return _follow(run(chosen, clock), options.out)


def _follow(told: Iterable[Event], out: Path) -> ExitCode:
    """Write the events of a run down and show them; its exit code."""
    events: list[Event] = []
    with ResultFile(out, FORMAT) as results, ProgressView() as view:
        for event in told:
            view.on(event)
            if not isinstance(event, Progress):
                results.write(*record(event))
                events.append(event)
    started, finished = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(finished, Finished)
    print(tables.report(started, events[1:-1], finished, str(out)))
    return finished.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Time implementations of the nine operations against each other, side by side.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser(
        "run",
        help="measure, write the result file, show the figures",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subjects = f"of {', '.join(KNOWN)} or any module with the nine functions"
    one.add_argument(
        "--subjects", type=_names, metavar="NAME,…", help=f"who is timed, {subjects} (default: native)"
    )
    one.add_argument(
        "--against",
        type=_names,
        metavar="NAME,…",
        help="against whom (default: reference, rust and sdk, the last two if they can be imported; "
        "with --payloads recorded: rust)",
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
        help="only these, or `recorded`: every recorded one, as a check (default: all named below)",
    )
    one.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the order of the blocks (default: 0)"
    )
    one.add_argument("--quick", action="store_true", help="fewer and shorter blocks")
    one.add_argument("--out", type=Path, default=OUT, metavar="FILE", help=f"result file (default: {OUT})")
    return parser


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


if __name__ == "__main__":
    sys.exit(main())
