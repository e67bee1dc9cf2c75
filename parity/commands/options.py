"""Options that several commands share."""

from __future__ import annotations

import argparse
import re

from ..operations import OPERATIONS
from ..subjects import KNOWN

EXIT_CODES = "exit codes: 0 pass, 1 mismatch, 2 usage, 3 not enough compared, 4 the harness is unfit to judge"


def subjects() -> argparse.ArgumentParser:
    """A parent parser with the options that choose who is compared."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--candidate",
        default="native",
        metavar="SUBJECT",
        help=f"what is judged: {', '.join(KNOWN)}, liar:NAME, or any module with the functions "
        "(default: native)",
    )
    parent.add_argument(
        "--reference", default="reference", metavar="SUBJECT", help="what is right (default: reference)"
    )
    parent.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="SUBJECT",
        help="asked about each mismatch, to show who else dissents; may be repeated",
    )
    return parent


def chosen(options: argparse.Namespace) -> list[str]:
    """The options that choose the same subjects again, those of the default left out."""
    out = []
    if options.candidate != "native":
        out += ["--candidate", options.candidate]
    if options.reference != "reference":
        out += ["--reference", options.reference]
    for name in options.witness:
        out += ["--witness", name]
    return out


def timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="how long one call may take before it counts as a hang (default: 5)",
    )


def memory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--memory",
        type=memory_size,
        default="2GiB",
        metavar="SIZE",
        help="how much memory a call may ask for, in bytes or as 512MiB or 4GiB, beyond what its process "
        "had (default: %(default)s)",
    )


def memory_size(text: str) -> int:
    """A number of bytes, or of MiB or GiB."""
    found = re.fullmatch(r"([0-9]{1,18})(MiB|GiB)?", text, re.ASCII)
    size = int(found[1]) << _SHIFTS[found[2] or ""] if found else 0
    if not LEAST_MEMORY <= size <= MOST_MEMORY:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is not a size from 16MiB to 1048576GiB, such as 2GiB"
        )
    return size


_SHIFTS = {"": 0, "MiB": 20, "GiB": 30}
LEAST_MEMORY, MOST_MEMORY = 16 << 20, 1 << 50


def operation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--operation",
        action="append",
        choices=tuple(OPERATIONS),
        metavar="NAME",
        help=f"only this one; may be repeated. One of {', '.join(OPERATIONS)}",
    )


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help: str,
    examples: str,
    *parents: argparse.ArgumentParser,
) -> argparse.ArgumentParser:
    """A subcommand's parser, whose help ends with examples."""
    return commands.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.",
        epilog=f"examples:\n{examples}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=list(parents),
    )
