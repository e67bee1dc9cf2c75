"""`python -m reports publishable`: may exactly these files be uploaded?"""

from __future__ import annotations

import argparse
from pathlib import Path

from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import write_whole

from .. import signed
from ..evidence import read_folder
from ..provenance import ROOT
from ..published import problems

NAME = "publishable"
HELP = "whether exactly these distributions were signed off and may be uploaded"
DESCRIPTION = """\
Holds a folder of wheels and source distributions against a sign-off: its verdict is GO, its level, policy
and commit are the right ones, no file was changed, and each file has the digest that it recorded; none is
missing, none is new.  `python -m reports.signed` asks the same, and needs no other package.

With --record it asks what can be asked before there is a verdict: is every extension module one that was
compared, in the wheel of the Python and platform where it was; is every other file the one of the checkout
that belongs there; does each distribution say of itself what pyproject.toml says?  Then it records the
digests.  A release's sign-off does that as one of its steps.
"""
EXAMPLES = """\
  python -m reports publishable dist                         by the sign-off in reports/out
  python -m reports publishable dist --signoff archive/0.2.0
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    signed.add_arguments(parser, out)
    parser.add_argument(
        "--record",
        action="store_true",
        help=f"check what the files are made of, and write {signed.SUMS} into DIR",
    )


def run(options: argparse.Namespace) -> ExitCode:
    if not options.record:
        return signed.run(options)
    wrong = problems(options.dist, read_folder(options.signoff), ROOT)
    if not wrong:
        write_whole(options.signoff / signed.SUMS, signed.sums(options.dist))
    return signed.told(options.dist, wrong)
