"""`python -m parity replay`: one case in full."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from reports.exit_codes import ExitCode

from .. import cases
from ..cases import Case
from ..isolate import Breadcrumb, Lost, isolated
from ..judge import Pair, judge, judge_lost
from ..judgement_text import judgement_text
from ..ledger import read_ledger
from ..saved_case import SUFFIX, load_regressions, read_case
from ..signature import signature_of
from ..subjects import Subject, load, require_distinct
from . import options as shared

EXAMPLES = """\
  python -m parity replay g2:numbers:0:17:normalize_json       one case, as a failed run names it
  python -m parity replay g2:numbers:0:17                      the same input, put to every operation
  python -m parity replay recorded:3:process_export_payload    a recorded fixture
  python -m parity replay regression:exponent-without-plus     a saved failure
  python -m parity replay found.json                           a file that `corpus add` or the shadow mode wrote
  python -m parity replay --candidate rust --witness sdk ID    what others say
  python -m parity replay --calls 2 ID                         show the second answer in a row"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = shared.parser(commands, "replay", "show one case in full", EXAMPLES, shared.subjects())
    parser.add_argument("case", metavar="ID-OR-FILE", help="a case id, or a file with a saved case")
    parser.add_argument(
        "--calls",
        type=shared.positive,
        default=1,
        metavar="N",
        help="put the case so many times in a row and show the last (default: 1)",
    )
    parser.add_argument(
        "--timeout", type=float, default=5.0, metavar="SECONDS", help="when a call is a hang (default: 5)"
    )
    parser.set_defaults(act=act)


def act(options: argparse.Namespace) -> ExitCode:
    reference, candidate = load(options.reference), load(options.candidate)
    require_distinct(reference, candidate)
    witnesses = [load(name) for name in options.witness]
    code = ExitCode.PASS
    for case in cases_of(options.case):
        show = partial(_shown, case, Pair(reference, candidate), witnesses, options)
        done = isolated(show, options.timeout)
        if isinstance(done, Lost):
            known = judge_lost(case, Pair(reference, candidate), done.caller, done.outcome)
            text, mismatch = judgement_text(case, known, names(options), again(options, case)), True
            if done.said:
                text += f"\n\non stderr\n{done.said}"
        else:
            text, mismatch = done.value
        print(text)
        code = ExitCode.FAIL if mismatch else code
    return code


def cases_of(name: str) -> list[Case]:
    """The cases an id or a file names; raises `UnknownCase` or `DamagedCase`."""
    if name.endswith(SUFFIX):
        return [read_case(Path(name)).case()]
    if name.startswith("regression:"):
        found = [case for case in load_regressions() if case.id == name]
        if not found:
            raise cases.UnknownCase(f"{name!r}: no such saved regression")
        return found
    return cases.from_id(name)


def _shown(
    case: Case, pair: Pair, witnesses: list[Subject], options: argparse.Namespace, crumb: Breadcrumb
) -> tuple[str, bool]:
    """(the text about a case, whether it is a mismatch that no ledger entry explains)"""
    marked = Pair(pair.reference, pair.candidate, lambda caller: crumb.drop(0, caller))
    for _ in range(options.calls):
        judgement = judge(case, marked)
    return "", False
