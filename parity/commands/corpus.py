"""`python -m parity corpus`: keep failures, and a small set of inputs that covers much."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode, UsageError
from driftgate.base.files import require_file, require_new, write_new
from driftgate.base.options import Whole, cases, in_file, name, seed

from ..corpus import CORPUS, distill, save_corpus
from ..generate.profiles import Arguments
from ..lookup import cases_named
from ..operations import Operation
from ..results import read_run
from ..saved_case import REGRESSIONS, parsed, saved_case, written
from .run import OUT

EXAMPLES = """\
  python -m parity corpus add g2:numbers:0:17:normalize_json exponent-of-17 --note "wrote 1e17 in full"
  python -m parity corpus add 1 exponent-of-17          the first cause of the last run, made small
  python -m parity corpus distill --cases 200000        choose the committed corpus anew

What is kept is the input itself.  Every run begins with both: fixtures/regressions and fixtures/corpus."""

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def add_parser(commands: Parser) -> None:
    parser = commands.add_command("corpus", "keep failures, or distill inputs that cover much", EXAMPLES)
    add = parser.add_command("add", "save a case, or a cause of a run, as a regression", EXAMPLES, _add)
    add.add_argument("case", metavar="ID-FILE-OR-NUMBER", help="a case id, a saved case, or a cause's number")
    add.add_argument("name", type=name, help="what to call it, such as lost-sign-of-zero")
    add.add_argument("--note", default="", metavar="TEXT", help="what it is about")
    add.add_argument(
        "--run", type=in_file, metavar="FILE", help=f"the run whose cause is numbered (default: {OUT})"
    )
    again = parser.add_command(
        "distill", "choose a small set of cases that covers what a campaign does", EXAMPLES, _distill
    )
    again.add_argument("--seed", type=seed, default="0", metavar="N", help="of the campaign (default: 0)")
    again.add_argument(
        "--cases",
        type=Whole(1, cases.most),
        default="100000",
        metavar="N",
        help="of the campaign (default: 100000)",
    )


@dataclass(frozen=True)
class _Found:
    """Inputs to keep, where they come from, and if that is a run, who failed and how."""

    inputs: Sequence[tuple[Operation, Arguments]]
    origin: str
    subject: str = ""
    differed: str = ""


def _add(options: argparse.Namespace) -> ExitCode:
    if _NUMBER.fullmatch(options.case):
        found = _cause(int(options.case), options.run or require_file(OUT))
    else:
        inputs = [(case.operation, case.arguments()) for case in cases_named(options.case)]
        found = _Found(inputs, options.case)
    texts: dict[Path, str] = {}
    for operation, arguments in found.inputs:
        suffix = f"-{operation.name}" if len(found.inputs) > 1 else ""
        path = require_new(REGRESSIONS / f"{options.name}{suffix}.json")
        texts[path] = written(
            saved_case(
                operation,
                arguments,
                differed=found.differed,
                origin=found.origin,
                subject=found.subject,
                date=date.today().isoformat(),
                note=options.note,
            )
        )
    for path, text in texts.items():
        write_new(path, text)
        print(f"{path}: kept; every run begins with it")
    return ExitCode.PASS


def _cause(number: int, run: Path) -> _Found:
    """The smallest input of a cause of a run; raises `UsageError` where there is none."""
    started, finished = read_run(run)
    if not 1 <= number <= len(finished.clusters):
        raise UsageError(f"{run}: has {len(finished.clusters)} causes, no number {number}")
    cluster = finished.clusters[number - 1]
    if not cluster.saved:
        raise UsageError(f"{run}: the input of cause {number} holds an object that cannot be saved")
    saved = parsed(cluster.saved, f"{run}: cause {number}")
    return _Found(
        [(saved.operation, saved.arguments())], saved.origin, started.plan.candidate, saved.differed
    )


def _distill(options: argparse.Namespace) -> ExitCode:
    chosen = distill(options.seed, options.cases)
    save_corpus(chosen)
    print(f"{CORPUS}: {len(chosen):,} of at least {options.cases:,} cases cover all that these cover")
    return ExitCode.PASS
