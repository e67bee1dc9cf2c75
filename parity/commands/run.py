"""`python -m parity run`: the campaign."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode
from driftgate.base.interrupts import asked_to_stop
from driftgate.base.options import cases, out_results, processes, seed

from .. import campaign, results
from ..cluster import Cluster, scheduler_address
from ..events import Finished, Started
from ..operations import default_operations
from ..plan import Plan
from ..progress import ProgressView
from ..render import report_text
from ..verdict import judge_run
from ..workers import Workers, cores
from . import options as shared

OUT = Path("reports/out/parity.ndjson")

EXAMPLES = """\
  python -m parity run                                  20,000 cases, native against the reference
  python -m parity run --cases 1000000 --seed 7         a long one; an interrupt keeps what was done
  python -m parity run --cases 1000000 --seed 7 --resume
  python -m parity run --cases 100000000 --scheduler tcp://host:8786
  python -m parity run --candidate rust --witness sdk   where the public Rust module drifts, and who agrees
  python -m parity run --operation normalize_json --operation deterministic_hash

What is compared, in this order: saved regressions, recorded fixtures, generated cases."""


def add_parser(commands: Parser) -> None:
    parser = commands.add_command(
        "run",
        "compare regressions, recorded fixtures and generated cases",
        EXAMPLES,
        act,
        parents=[shared.subjects()],
    )
    shared.operation(parser)
    parser.add_argument(
        "--seed", type=seed, default="0", metavar="N", help="which cases are generated (default: 0)"
    )
    parser.add_argument(
        "--cases", type=cases, default="20000", metavar="N", help="how many, at least (default: 20000)"
    )
    parser.add_argument(
        "--workers", type=processes, metavar="N", help="processes that compare (default: one a core)"
    )
    shared.timeout(parser)
    shared.memory(parser)
    parser.add_argument(
        "--out", type=out_results, default=str(OUT), metavar="FILE", help=f"the result file (default: {OUT})"
    )
    parser.add_argument(
        "--scheduler",
        type=scheduler_address,
        metavar="ADDRESS",
        help="a Dask scheduler, such as tcp://host:8786: its workers compare instead of this machine's",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run of the same plan that was cut off"
    )


def act(options: argparse.Namespace) -> ExitCode:
    plan = Plan(
        reference=options.reference,
        candidate=options.candidate,
        seed=options.seed,
        cases=options.cases,
        timeout=options.timeout,
        memory=options.memory,
    )
    subjects = campaign.described_for(plan, options.witness)
    offered = (subjects[name].operations for name in (plan.reference, plan.candidate))
    plan = replace(plan, operations=tuple(options.operation or default_operations(*offered)))
    told: list[Started | Finished] = []
    file = results.RunFile(options.out, options.resume)
    with _executor(options, plan) as workers, file as out, asked_to_stop() as stopped, _view(workers) as view:
        for event in campaign.run(plan, workers, options.witness, out.done(), stopped, subjects):
            view.on(event)
            out.write(event)
            if isinstance(event, (Started, Finished)):
                told.append(event)
    started, finished = told
    assert isinstance(started, Started) and isinstance(finished, Finished)
    print(report_text(started, finished, str(options.out)))
    if isinstance(workers, Cluster):
        print(f"\n{workers.told()}")
    return judge_run(started, finished).code


def _executor(options: argparse.Namespace, plan: Plan) -> Workers | Cluster:
    if options.scheduler is not None:
        return Cluster(options.scheduler, plan)
    return Workers(options.workers or cores())


def _view(workers: Workers | Cluster) -> ProgressView:
    return ProgressView(told=workers.told if isinstance(workers, Cluster) else None)
