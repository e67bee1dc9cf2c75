"""The command `python -m parity`."""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from reports.exit_codes import ExitCode
from reports.result_file import ResultFile

from . import cases, divergences, engine
from .events import FORMAT, Finished, write
from .operations import OPERATIONS
from .recorded import recorded_cases
from .render import ProgressBar, Summary, judgement_text
from .subjects import KNOWN, Subject, Unfit, load, require_distinct

EXAMPLES = """\
examples:
  python -m parity run                                    the compiled core against the Python reference
  python -m parity run --candidate rust --cases 50000     the public Rust module instead
  python -m parity run --operation normalize_json --out results.ndjson
  python -m parity replay g2:numbers:0:17:normalize_json  one case in full, as a failed run names it

exit codes: 0 pass, 1 mismatch, 2 usage, 3 not enough compared, 4 the harness is unfit to judge
"""


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    try:
        reference, candidate = load(options.reference), load(options.candidate)
        require_distinct(reference, candidate)
    except Unfit as error:
        print(f"UNFIT: {error}", file=sys.stderr)
        return ExitCode.UNFIT
    if options.command == "replay":
        return _replay(options.id, reference, candidate)
    return _run(options, reference, candidate)


def _run(options: argparse.Namespace, reference: Subject, candidate: Subject) -> ExitCode:
    operations = [OPERATIONS[name] for name in options.operation or OPERATIONS]
    recorded = recorded_cases(operations)
    campaign = cases.Campaign(operations, options.seed, options.cases)
    plan = engine.Plan(
        operations,
        itertools.chain(recorded, campaign),
        len(recorded) + campaign.planned,
        options.seed,
    )
    subjects = _subject_options(reference, candidate)
    chosen = "".join(f" --operation {name}" for name in options.operation or ())
    command = f"python -m parity run{subjects}{chosen} --seed {options.seed} --cases {options.cases}"
    summary, bar = Summary(command, f"python -m parity replay{subjects}"), ProgressBar()
    code = ExitCode.UNFIT
    with ResultFile(options.out, FORMAT) if options.out else contextlib.nullcontext() as out:
        for event in engine.run(plan, reference, candidate, divergences.declared_for(candidate.name)):
            bar.on(event)
            summary.on(event)
            if out is not None:
                write(event, out)
            if isinstance(event, Finished):
                code = engine.exit_code(operations, event)
    print(summary.text())
    return code


def _replay(identity: str, reference: Subject, candidate: Subject) -> ExitCode:
    try:
        found = cases.from_id(identity)
    except cases.UnknownCase as error:
        print(f"python -m parity replay: {error}", file=sys.stderr)
        return ExitCode.USAGE
    code = ExitCode.PASS
    for case in found:
        judgement = engine.judge(case, reference, candidate, divergences.declared_for(candidate.name))
        again = f"python -m parity replay{_subject_options(reference, candidate)} {case.id}"
        print(judgement_text(case, judgement, (reference.name, candidate.name), again))
        code = ExitCode.FAIL if judgement.is_mismatch else code
    return code


def _subject_options(reference: Subject, candidate: Subject) -> str:
    """The options that choose these subjects, those of the default left out."""
    out = "" if candidate.name == "native" else f" --candidate {candidate.name}"
    return out if reference.name == "reference" else f"{out} --reference {reference.name}"


def _parser() -> argparse.ArgumentParser:
    subjects = argparse.ArgumentParser(add_help=False)
    subjects.add_argument(
        "--candidate",
        default="native",
        metavar="SUBJECT",
        help=f"what is judged: {', '.join(KNOWN)} or any module with the nine functions (default: native)",
    )
    subjects.add_argument(
        "--reference", default="reference", metavar="SUBJECT", help="what is right (default: reference)"
    )
    parser = argparse.ArgumentParser(
        prog="python -m parity",
        description="Feed identical inputs to two implementations of the nine operations; compare results.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run", parents=[subjects], help="compare the recorded fixtures, then generated cases"
    )
    run.add_argument(
        "--seed", type=int, default=0, metavar="N", help="which cases are generated (default: 0)"
    )
    run.add_argument("--cases", type=_count, default=20_000, metavar="N", help="how many (default: 20000)")
    run.add_argument(
        "--operation",
        action="append",
        choices=tuple(OPERATIONS),
        metavar="NAME",
        help=f"only this one; may be repeated. One of {', '.join(OPERATIONS)}",
    )
    run.add_argument("--out", type=Path, metavar="FILE", help="write every mismatch and the census as NDJSON")
    replay = commands.add_parser("replay", parents=[subjects], help="show one case in full")
    replay.add_argument("id", metavar="ID", help="a case id, as a failed run names it")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # half a surrogate in a message must not end the report
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.exit(main())
    except Exception:  # a traceback's own exit code is 1, which would read as a mismatch
        traceback.print_exc()
        sys.exit(ExitCode.UNFIT)
