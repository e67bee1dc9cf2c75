"""The command `python -m reports`."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from . import matrix, signoff
from .exit_codes import ExitCode
from .result_file import DamagedResults
from .terminal import emphasised

OUT = Path("reports/out")

DESCRIPTION = """\
May the C core replace the Python it claims to equal?  `signoff` reads what a parity run and
a bench run found, and writes the verdict with its evidence: signoff.md to read, signoff.json
to keep.
"""

EXAMPLES = f"""\
example, from the checkout:
  python -m parity run --out {OUT}/parity.ndjson
  python -m bench run --out {OUT}/bench.ndjson
  python -m bench run --payloads recorded --out {OUT}/recorded.ndjson
  python -m reports signoff --parity {OUT}/parity.ndjson \\
      --bench {OUT}/bench.ndjson --bench {OUT}/recorded.ndjson

exit codes: 0 GO; 1 NO-GO: a mismatch, or slower in a check of recorded inputs; 2 usage;
3 INCONCLUSIVE: too little compared or measured; 4 UNFIT: a result file is damaged, or the
files belong to different builds
"""

MATRIX = """\
Put together what the core's tests and a campaign found under each Python.  tox runs both in an
environment a Python and calls this at the end.
"""

MATRIX_EXAMPLES = """\
examples:
  tox                                       runs every Python that is found, then this
  python -m reports matrix py39 py313       puts two together again

exit codes: 0 all equal and tested; 1 a mismatch or a failed test; 2 usage; 3 a Python did not
run, or compared too little; 4 UNFIT: a file is damaged
"""


def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    try:
        return _matrix(options) if options.command == "matrix" else _sign_off(options)
    except DamagedResults as error:
        print(f"UNFIT: {error}.  Make that file anew; nothing is judged without it.", file=sys.stderr)
    except Exception as error:  # Python would end with 1, which says NO-GO
        traceback.print_exc()
        print(f"UNFIT: no report could be made: {type(error).__name__}: {error}", file=sys.stderr)
    return ExitCode.UNFIT


def _sign_off(options: argparse.Namespace) -> ExitCode:
    signoff.clear(options.out)
    document = signoff.sign_off(options.parity, options.bench)
    written = signoff.write(document, options.out)
    print(emphasised(document.judgement, sys.stdout))
    for path in written:
        print(f"  {path}")
    return document.judgement.verdict.exit_code


def _matrix(options: argparse.Namespace) -> ExitCode:
    found = matrix.collect(options.results, options.environments)
    matrix.write_matrix(found, options.out)
    print(f"{matrix.table_text(found)}\n  {options.out}")
    return found.code


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m reports", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=form
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser(
        "signoff",
        help="judge result files; write signoff.md and signoff.json",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=form,
    )
    one.add_argument(
        "--parity", type=Path, required=True, metavar="FILE", help="the results of `python -m parity run`"
    )
    one.add_argument(
        "--bench",
        type=Path,
        required=True,
        action="append",
        metavar="FILE",
        help="the results of `python -m bench run`; may be repeated",
    )
    one.add_argument("--out", type=Path, default=OUT, metavar="DIR", help=f"where to write (default: {OUT})")
    table = commands.add_parser(
        "matrix",
        help="Python x operation x verdict, from what tox's environments left",
        description=MATRIX,
        epilog=MATRIX_EXAMPLES,
        formatter_class=form,
    )
    table.add_argument("environments", nargs="+", metavar="ENVIRONMENT", help="one row each, in this order")
    table.add_argument(
        "--results",
        type=Path,
        default=Path(".tox/matrix"),
        metavar="DIR",
        help=f"holds ENVIRONMENT/{matrix.CAMPAIGN} and ENVIRONMENT/{matrix.TESTS} (default: .tox/matrix)",
    )
    table.add_argument(
        "--out", type=Path, default=OUT / "matrix.ndjson", metavar="FILE", help="(default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
