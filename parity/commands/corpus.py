"""`python -m parity corpus`: keep failures, and a small set of inputs that covers much."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from driftgate.base.exit_codes import ExitCode

from ..corpus import CORPUS, distill, save_corpus
from ..lookup import cases_named
from ..results import read_run
from ..saved_case import REGRESSIONS, parsed, saved_case, write
from . import options as shared
from .run import OUT

EXAMPLES = """\
  python -m parity corpus add g2:numbers:0:17:normalize_json exponent-of-17 --note "wrote 1e17 in full"
  python -m parity corpus add 1 exponent-of-17          the first cause of the last run, made small
  python -m parity corpus distill --cases 200000        choose the committed corpus anew

What is kept is the input itself.  Every run begins with both: fixtures/regressions and fixtures/corpus."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = shared.parser(commands, "corpus", "keep failures, or distill inputs that cover much", EXAMPLES)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="save a case, or a cause of a run, as a regression")
    add.add_argument("case", metavar="ID-FILE-OR-NUMBER", help="a case id, a saved case, or a cause's number")
    add.add_argument("name", help="what to call it, such as lost-sign-of-zero")
    add.add_argument("--note", default="", metavar="TEXT", help="what it is about")
    add.add_argument("--run", type=Path, default=OUT, metavar="FILE", help="the run whose cause is numbered")
    add.set_defaults(act=_add)
    again = actions.add_parser("distill", help="choose a small set of cases that covers what a campaign does")
    again.add_argument("--seed", type=int, default=0, metavar="N", help="of the campaign (default: 0)")
    again.add_argument(
        "--cases", type=shared.count, default=100_000, metavar="N", help="of the campaign (default: 100000)"
    )
    again.set_defaults(act=_distill)


def _add(options: argparse.Namespace) -> ExitCode:
    if options.case.isdecimal():
        started, finished = read_run(options.run)
        number = int(options.case)
        if not 1 <= number <= len(finished.clusters):
            print(f"{options.run}: has {len(finished.clusters)} causes, no number {number}")
            return ExitCode.USAGE
        found = parsed(finished.clusters[number - 1].saved, "the cause's input")
        origin, subject, differed = found.origin, started.plan.candidate, found.differed
        made = [(found.operation, found.arguments())]
    else:
        cases = cases_named(options.case)
        origin, subject, differed = options.case, "", ""
        made = [(case.operation, case.arguments()) for case in cases]
    for operation, arguments in made:
        suffix = f"-{operation.name}" if len(made) > 1 else ""
        path = REGRESSIONS / f"{options.name}{suffix}.json"
        write(
            saved_case(
                operation,
                arguments,
                differed=differed,
                origin=origin,
                subject=subject,
                date=date.today().isoformat(),
                note=options.note,
            ),
            path,
        )
        print(f"{path}: kept; every run begins with it")
    return ExitCode.PASS


def _distill(options: argparse.Namespace) -> ExitCode:
    chosen = distill(options.seed, options.cases)
    save_corpus(chosen)
    print(f"{CORPUS}: {len(chosen):,} of at least {options.cases:,} cases cover all that these cover")
    return ExitCode.PASS
