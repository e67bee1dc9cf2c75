"""The command `python -m core.fuzz`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from driftgate.base.command import Parser, command
from driftgate.base.exit_codes import ExitCode
from driftgate.base.options import Whole, in_file

from . import targets

EXAMPLES = """\
  python -m core.fuzz run --seconds 60                 every target for a minute
  python -m core.fuzz run --seconds 600 --target reader
  python -m core.fuzz distil                           keep what reaches code of its own in core/fuzz/corpus
  python -m core.fuzz replay --target reader FILE      a failing input again

A failing input is kept in build/fuzz/failures/TARGET.  Mend what it shows, then add it as a line of
hex to core/fuzz/corpus/TARGET.found.hex (`xxd -p -c0 FILE`), which every `make test` replays.  Of the target
differential it is a saved case: python -m parity replay FILE; python -m parity corpus add FILE NAME.
"""

EXIT_CODES = """\
exit codes: 0 nothing found, 1 a target failed, 2 usage, 3 interrupted, 4 a target cannot be built or run
"""


@command
def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
    options = parser().parse_args(arguments)
    chosen = options.target or targets.TARGETS
    targets.build(chosen)
    if options.command == "replay":
        return ExitCode.FAIL if targets.replay(chosen[0], options.file) else ExitCode.PASS
    if options.command == "distil":
        for target in chosen:
            print(f"{target:14}{targets.distil(target):6,} inputs")
        return ExitCode.PASS
    failed = False
    for target in chosen:
        done = targets.fuzz(target, options.seconds, options.seed)
        print(
            f"{target:14}{done.executions:12,} inputs tried, {done.coverage:,} branches reached", flush=True
        )
        for failure in done.failures:
            failed = True
            print(f"              FAILED: {failure}; again: {targets.again(target, failure)}")
    return ExitCode.FAIL if failed else ExitCode.PASS


def parser() -> Parser:
    made = Parser(
        prog="python -m core.fuzz",
        description="Coverage-guided fuzzing by libFuzzer, under ASan and UBSan: the C core by itself, and "
        "native against the reference.",
        examples=EXAMPLES,
        exit_codes=EXIT_CODES,
    )
    run = made.add_command("run", "fuzz for a while", EXAMPLES)
    run.add_argument(
        "--seconds", type=Whole(1, 86_400), default="60", metavar="N", help="of each target (60)"
    )
    run.add_argument(
        "--seed",
        type=Whole(0, (1 << 32) - 1),
        default="0",
        metavar="N",
        help="of libFuzzer's chance (0: another each time)",
    )
    distil = made.add_command(
        "distil", "write the committed corpora again, as small as they can be", EXAMPLES
    )
    for one in (run, distil):
        one.add_argument(
            "--target",
            action="append",
            choices=targets.TARGETS,
            metavar="NAME",
            help="only this one; may be repeated",
        )
    replay = made.add_command("replay", "put one failing input to its target", EXAMPLES)
    replay.add_argument("file", type=in_file, metavar="FILE", help="of bytes, as a run keeps them")
    replay.add_argument("--target", nargs=1, required=True, choices=targets.TARGETS, metavar="NAME")
    return made
