"""The command `python -m scripts.platforms`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode, UsageError
from driftgate.base.files import require_folder
from driftgate.base.options import Place
from driftgate.base.result_file import require_replaceable
from reports.checks import Check, CheckRun, CheckVerdict, check_file, write_run

from . import at_home, cross
from .steps import FOLDER, run_steps
from .targets import TARGETS, Cross, Target, results_in

EXAMPLES = """\
  make portability                                      what is needed, then all of it: an hour
  python -m scripts.platforms --only musl-x86_64        one target
  cp build/platforms/results/* scripts/platforms/results && python -m scripts.platforms.page

Each target has a result file of its own, so that a run that is cut off loses one of them.  Needs what
`make portability` installs.  A Debian of another processor needs root and a kernel that lets it
mount; what cannot be had is told as not run.
"""

EXIT_CODES = """\
exit codes: 0 all passed; 1 a step failed; 2 usage; 3 something could not be had, the rest passed
"""

_WORDS = {CheckVerdict.PASS: "pass", CheckVerdict.FAIL: "FAIL", CheckVerdict.INCONCLUSIVE: "not run"}


@command
def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
    options = parser().parse_args(arguments)
    wanted = [target for target in TARGETS if not options.only or target.name in options.only]
    verdicts = {check.verdict for target in wanted for check in _judge(target, options.out)}
    print(f"  {options.out}")
    if CheckVerdict.FAIL in verdicts:
        return ExitCode.FAIL
    return ExitCode.INCONCLUSIVE if CheckVerdict.INCONCLUSIVE in verdicts else ExitCode.PASS


def _judge(target: Target, folder: Path) -> list[Check]:
    """All steps of a target, told as they end; then they are its results."""
    done = []
    with check_file(results_in(folder, target)) as out:
        steps = cross.steps_of(target) if isinstance(target, Cross) else at_home.steps_of(target)
        for check in run_steps(target.platform, steps):
            print(_line(check), flush=True)
            done.append(check)
        write_run(CheckRun(f"python -m scripts.platforms --only {target.name}", None, tuple(done)), out)
    return done


def _require_own_folder(path: Path) -> Path:
    """Where `path` leads, if nothing stands there but results of platforms; raises `UsageError`."""
    folder = require_folder(path)
    results = {results_in(folder, target) for target in TARGETS}
    for found in sorted(folder.iterdir()) if folder.exists() else ():
        if found not in results and found.with_suffix("") not in results:  # of a run that was cut off
            raise UsageError(f"{path} holds {found.name}, which is no result of a platform; write elsewhere")
    for result in results:
        require_replaceable(result)
    return folder


def _line(check: Check) -> str:
    first = f"{_WORDS[check.verdict]:8}{check.seconds:7.1f} s  {check.name}: {check.summary}"
    return "\n".join([first, *(f"        {finding.text}" for finding in check.findings)])


def parser() -> Parser:
    made = Parser(
        prog="python -m scripts.platforms",
        description="Build, run and prove the C core on each platform, as far as it can be done from here.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    made.add_argument(
        "--only",
        action="append",
        choices=[target.name for target in TARGETS],
        metavar="TARGET",
        help=f"may be repeated. One of {', '.join(target.name for target in TARGETS)}",
    )
    made.add_argument(
        "--out",
        type=Place(_require_own_folder),
        default=str(FOLDER / "results"),
        metavar="DIR",
        help="gets a result file for each target (default: build/platforms/results)",
    )
    return made
