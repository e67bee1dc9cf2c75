"""The command `python -m parity.mutation`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn, Optional

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, Inconclusive, Unfit, UsageError
from driftgate.base.files import require_target, write_whole
from driftgate.base.interrupts import hold_all
from driftgate.base.options import Place, Whole, in_file, out_results, processes, seed
from reports.provenance import ROOT

from ..plan import Plan
from ..subjects import load
from ..workers import cores
from . import build as builder
from . import harness
from .mutants import KINDS, Mutant
from .record import Record
from .score import (
    AIM_OF_COMPARISON,
    EQUIVALENTS,
    GATE_SECONDS,
    TARGET,
    DamagedList,
    Score,
    equivalents,
    line_of,
    read_list,
    unmatched,
)
from .units import kind_for, programs, rehearsed

LIST = ROOT / "build" / "mutation" / "mutants.json"
MOST_CASES = 400_000
"""All outcomes of the reference are kept while mutants are judged, about 5 KB a case."""

TOLD_EVERY = 100

EXAMPLES = """\
  python -m parity.mutation run                         all mutants
  python -m parity.mutation run --every 10 --cases 5000
  python -m parity.mutation harness                     faults of the harness itself
  python -m parity.mutation run --file core/src/utf8.c --survivors /tmp/survivors.txt
  python -m parity.mutation run --only /tmp/survivors.txt
  python -m parity.mutation run --out build/mutation.ndjson --resume

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
    if options.resume and options.out is None:
        raise UsageError("--resume needs the --out of the run that was cut off")
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
    with Record(options.out, known, options.resume) if options.out else nullcontext() as record:
        gate = prepare(plan, max(mutant.number for mutant in made.mutants))
        if record:
            record.begin(plan, len(gate.prepared), chosen, len(chosen) == len(made.mutants))
        found = list(record.kept) if record else []
        done = {fate.mutant.number for fate in found}
        waiting = [mutant for mutant in chosen if mutant.number not in done]
        tests = rehearsed(programs(made.tests, {kind_for(mutant) for mutant in waiting}))
        ready = f"ready in {time.monotonic() - begun:.0f} s"
        print(f"{len(waiting)} mutants, {len(gate.prepared)} cases, {len(tests)} tests ({ready})", flush=True)
        for fate in fates(gate, tests, waiting, options.workers):
            found.append(fate)
            if record:
                record.add(fate)
            if len(found) % TOLD_EVERY == 0:
                survived = sum(not one.caught for one in found)
                print(f"  {len(found)} of {len(chosen)} put, {survived} survived", flush=True)
        score = Score(found, known)
        if record:
            record.finish(score)
    _tell(score, time.monotonic() - begun)
    if options.survivors:
        lines = [line_of(one.mutant, "?") for one in score.survivors]
        write_whole(options.survivors, "".join(f"{line}\n" for line in lines))
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
        command.add_argument(
            "--resume", action="store_true", help="go on with the run into --out that was cut off"
        )
    return made


def require_list(path: Path) -> None:
    """Raises `UsageError` unless a list can be written there, over nothing but another list."""
    if require_target(path).exists():
        try:
            read_list(path)
        except DamagedList as error:
            raise UsageError(f"{path} is no list of mutants and is not replaced; write elsewhere") from error
