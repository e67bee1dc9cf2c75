"""Commands that make committed files anew from what they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Optional

from .command import Main, Parser, command
from .exit_codes import ExitCode
from .files import write_whole

EXIT_CODES = "exit codes: 0 written; 2 usage; 3 interrupted; 4 they cannot be written\n"


def rewriting(
    module: str, what: str, files: Callable[[], Mapping[Path, str]]
) -> tuple[Main, Callable[[], Parser]]:
    """`main` and `parser` of a command that writes some files, all of which are made before the first."""

    def parser() -> Parser:
        return Parser(
            prog=f"python -m {module}",
            description=what,
            examples=f"  python -m {module} && git diff --stat\n",
            exit_codes=EXIT_CODES,
        )

    @command
    def main(arguments: Optional[Sequence[str]] = None) -> ExitCode:
        parser().parse_args(arguments)
        for path, text in files().items():
            print(write_whole(path, text))
        return ExitCode.PASS

    return main, parser
