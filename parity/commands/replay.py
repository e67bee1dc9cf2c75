"""`python -m parity replay`: one case in full."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.options import Whole

from ..cases import Case
from ..isolate import HARNESS, Breadcrumb, Lost, isolated
from ..judge import CANDIDATE, Judgement, Pair, judge, judge_lost, no_verdict
from ..judgement_text import judgement_text
from ..ledger import Entry, explain_case
from ..ledger import load as load_ledger
from ..lookup import cases_named
from ..losable import keep_what_is_printed
from ..outcome import REFERENCE_LOST, NoVerdict
from ..render import bounds
from ..signature import signature_of
from ..subjects import Subject, load, require_distinct
from ..watching import last_words
from ..witnesses import verdict
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
    shared.memory(parser)


def act(options: argparse.Namespace) -> ExitCode:
    cases = cases_named(options.case)
    done = isolated(partial(_replayed, cases, options), options.timeout, imports=True)
    if isinstance(done, Lost):
        raise Unfit(f"the harness itself {done.outcome}{last_words(done.said)}")
    for text, _ in done.value:
        print(text)
    codes = {code for _, code in done.value}
    return next(code for code in (ExitCode.FAIL, ExitCode.INCONCLUSIVE, ExitCode.PASS) if code in codes)


Shown = tuple[str, ExitCode]
"""All about a case, and FAIL where it is a mismatch that the ledger does not explain."""


def _replayed(cases: Sequence[Case], options: argparse.Namespace, crumb: Breadcrumb) -> list[Shown]:
    """In a child, which imports the subjects and has each case in a child of its own."""
    keep_what_is_printed()
    reference, candidate = load(options.reference), load(options.candidate)
    require_distinct(reference, candidate)
    witnesses = [load(name) for name in options.witness]
    replay = _Replay(Pair(reference, candidate), witnesses, load_ledger().of(options.candidate), options)
    return [replay.of(case) for case in cases]


@dataclass(frozen=True)
class _Replay:
    pair: Pair
    witnesses: Sequence[Subject]
    entries: Sequence[Entry]
    options: argparse.Namespace

    def of(self, case: Case) -> Shown:
        lacking = self.pair.lacking(case)
        if lacking:
            return f"{case.id}: {lacking}", ExitCode.PASS
        timeout, limit = self.options.timeout, self.options.memory
        done = isolated(partial(self._judged, case), timeout, limit)
        if not isinstance(done, Lost):
            return done.value
        said = f"\n\non stderr\n{done.said}" if done.said else ""
        done = isolated(partial(self._judged_lost, case, done), timeout, limit)
        if isinstance(done, Lost):
            text, code = self._shown(case, no_verdict(REFERENCE_LOST))
        else:
            text, code = done.value
        return text + said, code

    def _judged(self, case: Case, crumb: Breadcrumb) -> Shown:
        pair = replace(self.pair, mark=crumb.calling, beat=crumb.beat)
        for position in range(self.options.calls):
            crumb.at(position)
            judgement = judge(case, pair)
        return self._shown(case, judgement)

    def _judged_lost(self, case: Case, lost: Lost, crumb: Breadcrumb) -> Shown:
        pair = replace(self.pair, mark=crumb.calling, beat=crumb.beat)
        caller = CANDIDATE if lost.caller == HARNESS else lost.caller
        return self._shown(case, judge_lost(case, pair, caller, lost.outcome))

    def _shown(self, case: Case, judgement: Judgement) -> Shown:
        options, entry, difference = self.options, None, judgement.difference
        if difference is not None:
            expected, actual = judgement.expected, judgement.actual
            signature = signature_of(case.operation, expected, actual, difference)
            entry = explain_case(
                self.entries, case.operation, case.arguments, expected, actual, signature
            ).entry
        verdicts = {
            one.name: verdict(one, case, judgement, options.timeout, options.memory) for one in self.witnesses
        }
        names = (options.reference, options.candidate)
        text = judgement_text(case, judgement, names, entry, verdicts, _again(case, options))
        if difference is not None and entry is None:
            return text, ExitCode.FAIL
        return text, ExitCode.INCONCLUSIVE if isinstance(judgement.expected, NoVerdict) else ExitCode.PASS


def _again(case: Case, options: argparse.Namespace) -> str:
    calls = ["--calls", str(options.calls)] if options.calls > 1 else []
    chosen = [*shared.chosen(options), *bounds(options.timeout, options.memory), *calls]
    return shlex.join(["python", "-m", "parity", "replay", *chosen, case.id])
