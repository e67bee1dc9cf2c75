"""The command `python -m scripts.wheels`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Place

from .build import PURE, build_native_wheel, build_pure_wheel, build_sdists
from .check import check_wheel
from .extension import offered_by
from .folder import renewed, require_artefacts
from .pythons import SUPPORTED, Python, find_pythons

EXAMPLES = """\
  make wheels                                   everything, into dist
  python -m scripts.wheels --python 3.12        the sdists and one native wheel

A wheel is wrong if its extension fits no manylinux tag, needs or brings a library, exports more than its
start function, asks for a Python symbol that its Python lacks, or is too large.
"""

EXIT_CODES = """\
exit codes: 0 all built and right; 1 a wheel is wrong; 2 usage; 3 a Python was not found;
4 a build failed
"""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    wanted = options.python or list(SUPPORTED)
    pythons = find_pythons(wanted)
    missing = [version for version in wanted if version not in {python.version for python in pythons}]
    with renewed(options.out) as folder:
        wrong = _build(pythons, folder, options.out)
    if missing:
        print(f"not found, so not built: Python {', '.join(missing)}", file=sys.stderr)
    if wrong:
        return ExitCode.FAIL
    return ExitCode.INCONCLUSIVE if missing else ExitCode.PASS


def _build(pythons: Sequence[Python], folder: Path, out: Path) -> bool:
    """Build everything into `folder`, which becomes `out`; whether a native wheel is wrong."""
    sdists = build_sdists(folder)
    for name in PURE:
        _say(build_pure_wheel(sdists[name], folder), [], out)
    any_wrong = False
    for python in pythons:
        wheel = build_native_wheel(python, sdists["driftcore_native"], folder)
        wrong = check_wheel(wheel, offered_by(python.executable))
        _say(wheel, wrong, out)
        any_wrong = any_wrong or bool(wrong)
    return any_wrong


def _say(wheel: Path, wrong: Sequence[str], out: Path) -> None:
    size = wheel.stat().st_size
    print(f"{'WRONG' if wrong else 'right'}  {size:>8,} bytes  {out / wheel.name}", flush=True)
    for sentence in wrong:
        print(f"       {sentence}")


def parser() -> Parser:
    made = Parser(
        prog="python -m scripts.wheels",
        description="Build sdists, and wheels from them for every Python found; check each native wheel.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument(
        "--python",
        action="append",
        choices=SUPPORTED,
        metavar="VERSION",
        help=f"only this one; may be repeated. One of {', '.join(SUPPORTED)}",
    )
    made.add_argument(
        "--out",
        type=Place(require_artefacts),
        default="dist",
        metavar="DIR",
        help="a folder of nothing but such artefacts; older ones are replaced (default: dist)",
    )
    return made
