"""Two sign-offs compared: causes that are new or gone, claims that moved, what was compared more or less.

A claim has moved if its verdict changed or its two intervals do not touch; between machine
classes times are not compared, since speed-ups differ from one processor to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.events import Claim
from bench.tables.claims import quantity
from driftgate.base.exit_codes import ExitCode
from driftgate.base.figures import count

from .checks import Check, CheckVerdict
from .document import SignOff
from .parity_results import Cluster
from .reasons import Verdict
from .sections.claims import TONES
from .sections.model import Block, Cell, Section, Table, Tone, code, number, paragraph, text

_ORDER = tuple(Verdict)
_RANKS = {"FAIL": 0, "UNFIT": 0, "INCONCLUSIVE": 1, "PASS": 2}


@dataclass(frozen=True)
class Moved:
    """A claim in both; `better` is None for one that changed in no direction that counts."""

    old: Claim
    new: Claim
    better: bool | None


@dataclass(frozen=True)
class Diff:
    """What changed from one sign-off to the other; `worse` are clauses that say what got worse."""

    old: SignOff
    new: SignOff
    new_causes: tuple[Cluster, ...]
    gone_causes: tuple[Cluster, ...]
    moved: tuple[Moved, ...]
    only_old: tuple[Claim, ...]
    only_new: tuple[Claim, ...]
    comparable: bool
    """Whether both were timed on one class of machine."""

    @property
    def worse(self) -> tuple[str, ...]:
        return tuple(_worse(self))

    @property
    def code(self) -> ExitCode:
        return ExitCode.FAIL if self.worse else ExitCode.PASS

    @property
    def sentence(self) -> str:
        verdicts = f"{self.old.judgement.verdict.value} → {self.new.judgement.verdict.value}"
        return f"{verdicts}: {'; '.join(self.worse) if self.worse else 'nothing got worse'}."


def compare(old: SignOff, new: SignOff) -> Diff:
    before = {_cause(one): one for one in old.parity.clusters}
    after = {_cause(one): one for one in new.parity.clusters}
    claims_before, claims_after = _claims(old), _claims(new)
    comparable = _machine(old) == _machine(new)
    return Diff(
        old=old,
        new=new,
        new_causes=tuple(one for key, one in after.items() if key not in before),
        gone_causes=tuple(one for key, one in before.items() if key not in after),
        moved=tuple(_moved(claims_before, claims_after, comparable)),
        only_old=tuple(one for name, one in claims_before.items() if name not in claims_after),
        only_new=tuple(one for name, one in claims_after.items() if name not in claims_before),
        comparable=comparable,
    )


def _cause(one: Cluster) -> tuple[object, ...]:
    """What makes a cause the same one from run to run."""
    return one.title, one.cause


def _claims(document: SignOff) -> dict[str, Claim]:
    bench = document.evidence.claims
    return {claim.id: claim for claim in bench.claims} if bench else {}


def _machine(document: SignOff) -> str | None:
    bench = document.evidence.claims
    return bench.started.machine.kind if bench else None


def _moved(before: dict[str, Claim], after: dict[str, Claim], comparable: bool) -> Iterator[Moved]:
    for name, new in after.items():
        old = before.get(name)
        if old is None:
            continue
        if old.verdict != new.verdict:
            yield Moved(old, new, _RANKS.get(new.verdict, 0) > _RANKS.get(old.verdict, 0))
        elif comparable and old.figure and new.figure and old.unit == new.unit:
            if new.figure.low > old.figure.high:
                yield Moved(old, new, new.at_least)
            elif new.figure.high < old.figure.low:
                yield Moved(old, new, not new.at_least)


def _worse(diff: Diff) -> Iterator[str]:
    before, after = diff.old.judgement.verdict, diff.new.judgement.verdict
    if _ORDER.index(after) < _ORDER.index(before):
        yield f"the verdict was {before.value}"
    if diff.new_causes:
        yield f"{count(len(diff.new_causes), 'new cause')} of mismatches, first “{diff.new_causes[0].title}”"
    fallen = [one.new.id for one in diff.moved if one.better is False]
    if fallen:
        yield f"{count(len(fallen), 'claim')} fell, first {fallen[0]}"
    if diff.only_old:
        yield f"{count(len(diff.only_old), 'claim')} are no longer measured, first {diff.only_old[0].id}"
    passed = {one.name for one in diff.old.checks if one.verdict is CheckVerdict.PASS}
    broken = [
        one.name for one in diff.new.checks if one.name in passed and one.verdict is not CheckVerdict.PASS
    ]
    if broken:
        yield f"{count(len(broken), 'check')} no longer pass, first {broken[0]}"


def sections(diff: Diff) -> tuple[Section, ...]:
    """The comparison as blocks of a page."""
    return (_verdicts(diff), _causes(diff), _claim_section(diff), _census(diff), _checks(diff))


def _verdicts(diff: Diff) -> Section:
    rows = tuple(
        (
            text(which),
            text(one.judgement.verdict.value),
            code(_commit(one)),
            text(one.made),
            text(one.level_name),
        )
        for which, one in (("old", diff.old), ("new", diff.new))
    )
    head = ("", "verdict", "commit", "made", "level")
    blocks: list[Block] = [Table("verdicts", "The two sign-offs", head, rows)]
    blocks += (
        paragraph(f"{which}: {one.judgement.sentence}")
        for which, one in (("Old", diff.old), ("New", diff.new))
    )
    return Section("verdict", "Verdicts", tuple(blocks))


def _commit(document: SignOff) -> str:
    return document.commit.id[:12] if document.commit else "unknown"


def _causes(diff: Diff) -> Section:
    blocks: list[Block] = []
    for name, caption, causes, tone in (
        ("new", "New", diff.new_causes, Tone.BAD),
        ("gone", "Gone", diff.gone_causes, Tone.GOOD),
    ):
        rows = tuple(
            (text(one.title, tone), text(", ".join(one.operations)), number(one.count), code(one.case))
            for one in causes
        )
        if rows:
            head = ("cause", "operations", "cases", "smallest case")
            blocks.append(Table(f"{name}-causes", f"{caption} causes", head, rows, ("operations",)))
    return Section("causes", "Mismatches", tuple(blocks) or (paragraph("The same causes, or none in both."),))


def _claim_section(diff: Diff) -> Section:
    blocks: list[Block] = []
    if not diff.comparable:
        blocks.append(
            paragraph(
                "The two were timed on different classes of machine, or one was not timed: only verdicts "
                "are compared."
            )
        )
    rows = tuple(
        (
            code(one.new.id),
            text(_range(one.old)),
            text(_range(one.new)),
            text("better" if one.better else "worse", Tone.GOOD if one.better else Tone.BAD),
            text(one.old.verdict, TONES.get(one.old.verdict)),
            text(one.new.verdict, TONES.get(one.new.verdict)),
        )
        for one in diff.moved
    )
    if rows:
        head = ("claim", "old", "new", "moved", "old verdict", "new verdict")
        blocks.append(Table("moved", "Claims that moved, with their intervals", head, rows, ("moved",)))
    else:
        blocks.append(paragraph("No claim moved."))
    for which, claims in (("no longer", diff.only_old), ("newly", diff.only_new)):
        if claims:
            blocks.append(paragraph(f"{which.capitalize()} measured: {', '.join(one.id for one in claims)}."))
    return Section("claims", "Claims", tuple(blocks))


def _range(claim: Claim) -> str:
    figure = claim.figure
    if figure is None:
        return "–"
    middle, low, high = (quantity(value, claim.unit) for value in (figure.median, figure.low, figure.high))
    return middle if figure.count == 1 else f"{middle} ({low} to {high})"


def _census(diff: Diff) -> Section:
    before = {tally.operation: tally for tally in diff.old.parity.by_operation()}
    after = {tally.operation: tally for tally in diff.new.parity.by_operation()}
    rows: list[tuple[Cell, ...]] = []
    for name in dict.fromkeys((*before, *after)):
        cells: list[Cell] = [code(name)]
        for field in ("compared", "own_values", "mismatches"):
            values = [getattr(one[name], field) if name in one else 0 for one in (before, after)]
            change = values[1] - values[0]
            tone = Tone.BAD if field == "mismatches" and change > 0 else None
            cells += (number(values[0]), number(values[1], tone=tone), number(change, f"{change:+,}"))
        rows.append(tuple(cells))
    parts = ("compared", "own value", "mismatches")
    head = ("operation", *(f"{what}, {which}" for what in parts for which in ("old", "new", "change")))
    return Section(
        "census", "What was compared", (Table("census-diff", "Cases by operation", head, tuple(rows)),)
    )


def _checks(diff: Diff) -> Section:
    before = {one.name: one for one in diff.old.checks}
    after = {one.name: one for one in diff.new.checks}
    rows = tuple(
        (text(name), _check(before.get(name)), _check(after.get(name)))
        for name in dict.fromkeys((*before, *after))
    )
    blocks: Sequence[Block] = (Table("checks-diff", "Checks", ("check", "old", "new"), rows),) if rows else ()
    return Section("checks", "Tests and hardening", tuple(blocks) or (paragraph("None in either."),))


def _check(one: Check | None) -> Cell:
    if one is None:
        return text("not run", Tone.OPEN)
    tones = {CheckVerdict.PASS: Tone.GOOD, CheckVerdict.INCONCLUSIVE: Tone.OPEN}
    return text(one.verdict.value, tones.get(one.verdict, Tone.BAD))
