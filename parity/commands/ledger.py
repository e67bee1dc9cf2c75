"""`python -m parity ledger`: hold a kept run against the ledger, or draft entries for what is new."""

from __future__ import annotations

import argparse

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import in_file

from ..census import compared_by_operation
from ..ledger import LEDGER, load, suggest
from ..results import read_run
from .run import OUT

EXAMPLES = """\
  python -m parity run --candidate sdk --cases 60000
  python -m parity ledger check                         is every entry met, and by what it declares?
  python -m parity ledger suggest >> parity/ledger.toml what a person then completes with the reason

An entry declares a difference that is known and meant: see the head of parity/ledger.toml."""


def add_parser(commands: Parser) -> None:
    parser = commands.add_command(
        "ledger", "hold a run against the ledger of declared differences", EXAMPLES, act
    )
    parser.add_argument("action", choices=("check", "suggest"), help="judge a run, or draft entries for it")
    parser.add_argument(
        "run",
        nargs="?",
        type=in_file,
        default=str(OUT),
        metavar="RUN",
        help=f"its result file (default: {OUT})",
    )


def act(options: argparse.Namespace) -> ExitCode:
    started, finished = read_run(options.run)
    candidate = started.plan.candidate
    if options.action == "suggest":
        print(suggest(finished.clusters, candidate, compared_by_operation(finished.census)))
        return ExitCode.PASS
    entries = load().of(candidate)
    print(f"{LEDGER.name}: {len(entries)} entries for {candidate}, held against {options.run}")
    for entry in entries:
        print(f"  {finished.ledger.get(entry.id, 0):>9,}  {entry.id}: {entry.why}")
    for cluster in finished.clusters:
        print(f"FAIL new signature: {cluster.title}: {cluster.count:,} cases that no entry explains")
    for finding in finished.findings:
        print(f"FAIL {finding.kind}: {finding.entry}: {finding.text}")
    return ExitCode.FAIL if finished.clusters or finished.findings else ExitCode.PASS
