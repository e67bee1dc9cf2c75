"""`python -m reports publishable`: may exactly these files be uploaded?"""

from __future__ import annotations

import argparse
from pathlib import Path

from driftgate.base.checkout import commit_of
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.figures import count
from driftgate.base.files import write_whole
from driftgate.base.options import in_folder, known_name

from ..evidence import read_folder
from ..own import SUMS
from ..provenance import ROOT
from ..published import files_of, problems, require_signed, sums

NAME = "publishable"
HELP = "whether exactly these distributions were signed off and may be uploaded"
DESCRIPTION = """\
Holds a folder of wheels and source distributions against a sign-off: its verdict is GO, its level and
commit are the right ones, and each file has the digest that it recorded; none is missing, none is new.

With --record it asks what can be asked before there is a verdict: is every extension module one that was
compared, and every other file one of the checkout?  Then it records the digests.  A release's sign-off
does that as one of its steps.
"""
EXAMPLES = """\
  python -m reports publishable dist                         by the sign-off in reports/out
  python -m reports publishable dist --signoff archive/0.2.0
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("dist", type=in_folder, metavar="DIST", help="holds what is to be uploaded")
    parser.add_argument(
        "--signoff", type=in_folder, default=str(out), metavar="DIR", help=f"(default: {out})"
    )
    parser.add_argument(
        "--level", type=known_name, default="release", metavar="LEVEL", help="(default: release)"
    )
    parser.add_argument(
        "--record", action="store_true", help=f"check what the files are made of, and write {SUMS} into DIR"
    )


def run(options: argparse.Namespace) -> ExitCode:
    if options.record:
        wrong = problems(options.dist, read_folder(options.signoff), ROOT)
        if not wrong:
            write_whole(options.signoff / SUMS, sums(options.dist))
    else:
        commit = commit_of(ROOT)
        if commit is None:
            raise Unfit("the commit of this checkout is not known")
        wrong = require_signed(options.dist, options.signoff, options.level, commit.id)
    for problem in wrong:
        print(f"  {problem}")
    many = count(len(files_of(options.dist)), "file")
    if wrong:
        print(f"FAIL: {count(len(wrong), 'reason')} against publishing {many}.")
        return ExitCode.FAIL
    print(f"PASS: {many} may be published.")
    return ExitCode.PASS
