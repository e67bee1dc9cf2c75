"""`python -m reports diff`: what changed from one sign-off to another."""

from __future__ import annotations

import argparse
from pathlib import Path

from driftgate.base.exit_codes import ExitCode
from driftgate.base.files import require_folder, require_target, write_whole
from driftgate.base.options import Place, in_folder

from ..diff import compare
from ..html.page import diff_page as html_page
from ..markdown_page import diff_page as markdown_page
from ..signoff import reopened

NAME = "diff"
HELP = "compare two sign-offs; 1 if something got worse"
DESCRIPTION = """\
What changed from one sign-off to another: causes of mismatches that are new or gone, claims that
moved with their intervals, changes of the census and of checks.  Prints Markdown; with --out it
writes diff.md and diff.html.
"""
EXAMPLES = """\
  python -m reports diff archive/2026-10 reports/out --out build/diff
"""


def add_arguments(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("old", type=in_folder, metavar="OLD", help="a folder that `signoff` wrote")
    parser.add_argument("new", type=in_folder, metavar="NEW", help="another one")
    parser.add_argument(
        "--out", type=Place(require_place), metavar="DIR", help="write diff.md and diff.html there"
    )


def run(options: argparse.Namespace) -> ExitCode:
    diff = compare(reopened(options.old), reopened(options.new))
    if options.out is None:
        print(markdown_page(diff), end="")
        return diff.code
    pages = {"diff.md": markdown_page(diff), "diff.html": html_page(diff)}
    print(diff.sentence)
    for name, text in pages.items():
        print(f"  {write_whole(options.out / name, text)}")
    return diff.code


def require_place(folder: Path) -> None:
    """Raises `UsageError` unless both pages can be written there."""
    require_folder(folder)
    for name in ("diff.md", "diff.html"):
        require_target(folder / name)
