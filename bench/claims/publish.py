"""The figures in README and docs, generated from the last signed-off result.

    <!-- claim hash-rust-mean -->10.4 times<!-- /claim -->     one figure
    <!-- claims -->                                            the table of all that passed
    <!-- /claims -->

The result is kept in `bench/data/signed.json`, written by `python -m bench sign` from a
release run in which no claim failed.  A figure of a claim that did not pass is not written but
refused, and a speed-up that stands in a text outside of markers has no claim and is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from driftgate.base import figures, strict_json
from driftgate.base.decode import decode
from driftgate.base.exit_codes import ExitCode, Unfit
from driftgate.base.files import write_whole

from ..events import Claim, SelfTest
from ..machine import ROOT
from ..results import Results, require_own
from ..tables.claims import quantity
from .judge import Verdict

SIGNED = Path(__file__).parent.parent / "data" / "signed.json"
NOT_YET = "No result is signed off yet."
LOG = "performance"
"""How the names of docs begin that tell what was tried and what it gave at the time: a log, not claims."""

_FIGURE = re.compile(r"(<!-- claim ([\w-]+) -->)(.*?)(<!-- /claim -->)", re.DOTALL)
_TABLE = re.compile(r"(<!-- claims -->\n)(.*?)(<!-- /claims -->)", re.DOTALL)
_SPEED = re.compile(r"\b\d[\d,.]*\s?(?:×|times\s+(?:as\s+fast|faster)|-fold\b|x\s+(?:as\s+fast|faster))")


class Unpublishable(Unfit):
    """There is no result to publish, or a figure in a text that must not be; the message says what to do."""


class Unsignable(Unpublishable):
    """A result proves too little to be the one that is published."""

    code = ExitCode.INCONCLUSIVE


@dataclass(frozen=True)
class Signed:
    """A signed-off result: who was measured where, and every claim of it."""

    commit: str
    at: str
    command: str
    machine: str
    python: str
    sha256: str
    claims: tuple[Claim, ...]


def sign(results: Results, path: Path = SIGNED) -> Path:
    """Keep a result as the signed-off one; raises `Unsignable` or `UsageError` where it cannot be."""
    require_own(results)
    started = results.started
    claims = tuple(event for event in results.events if isinstance(event, Claim))
    tests = [event for event in results.events if isinstance(event, SelfTest)]
    failed = [claim.id for claim in claims if claim.verdict in (Verdict.FAIL, Verdict.UNFIT)]
    if not started.release or not claims:
        raise Unsignable("only a whole release run can be signed off: python -m bench run --release")
    if not tests or tests[0].verdict != Verdict.PASS:
        raise Unsignable("the harness failed its own test in this run; run it again on a quieter machine")
    if failed:
        raise Unsignable(
            f"{', '.join(failed)}: a claim that does not hold is mended, lowered or removed first"
        )
    build = started.subjects[started.candidate]
    signed = Signed(
        commit=started.commit or "unknown",
        at=started.at,
        command=started.command,
        machine=started.machine.kind,
        python=started.machine.python,
        sha256=build.sha256,
        claims=claims,
    )
    write_whole(path, json.dumps(asdict(signed), indent=1, ensure_ascii=False) + "\n")
    return path


def read(path: Path = SIGNED) -> Optional[Signed]:
    """The signed-off result, None before the first; raises `Unpublishable` for a damaged file."""
    try:
        found: Signed = decode(Signed, strict_json.parse(path.read_bytes()), path.name)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Unpublishable(f"{path} is damaged: {error}; sign a result again") from error
    return found


def texts(root: Path = ROOT) -> list[Path]:
    """Where figures are published."""
    docs = sorted((root / "docs").glob("*.md"))
    return [root / "README.md", *(path for path in docs if not path.name.startswith(LOG))]


def check_all(root: Path = ROOT, signed: Optional[Path] = None) -> list[str]:
    """A line for each figure that differs from the signed-off result or has no claim."""
    result = read(signed or SIGNED)
    problems = []
    for path in texts(root):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root)
        problems += [f"{name}:{line}: {what}" for line, what in unclaimed(text)]
        if generated(text, result) != text:
            problems.append(
                f"{name}: its figures are not those of the signed-off result: python -m bench figures --write"
            )
    return problems


def write_all(root: Path = ROOT, signed: Optional[Path] = None) -> list[str]:
    """Put the figures in; gives what remains: figures without a claim."""
    result = read(signed or SIGNED)
    before = {path: path.read_text(encoding="utf-8") for path in texts(root)}
    made = {path: generated(text, result) for path, text in before.items()}
    for path, text in made.items():
        if text != before[path]:
            write_whole(path, text)
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for path, text in made.items()
        for line, what in unclaimed(text)
    ]


def generated(text: str, signed: Optional[Signed]) -> str:
    """The text with every figure between markers made anew; raises `Unpublishable`."""
    by_id = {claim.id: claim for claim in signed.claims} if signed else {}
    text = _FIGURE.sub(lambda found: found[1] + _figure(by_id, found[2]) + found[4], text)
    return _TABLE.sub(lambda found: found[1] + table(signed) + found[3], text)


def unclaimed(text: str) -> Iterator[tuple[int, str]]:
    """Speed-ups outside of markers, each with its line."""
    outside = _TABLE.sub(_blank, _FIGURE.sub(_blank, text))
    for number, line in enumerate(outside.split("\n"), start=1):
        for found in _SPEED.finditer(line):
            yield number, f"{found[0]!r} has no claim; put a marker around it, or take it out"


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _figure(by_id: Mapping[str, Claim], name: str) -> str:
    claim = by_id.get(name)
    if claim is None or claim.figure is None:
        raise Unpublishable(
            f"the signed-off result has no claim {name!r}; correct the marker, or sign a result"
        )
    if claim.verdict != Verdict.PASS:
        raise Unpublishable(
            f"{name} is {claim.verdict} in the signed-off result; take its figure out of the text"
        )
    if claim.unit == "ratio":
        return f"{figures.significant(claim.figure.median)} times"
    return quantity(claim.figure.median, claim.unit)


def table(signed: Optional[Signed]) -> str:
    """What passed, as Markdown."""
    if signed is None:
        return f"{NOT_YET}\n"
    lines = ["| claim | measured | interval | proved |", "|---|--:|--:|--:|"]
    for claim in signed.claims:
        if claim.verdict == Verdict.PASS and claim.figure is not None:
            sign_ = "≥" if claim.at_least else "≤"
            spread = (
                figures.interval(claim.figure.low, claim.figure.high) if claim.figure.count > 1 else "exact"
            )
            lines.append(
                f"| {claim.sentence} | {quantity(claim.figure.median, claim.unit)} | {spread} | "
                f"{sign_} {quantity(claim.bound, claim.unit)} |"
            )
    lines.append("")
    lines.append(f"Commit {signed.commit[:12]}, {signed.machine}, by `{signed.command}`.")
    return "\n".join(lines) + "\n"
