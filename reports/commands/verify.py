"""`python -m reports verify`: find a folder's verdict again from its evidence."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Number, in_folder, seed

from ..verify import DEFAULT_SHARE, verify

NAME = "verify"
HELP = "check an archived folder: digests, verdicts, reports, and a sample of the cases"
DESCRIPTION = """\
Checks a folder that `signoff` wrote, on this or another machine: the digests of its files and of
this checkout's sources and inputs; every verdict, found again from raw samples and counts; every
report, rendered again; and a random share of the cases, put again to the very wheels in the
folder.  All must agree byte for byte.
"""
EXAMPLES = """\
  python -m reports verify archive/2026-11-24
  python -m reports verify --share 0.1 --seed 7 DIR    more cases, the same ones each time
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument(
        "folder", type=in_folder, nargs="?", default=str(out), metavar="DIR", help=f"(default: {out})"
    )
    parser.add_argument(
        "--share",
        type=Number(0, 1),
        default=f"{DEFAULT_SHARE:g}",
        metavar="SHARE",
        help=f"of the cases to put again, from 0 to 1 (default: {DEFAULT_SHARE:g})",
    )
    parser.add_argument(
        "--seed", type=seed, metavar="N", help="of the choice of cases (default: a random one)"
    )


def run(options: argparse.Namespace) -> ExitCode:
    chosen = secrets.randbelow(10**6) if options.seed is None else options.seed
    outcome = verify(options.folder, options.share, chosen)
    for step in outcome.steps:
        print(f"  {step.state.value:<8}  {step.what}")
        for problem in step.problems:
            print(f"            {problem}")
    print(outcome.sentence)
    return outcome.code
