"""The command `python -m reports`."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from . import signoff
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


def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
    options = _parser().parse_args(arguments)
    try:
        return _sign_off(options)
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
    return parser


if __name__ == "__main__":
    sys.exit(main())
