"""The command `python -m scripts.wheels`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode

from .build import PURE, BuildError, build_native_wheel, build_pure_wheel, build_sdists, clear
from .check import check_wheel
from .extension import offered_by
from .pythons import SUPPORTED, find_pythons

EXAMPLES = """\
examples:
  make wheels                                   everything, into dist
  python -m scripts.wheels --python 3.12        the sdists and one native wheel

A wheel is wrong if it has no manylinux tag, needs or brings a library, exports more than its
start function, asks for a Python symbol that its Python lacks, or is too large.

exit codes: 0 all built and right; 1 a wheel is wrong; 2 usage; 3 a Python was not found;
4 a build failed
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    wanted = options.python or list(SUPPORTED)
    pythons = find_pythons(wanted)
    missing = [version for version in wanted if version not in {python.version for python in pythons}]
    code = ExitCode.INCONCLUSIVE if missing else ExitCode.PASS
    try:
        clear(options.out)
        sdists = build_sdists(options.out)
        for name in PURE:
            _say(build_pure_wheel(sdists[name], options.out), [])
        for python in pythons:
            wheel = build_native_wheel(python, sdists["driftcore_native"], options.out)
            wrong = check_wheel(wheel, offered_by(python.executable))
            _say(wheel, wrong)
            code = ExitCode.FAIL if wrong else code
    except BuildError as error:
        print(f"UNFIT: {error}", file=sys.stderr)
        return ExitCode.UNFIT
    if missing:
        print(f"not found, so not built: Python {', '.join(missing)}", file=sys.stderr)
    return code


def _say(wheel: Path, wrong: Sequence[str]) -> None:
    print(f"{'WRONG' if wrong else 'right'}  {wheel.stat().st_size:>8,} bytes  {wheel}", flush=True)
    for sentence in wrong:
        print(f"       {sentence}")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m scripts.wheels",
        description="Build sdists, and wheels from them for every Python found; check each native wheel.",
        epilog=EXAMPLES,
    )
    parser.add_argument(
        "--python",
        action="append",
        choices=SUPPORTED,
        metavar="VERSION",
        help=f"only this one; may be repeated. One of {', '.join(SUPPORTED)}",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("dist"), metavar="DIR", help="emptied first (default: dist)"
    )
    return parser
