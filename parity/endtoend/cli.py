"""The command `python -m parity.endtoend`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.options import out_results
from driftgate.base.result_file import Format, ResultFile

from .apps import APPS
from .exported import Comparison, compare_runs, read_run

FORMAT = Format("driftcore end-to-end results", 1)
OUT = Path("build/endtoend/endtoend.ndjson")
ROOT = Path(__file__).resolve().parents[2]
DROPIN = Path(os.environ.get("DRIFTCORE_DROPIN_PYTHON", "build/dropin/bin/python"))
OTHERS = ("native", "rust")
PATIENCE = 600
"""Seconds after which an application is taken for one that does not end."""

EXAMPLES = """\
  make endtoend                                       both applications on all three paths
  python -m parity.endtoend --app shop --path native  the gate alone: Python against the C core

The C core runs in the environment of DRIFTCORE_DROPIN_PYTHON (default: build/dropin, made by
`make build/stamps/dropin`), Python and Rust in this one.
"""

EXIT_CODES = """\
exit codes: 0 no span differs between Python and native; 1 one does; 2 usage; 3 interrupted; 4 a run failed
"""


class RunFailed(Unfit):
    """An application that did not get to its end; the details are its last lines."""


@command
def main(arguments: Sequence[str] | None = None) -> ExitCode:
    options = parser().parse_args(arguments)
    apps, paths = options.app or APPS, options.path or OTHERS
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for app in apps:
            python = _run(app, "python", Path(folder))
            for path in paths:
                found.append(compare_runs(read_run(python), read_run(_run(app, path, Path(folder)))))
    with ResultFile(options.out, FORMAT) as out:
        out.write("started", {"apps": list(apps), "against": "python", "paths": list(paths)})
        for comparison in found:
            out.write("comparison", asdict(comparison))
        out.write("finished", {"comparisons": len(found)})
    print(f"{table_text(found)}\n  {options.out}")
    differs = any(one.differing for one in found if one.path == "native")
    return ExitCode.FAIL if differs else ExitCode.PASS


def table_text(found: Sequence[Comparison]) -> str:
    """A sentence, then for each application and path the spans compared and where they differ."""
    native = [one for one in found if one.path == "native"]
    spans, differing = sum(one.spans for one in native), sum(one.differing for one in native)
    lines = [
        f"The SDK on the C core exports what it exports in Python: {spans - differing} of {spans} spans."
    ]
    lines += ["", "  application  path     spans  differing  of them in"]
    for one in found:
        fields = ", ".join(f"{name} {count}" for name, count in one.fields.items())
        lines.append(f"  {one.app:<11}  {one.path:<7}  {one.spans:>5}  {one.differing:>9}  {fields}".rstrip())
    return "\n".join(lines)


def _run(app: str, path: str, folder: Path) -> Path:
    out = folder / f"{app}-{path}"
    python = ROOT / DROPIN if path == "native" else sys.executable
    command = [str(python), "-m", "parity.endtoend.run_app", app, path, str(out)]
    try:
        run = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except OSError as error:
        raise RunFailed(f"{python} cannot be run; `make build/stamps/dropin` makes it") from error
    except subprocess.TimeoutExpired as error:
        raise RunFailed(f"{app} on the {path} path did not end within {PATIENCE} s") from error
    if run.returncode or not (out / "run.json").exists():
        last = "\n".join(run.stderr.splitlines()[-20:])
        raise RunFailed(f"{app} on the {path} path ended with {run.returncode} before it was done", last)
    return out


def parser() -> Parser:
    made = Parser(
        prog="python -m parity.endtoend",
        description="Run applications under the real SDK on its Python path, the C core and the Rust core; "
        "compare the spans they export.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument("--app", action="append", choices=APPS, help="only this one; may be repeated")
    made.add_argument(
        "--path",
        action="append",
        choices=OTHERS,
        help="compared with Python; may be repeated (default: both)",
    )
    made.add_argument(
        "--out",
        type=out_results,
        default=str(OUT),
        metavar="FILE",
        help="the result file (default: %(default)s)",
    )
    return made
