"""`python -m parity replay`: one case in full."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from functools import partial

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Whole

from ..cases import Case
from ..isolate import Breadcrumb, Lost, isolated
from ..judge import Judgement, Pair, judge, judge_lost
from ..judgement_text import judgement_text
from ..ledger import Entry, explain_case
from ..ledger import load as load_ledger
from ..lookup import cases_named
from ..minimising import verdict
from ..signature import signature_of
from ..subjects import load, require_distinct
from . import options as shared

EXAMPLES = """\
  python -m parity replay g2:numbers:0:17:normalize_json       one case, as a failed run names it
  python -m parity replay g2:numbers:0:17                      the same input, put to every operation
  python -m parity replay recorded:3:process_export_payload    a recorded fixture
  python -m parity replay regression:NAME                      a saved failure
  python -m parity replay found.json                           a file that `corpus add` wrote
  python -m parity replay --candidate rust --witness sdk ID    what others say
  python -m parity replay --calls 2 ID                         the second answer in a row"""


def add_parser(commands: Parser) -> None:
    parser = commands.add_command(
        "replay", "show one case in full", EXAMPLES, act, parents=[shared.subjects()]
    )
    parser.add_argument("case", metavar="ID-OR-FILE", help="a case id, or a file with a saved case")
    parser.add_argument(
        "--calls",
        type=Whole(1, 1_000_000),
        default="1",
        metavar="N",
        help="put the case so many times in a row and show the last (default: 1)",
    )
    shared.timeout(parser)


def act(options: argparse.Namespace) -> ExitCode:
    cases = cases_named(options.case)
    reference, candidate = load(options.reference), load(options.candidate)
    require_distinct(reference, candidate)
    pair = Pair(reference, candidate)
    entries = load_ledger().of(options.candidate)
    code = ExitCode.PASS
    for case in cases:
        if pair.lacking(case):
            print(f"{case.id}: {pair.lacking(case)}")
            continue
        show = partial(_shown, case, pair, entries, options)
        done = isolated(show, options.timeout)
        if isinstance(done, Lost):
            text, mismatch = _text(case, judge_lost(case, pair, done.caller, done.outcome), entries, options)
            text += f"\n\non stderr\n{done.said}" if done.said else ""
        else:
            text, mismatch = done.value
        print(text)
        code = ExitCode.FAIL if mismatch else code
    return code


def _shown(
    case: Case, pair: Pair, entries: Sequence[Entry], options: argparse.Namespace, crumb: Breadcrumb
) -> tuple[str, bool]:
    marked = Pair(pair.reference, pair.candidate, crumb.calling, crumb.beat)
    for _ in range(options.calls):
        judgement = judge(case, marked)
    crumb.at(1)
    return _text(case, judgement, entries, options)


def _text(
    case: Case, judgement: Judgement, entries: Sequence[Entry], options: argparse.Namespace
) -> tuple[str, bool]:
    """(all about a case, whether it is a mismatch that the ledger does not explain)"""
    entry = None
    difference = judgement.difference
    if difference is not None:
        expected, actual = judgement.expected, judgement.actual
        signature = signature_of(case.operation, expected, actual, difference)
        entry = explain_case(entries, case.operation, case.arguments, expected, actual, signature).entry
    verdicts = {name: verdict(load(name), case, judgement, options.timeout) for name in options.witness}
    names = (options.reference, options.candidate)
    text = judgement_text(case, judgement, names, entry, verdicts, _again(case, options))
    return text, difference is not None and entry is None


def _again(case: Case, options: argparse.Namespace) -> str:
    calls = ["--calls", str(options.calls)] if options.calls > 1 else []
    return shlex.join(["python", "-m", "parity", "replay", *shared.chosen(options), *calls, case.id])
