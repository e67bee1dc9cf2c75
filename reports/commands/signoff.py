"""`python -m reports signoff`: judge a folder of evidence."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from driftgate.base.checkout import NoCommit, known_commit
from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import alone_in
from driftgate.base.options import in_file, in_folder
from driftgate.base.result_file import DamagedResults
from driftgate.base.terminal import paint

from .. import bundle
from ..annotations import github_annotations
from ..document import SignOff
from ..own import told_of
from ..policy import POLICY, level_of, read_policy
from ..provenance import ROOT
from ..signoff import sign_off

NAME = "signoff"
HELP = "judge a folder of result files; write the reports into it"
DESCRIPTION = """\
May the C core replace the Python it claims to equal?  Reads every *.ndjson of a folder and the
wheels in its folder `wheels`, holds them against one level of the policy, and writes the
verdict with its evidence: signoff.html and signoff.md to read, signoff.json, signoff.sarif,
junit.xml and annotations.txt for tools, manifest.json and attestation.json to verify later.
"""
EXAMPLES = """\
  python -m reports signoff reports/out                    level signoff
  python -m reports signoff --level release reports/out    what a release needs
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    levels = ", ".join(read_policy())
    parser.add_argument(
        "folder", type=in_folder, nargs="?", default=str(out), metavar="DIR", help=f"(default: {out})"
    )
    parser.add_argument(
        "--level", default="signoff", metavar="NAME", help=f"one of {levels} (default: signoff)"
    )
    parser.add_argument(
        "--policy", type=in_file, default=str(POLICY), metavar="FILE", help="(default: reports/policy.toml)"
    )


def run(options: argparse.Namespace) -> ExitCode:
    level_of(options.level, options.policy)
    with alone_in(options.folder):
        try:
            document = sign_off(options.folder, options.level, options.policy)
        except DamagedResults as error:
            raise DamagedResults(f"{error}.  {told_of(options.folder)}") from error
        written = bundle.write(document, options.folder, options.policy)
    return tell(document, written)


def tell(document: SignOff, written: list[Path]) -> ExitCode:
    """Say what a sign-off came to, and where its reports are; its exit code."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print("\n".join(github_annotations(document)))
    print(paint(document.judgement.sentence, sys.stdout))
    for path in written:
        print(f"  {path}")
    if document.commit is None:
        try:
            known_commit(ROOT)
        except NoCommit as error:
            print(f"note: {error}", file=sys.stderr)
    return document.judgement.verdict.exit_code
