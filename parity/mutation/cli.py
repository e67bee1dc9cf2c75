"""The command `python -m parity.mutation`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, Optional

from driftgate.base.checkout import commit_of
from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit, UsageError
from driftgate.base.files import require_target, write_whole
from driftgate.base.interrupts import hold_all
from driftgate.base.options import Place, Whole, in_file, out_results, processes, seed
from driftgate.base.result_file import FINISHED, STARTED, Format, ResultFile
from reports.provenance import ROOT

from ..plan import Plan
from ..subjects import load
from ..workers import cores
from . import build as builder
from . import harness
from .mutants import KINDS, Mutant
from .score import (
    AIM_OF_COMPARISON,
    EQUIVALENTS,
    GATE_SECONDS,
    TARGET,
    DamagedList,
    Fate,
    Score,
    equivalents,
    line_of,
    read_list,
    unmatched,
)
from .units import failure, kind_for, programs, rehearsed

FORMAT = Format("driftcore-mutation", 2)
LIST = ROOT / "build" / "mutation" / "mutants.json"
MOST_CASES = 400_000
"""All outcomes of the reference are kept while mutants are judged, about 5 KB a case."""

TOLD_EVERY = 500

EXAMPLES = """\
  python -m parity.mutation run                         all mutants
  python -m parity.mutation run --every 10 --cases 5000
  python -m parity.mutation harness                     faults of the harness itself
  python -m parity.mutation run --file core/src/utf8.c --survivors /tmp/survivors.txt
  python -m parity.mutation run --only /tmp/survivors.txt

A survivor is killed by a better profile, a regression case or a recorded one; or it is equivalent, and
then stands in parity/mutation/equivalents.txt with the reason.
"""

EXIT_CODES = """\
exit codes: 0 the target is met, 1 it is not, 2 usage, 3 no mutant was judged, or interrupted, 4 the
mutants do not build or the core itself differs
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    if options.command == "harness":
        return _harness()
    wanted = None if options.only is None else set(read_list(options.only))
    if wanted is not None and not wanted:
        raise UsageError(f"{options.only} names no mutant")
    if options.command == "run":
        _build_and_judge(sys.argv[1:] if arguments is None else arguments)
    return _judge(options, wanted)


def _build_and_judge(arguments: Sequence[str]) -> NoReturn:
    """Build, then become the process that judges, whose driftcore_native is the mutated one."""
    made = builder.build()
    builder.save(made, LIST)
    # Debug hooks put guards around each block, so that a byte too many ends the fork.
    environment = {**os.environ, "PYTHONPATH": str(made.site), "PYTHONMALLOC": "debug"}
    sys.stdout.flush()
    hold_all()
    os.execve(sys.executable, [sys.executable, "-m", "parity.mutation", "judge", *arguments[1:]], environment)


def _harness() -> ExitCode:
    missed = []
    for fault in harness.FAULTS:
        seen = harness.caught(fault)
        print(f"{'caught' if seen else 'MISSED':8}{fault.what}", flush=True)
        missed += [] if seen else [fault]
    count = len(harness.FAULTS)
    print(f"\nThe harness's own tests caught {count - len(missed)} of {count} faults of the harness.")
    return ExitCode.FAIL if missed else ExitCode.PASS


def _judge(options: argparse.Namespace, wanted: Optional[Collection[tuple[str, ...]]]) -> ExitCode:
    from .forks import fates  # the extension is the mutated one only in this process
    from .gate import prepare

    made = builder.load(LIST)
    known = equivalents()
    stale = unmatched(known, (one for _, each in builder.mutated_sources() for one in each.mutants))
    if stale:
        raise Unfit(f"{EQUIVALENTS.name} names what is no mutant", "\n".join(map(" ¦ ".join, stale)))
    chosen = _chosen(made.mutants, options, wanted)
    if not chosen:
        raise Inconclusive("none of the mutants is chosen")
    plan = Plan("reference", "native", seed=options.seed, cases=options.cases)
    begun = time.monotonic()
    extension = load(plan.candidate).provenance.file
    if not Path(extension).is_relative_to(made.site):
        raise Unfit(f"{extension} is not the mutated build in {made.site}")
    gate = prepare(plan, max(mutant.number for mutant in made.mutants))
    ready = time.monotonic() - begun
    print(f"{len(chosen)} mutants, {len(gate.prepared)} cases (ready in {ready:.0f} s)", flush=True)
    found = []
    for fate in fates(gate, chosen, options.workers):
        found.append(fate)
        if len(found) % TOLD_EVERY == 0:
            print(f"  {len(found)} put, {sum(not one.caught for one in found)} passed the gate", flush=True)
    score = Score(_tested(found, made.tests, options.workers), known)
    whole = len(chosen) == len(made.mutants)
    _tell(score, time.monotonic() - begun)
    if options.survivors:
        lines = [line_of(one.mutant, "?") for one in score.survivors]
        write_whole(options.survivors, "".join(f"{line}\n" for line in lines))
    if options.out:
        _write(score, plan, len(gate.prepared), whole, options.out)
    met = score.share >= TARGET and not score.wrongly_explained
    return ExitCode.PASS if met else ExitCode.FAIL


def _chosen(
    mutants: Sequence[Mutant], options: argparse.Namespace, wanted: Optional[Collection[tuple[str, ...]]]
) -> list[Mutant]:
    return [
        one
        for one in mutants
        if one.sampled(options.every)
        and (not options.file or one.file in options.file)
        and (not options.kind or one.kind in options.kind)
        and (wanted is None or one.key in wanted)
    ]


def _tested(found: Sequence[Fate], built: Path, workers: int) -> list[Fate]:
    """What the tests beside the gate say to mutants that it let pass, where the rest stays as it is.

    By threads, and behind all forks, since a process that has threads must not fork.
    """
    kinds = {kind_for(fate.mutant) for fate in found if not fate.caught}
    tests = rehearsed([test for test in programs(built) if test.kind in kinds])

    def tested(fate: Fate) -> Fate:
        seen = None if fate.caught else failure(fate.mutant, tests)
        return fate if seen is None else replace(fate, how=seen.kind, case=seen.test)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(tested, found))


def _tell(score: Score, seconds: float) -> None:
    survivors = sorted(score.survivors, key=lambda fate: fate.mutant.number)
    for fate in survivors:
        print(f"survived  {fate.mutant}")
    for fate in score.wrongly_explained:
        print(f"in equivalents.txt, but caught by {fate.case or fate.how}: {fate.mutant}")
    ends = ", ".join(f"{count} {how}" for how, count in score.by_end().items())
    kinds = ", ".join(f"{kind} {caught}/{count}" for kind, (caught, count) in score.by_kind().items())
    print(
        f"\nThe comparison alone caught {score.share_of_comparison:.2%} of the mutants not equivalent, "
        f"each within {GATE_SECONDS:.0f} s of gate (the aim is {AIM_OF_COMPARISON:.0%}),\n"
        f"and {score.share_of_answers:.2%} of those that do more than cost.\n"
        f"With costs and tests beside it {score.share:.2%} were caught: {score.caught} of "
        f"{score.caught + len(survivors)}, {score.explained} more are equivalent.\n"
        f"  ends   {ends}\n  kinds  {kinds}\n"
        f"  half caught within {score.quantile(0.5):.3f} s, 95 % within {score.quantile(0.95):.2f} s, "
        f"the last after {score.quantile(1):.1f} s; {seconds:.0f} s in all"
    )


def _write(score: Score, plan: Plan, cases: int, whole: bool, path: Path) -> None:
    commit = commit_of(ROOT)
    with ResultFile(path, FORMAT) as out:
        out.write(
            STARTED,
            {
                "commit": commit.id if commit else None,
                "changed_files": commit.changed_files if commit else None,
                "plan": plan.fields(),
                "cases": cases,
                "all_mutants": whole,
            },
        )
        for fate in score.fates:
            out.write("mutant", _fields(fate, score))
        out.write(
            FINISHED,
            {
                "mutants": len(score.fates),
                "caught": score.caught,
                "equivalent": score.explained,
                "survived": len(score.survivors),
                "share": score.share,
                "share_of_comparison": score.share_of_comparison,
                "ends": score.by_end(),
                "seconds_to_catch_half": score.quantile(0.5),
                "seconds_to_catch_95_percent": score.quantile(0.95),
            },
        )


def _fields(fate: Fate, score: Score) -> dict[str, object]:
    mutant = fate.mutant
    return {
        "file": mutant.file,
        "line": mutant.line,
        "function": mutant.function,
        "kind": mutant.kind,
        "before": mutant.old_lines,
        "after": mutant.new_lines,
        "end": fate.how,
        "case": fate.case,
        "cases": fate.cases,
        "seconds": round(fate.seconds, 4),
        "equivalent": score.equivalents.get(mutant.key),
    }


def parser() -> Parser:
    made = Parser(
        prog="python -m parity.mutation",
        description="Plant faults in the C core, one at a time, and count how many the gate catches.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_command("harness", "plant faults in the harness instead, for its own tests to catch", EXAMPLES)
    for name, text in (
        ("run", "build all mutants and judge them"),
        ("judge", "judge the mutants of the last build"),
    ):
        command = made.add_command(name, text, EXAMPLES)
        command.add_argument(
            "--cases",
            type=Whole(1, MOST_CASES),
            default="40000",
            metavar="N",
            help="generated cases of the gate (40000)",
        )
        command.add_argument(
            "--seed", type=seed, default="0", metavar="N", help="which cases are generated (0)"
        )
        command.add_argument(
            "--every", type=Whole(1, 1_000_000), default="1", metavar="N", help="a sample of one mutant in N"
        )
        command.add_argument(
            "--file",
            action="append",
            choices=builder.source_names(),
            metavar="FILE",
            help="only mutants of this file, such as core/src/utf8.c; may be repeated",
        )
        command.add_argument(
            "--kind",
            action="append",
            choices=KINDS,
            metavar="KIND",
            help=f"only mutants of this kind; may be repeated. One of {', '.join(KINDS)}",
        )
        command.add_argument(
            "--only", type=in_file, metavar="FILE", help="only the mutants of a list that --survivors wrote"
        )
        command.add_argument(
            "--workers", type=processes, default=str(cores()), metavar="N", help="forks at a time"
        )
        command.add_argument(
            "--survivors",
            type=Place(require_list),
            metavar="FILE",
            help="list survivors as equivalents.txt would",
        )
        command.add_argument("--out", type=out_results, metavar="FILE", help="write the result file")
    return made


def require_list(path: Path) -> None:
    """Raises `UsageError` unless a list can be written there, over nothing but another list."""
    if require_target(path).exists():
        try:
            read_list(path)
        except DamagedList as error:
            raise UsageError(f"{path} is no list of mutants and is not replaced; write elsewhere") from error
