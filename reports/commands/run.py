"""`python -m reports run`: conduct a sign-off, from the wheels to the verdict."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from driftgate.base import options as kinds
from driftgate.base.exit_codes import ExitCode, Unfit

from ..conduct import DIST, Prepared, Request, conduct, prepared
from ..own import told_of
from ..policy import POLICY
from .signoff import tell

NAME = "run"
HELP = "conduct a sign-off: run the level's steps and judge what they find"
DESCRIPTION = """\
May this wheel be merged, be a release candidate, ship?  Puts the wheel in front of the path, runs the
steps that policy.toml declares for the level, and judges what they find, as `signoff` does.  The new
folder takes the place of the old one when it is whole; a run that is interrupted or cannot judge (3, 4)
leaves the old one.  A folder with anything in it that no sign-off wrote is refused.
"""
EXAMPLES = """\
examples:
  python -m reports run gate                       into reports/out
  python -m reports run release --wheel FILE.whl   that very wheel
  python -m reports run signoff --dry-run          only check what is asked for, and say what would be run
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("level", nargs="?", default="signoff", metavar="LEVEL", help="(default: signoff)")
    parser.add_argument(
        "--out", type=kinds.out_folder, default=str(out), metavar="DIR", help=f"(default: {out})"
    )
    parser.add_argument(
        "--wheel",
        type=kinds.in_file,
        metavar="FILE",
        help="the driftcore_native wheel to judge (default: the one in build/wheels)",
    )
    parser.add_argument(
        "--cases", type=kinds.cases, metavar="N", help="cases to compare (default: the level's own number)"
    )
    parser.add_argument(
        "--seed", type=kinds.seed, default="0", metavar="N", help="of all random choices (default: 0)"
    )
    parser.add_argument(
        "--policy",
        type=kinds.in_file,
        default=str(POLICY),
        metavar="FILE",
        help="(default: reports/policy.toml)",
    )
    parser.add_argument(
        "--dist",
        type=kinds.in_folder,
        metavar="DIR",
        help="what a release is to publish (default: dist)",
    )
    parser.add_argument("--dry-run", action="store_true", help="check what is asked for and show the steps")


def run(options: argparse.Namespace) -> ExitCode:
    request = Request(
        options.level,
        options.out,
        options.policy,
        options.wheel,
        options.cases,
        options.seed,
        options.dist or DIST,
    )
    if options.dry_run:
        print(_told(prepared(request)))
        return ExitCode.PASS
    try:
        document, written = conduct(request, _say)
    except KeyboardInterrupt:
        _say(told_of(request.out))
        raise
    except (Unfit, OSError) as error:
        why = str(error) if isinstance(error, Unfit) else f"{error.filename or 'a file'}: {error.strerror}"
        raise Unfit(f"{why}.  {told_of(request.out)}") from error
    return tell(document, written)


def _say(text: str) -> None:
    print(f"sign-off: {text}", file=sys.stderr, flush=True)


def _told(ready: Prepared) -> str:
    values = ready.values(ready.target, Path("REPORT.xml"))
    steps = [f"  {name}: {shlex.join(step.words(values))}" for name, step in ready.steps.items()]
    wheels = ", ".join(wheel.name for wheel in ready.wheels)
    return "\n".join([f"{ready.request.level}, into {ready.target}, of {wheels}", *steps])
