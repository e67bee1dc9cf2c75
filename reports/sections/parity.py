"""What was compared and what came of it: the census, the mismatches by cause, the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from driftgate.base.figures import count
from parity.census import Tally

from ..document import ListedCluster, SignOff
from ..plots import census as census_plot
from ..reasons import Place
from .model import (
    Block,
    Bullets,
    Cell,
    Code,
    Entry,
    Kind,
    Lines,
    Paragraph,
    Plot,
    Section,
    Sides,
    Strong,
    Table,
    Tone,
    code,
    number,
    paragraph,
    text,
)

OPEN_ENTRIES = 3
"""So many causes stand unfolded at first."""

SAID = 5
"""Of what crashed processes left on stderr, so many texts are shown."""

_ALWAYS = ("generated", "compared", "both_value", "own_values", "both_error", "mismatches")
_COLUMNS = {
    "generated": "generated",
    "compared": "compared",
    "both_value": "both value",
    "own_values": "own value",
    "both_error": "both error",
    "one_error": "one error",
    "lost": "crash or hang",
    "punted_value": "punted",
    "no_verdict": "no verdict",
    "skipped": "skipped",
    "explained": "declared",
    "mismatches": "mismatches",
}


def census(document: SignOff) -> Section:
    parity, level = document.parity, document.level
    by_operation, by_profile = parity.by_operation(), parity.by_profile()
    blocks: list[Block] = [
        paragraph(
            f"{count(parity.total.generated, 'case')} were put to ",
            Code(parity.plan.reference),
            " and ",
            Code(parity.plan.candidate),
            f" in {parity.seconds:,.1f} s by {count(parity.workers, 'worker')}.  Only the cases under “own "
            "value” are evidence of equality: both sides gave a value, the candidate’s by its own work.  "
            f"Each operation needs {level.own_values:,} of them.  What it punts, the reference answers.",
        ),
        Plot(
            "census-plot",
            "What the compared cases of each operation were",
            "Share of the compared cases of each operation: values of the candidate’s own, values it punted, "
            "errors on both sides, and mismatches.  The table below has the numbers.",
            lambda: census_plot.draw(by_operation),
        ),
        _census_table("census", "Cases by operation", "operation", by_operation, level.own_values),
        _census_table("profiles", "Cases by profile of input", "profile", by_profile, 0),
    ]
    counted = list(_counts(document))
    if counted:
        blocks.append(Bullets(tuple(counted)))
    return Section(Place.CENSUS.value, "What was compared", tuple(blocks))


def _census_table(name: str, caption: str, by: str, rows: Sequence[Tally], floor: int) -> Table:
    whole = {column: sum(getattr(row, column) for row in rows) for column in _COLUMNS}
    columns = [column for column in _COLUMNS if column in _ALWAYS or whole[column]]
    return Table(
        name,
        caption,
        (by, *(_COLUMNS[column] for column in columns)),
        tuple(
            (code(getattr(row, by)), *(_count_cell(row, column, floor) for column in columns)) for row in rows
        ),
    )


def _count_cell(row: Tally, column: str, floor: int) -> Cell:
    value = getattr(row, column)
    tone = None
    if column in ("mismatches", "lost"):
        tone = Tone.BAD if value else None
    elif column == "own_values" and value < floor:
        tone = Tone.OPEN
    share = value / row.compared if column == "own_values" and row.compared else None
    return Cell(f"{value:,}", Kind.NUMBER, float(value), tone, share)


def _counts(document: SignOff) -> Iterator[Paragraph]:
    parity = document.parity
    if parity.punts is None:
        yield paragraph(Code(parity.plan.candidate), " does not say whether it punts.")
    for title, counts in (
        ("Punts, by reason", parity.punts or {}),
        ("Skipped", parity.skipped),
        ("Without a verdict", parity.no_verdict),
    ):
        if any(counts.values()):
            yield paragraph(f"{title}: ", *_by_count(counts))


def _by_count(counts: Mapping[str, int]) -> Iterator[str | Code]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for at, (name, value) in enumerate((name, value) for name, value in ordered if value):
        yield f"{', ' if at else ''}{value:,} "
        yield Code(name)


def mismatches(document: SignOff) -> Section:
    parity = document.parity
    if not parity.total.mismatches:
        return Section(Place.CLUSTERS.value, "Mismatches", (paragraph("None."),))
    blocks: list[Block] = [
        paragraph(
            f"{parity.total.mismatches:,} of {count(parity.total.compared, 'compared case')} differ, by "
            f"{count(len(parity.clusters), 'cause')}, the most frequent first.  Each is shown by the "
            "smallest input that still parts the two."
        ),
        _cause_table(document),
        *(
            _entry(one, document, is_open=one.number <= OPEN_ENTRIES and len(document.clusters) < 50)
            for one in document.clusters
        ),
    ]
    if parity.unexplained:
        blocks.append(
            paragraph(
                f"Of {count(parity.unexplained, 'more mismatch', 'more mismatches')} no cause was looked "
                "for, as there are too many kinds; mend what is named and run again."
            )
        )
    if document.hidden_clusters:
        blocks.append(
            paragraph(
                f"{count(document.hidden_clusters, 'more cause')} are in the result file: ",
                Code("python -m parity show FILE --all"),
            )
        )
    if parity.said:
        blocks.append(Lines("What crashed processes said", parity.said[:SAID]))
    return Section(Place.CLUSTERS.value, "Mismatches", tuple(blocks))


def _cause_table(document: SignOff) -> Table:
    witnesses = tuple(document.parity.witnesses)
    rows = []
    for one in document.clusters:
        cluster = one.cluster
        dissent = tuple(_witness_cell(cluster.verdicts.get(name, "")) for name in witnesses)
        rate = cluster.count / cluster.compared if cluster.compared else 0.0
        rows.append(
            (
                text(f"{one.number}. {cluster.title}", link=one.anchor),
                text(", ".join(cluster.operations)),
                text(" / ".join(cluster.cause.outcomes)),
                number(cluster.count),
                number(rate, f"{rate:.3%}"),
                *dissent,
            )
        )
    head = ("cause", "operations", "outcomes", "cases", "rate", *witnesses)
    return Table(
        "causes", "Causes, and how each witness answers", head, tuple(rows), ("operations", "outcomes")
    )


def _witness_cell(verdict: str) -> Cell:
    tones = {"as the reference": Tone.GOOD, "as the candidate": Tone.BAD, "otherwise": Tone.OPEN}
    return text(verdict or "–", tones.get(verdict))


def _entry(one: ListedCluster, document: SignOff, is_open: bool) -> Entry:
    cluster, plan = one.cluster, document.parity.plan
    times = (
        ""
        if cluster.calls == 1
        else (
            f"  It takes {count(cluster.calls, 'call')} in one process."
            if cluster.calls
            else "  It would not show again in a process of its own."
        )
    )
    blocks: list[Block] = [
        paragraph(
            f"{count(cluster.count, 'case')} of {cluster.compared:,}.  ",
            Code(cluster.operation),
            " parts at ",
            Code(cluster.path),
            f": {cluster.reason}.{times}",
        ),
        Sides(plan.reference, cluster.expected, plan.candidate, cluster.actual),
        Lines("Smallest input", (cluster.input,)),
    ]
    if cluster.explanation:
        blocks.append(_layers(one, document))
    blocks.append(Lines("See it again", (one.replay,)))
    title = paragraph(Strong(f"{one.number}."), f" {cluster.title}")
    return Entry(one.anchor, title, tuple(blocks), is_open)


def _layers(one: ListedCluster, document: SignOff) -> Table:
    """The first difference as tree, text, protobuf bytes and hash stages show it."""
    rows = tuple(
        (text(layer.name), text(row.label), code(row.expected), code(row.actual))
        for layer in one.cluster.explanation
        for row in layer.rows
    )
    plan = document.parity.plan
    head = ("seen as", "what", plan.reference, plan.candidate)
    return Table(f"layers-{one.number}", "Where they part, layer by layer", head, rows)


def ledger(document: SignOff) -> Section | None:
    parity = document.parity
    if not parity.ledger and not parity.findings:
        return None
    blocks: list[Block] = []
    if parity.findings:
        found = tuple((text(one.kind, Tone.BAD), code(one.entry), text(one.text)) for one in parity.findings)
        head = ("finding", "entry", "what")
        blocks.append(Table("findings", "Where the run and the ledger do not fit", head, found))
    if parity.ledger:
        ordered = sorted(parity.ledger.items(), key=lambda item: -item[1])
        seen = tuple((code(name), number(value)) for name, value in ordered)
        blocks.append(Table("declared", "Declared differences that were seen", ("entry", "cases"), seen))
    return Section(Place.LEDGER.value, "Declared differences", tuple(blocks))
