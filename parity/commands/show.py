"""`python -m parity show`: a run that was kept, as text again."""

from __future__ import annotations

import argparse

from driftgate.base.command import Parser
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import in_file

from ..findings_page import findings_page
from ..render import CLUSTERS_SHOWN, report_text
from ..results import read_run
from ..verdict import judge_run
from .run import OUT

EXAMPLES = """\
  python -m parity show                                 the last run
  python -m parity show --markdown > docs/findings-rust.md
  python -m parity show --all reports/out/parity.ndjson every cause, not the most frequent alone"""


def add_parser(commands: Parser) -> None:
    parser = commands.add_command("show", "show a run that was kept", EXAMPLES, act)
    parser.add_argument(
        "run",
        nargs="?",
        type=in_file,
        default=str(OUT),
        metavar="RUN",
        help=f"its result file (default: {OUT})",
    )
    parser.add_argument("--markdown", action="store_true", help="as a page, such as docs/findings-rust.md")
    parser.add_argument("--all", action="store_true", help=f"every cause; else the first {CLUSTERS_SHOWN}")


def act(options: argparse.Namespace) -> ExitCode:
    started, finished = read_run(options.run)
    if options.markdown:
        print(findings_page(started, finished), end="")
        return judge_run(started, finished).code
    most = len(finished.clusters) if options.all else CLUSTERS_SHOWN
    print(report_text(started, finished, str(options.run), most))
    return judge_run(started, finished).code
