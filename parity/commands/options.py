"""Options that several commands share."""

from __future__ import annotations

import argparse
import re

from driftgate.base.options import module, quoted, seconds

from ..operations import OPERATIONS
from ..plan import Plan
from ..subjects import KNOWN, LIAR


def subjects() -> argparse.ArgumentParser:
    """A parent parser with the options that choose who is compared."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--candidate",
        type=subject,
        default="native",
        metavar="SUBJECT",
        help=f"what is judged: {', '.join(KNOWN)}, liar:NAME, or any module with the functions "
        "(default: native)",
    )
    parent.add_argument(
        "--reference",
        type=subject,
        default="reference",
        metavar="SUBJECT",
        help="what is right (default: reference)",
    )
    parent.add_argument(
        "--witness",
        type=subject,
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


def subject(text: str) -> str:
    """The name of a subject: what it is is for the command to find out, but it must be one."""
    if text.startswith(LIAR):
        from ..liars import LIARS  # not among what a judgement of anything else loads

        if text[len(LIAR) :] not in LIARS:
            raise argparse.ArgumentTypeError(f"{quoted(text)} is no liar; there are {', '.join(LIARS)}")
        return text
    return module(text)


def timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=f"{Plan.timeout:g}",
        metavar="SECONDS",
        help=f"how long one call may take before it counts as a hang (default: {Plan.timeout:g})",
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
