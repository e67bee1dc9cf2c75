"""The sign-off as Markdown: for a pull request, a release note, the summary of a CI job."""

from __future__ import annotations

from collections.abc import Iterator

from .diff import Diff
from .diff import sections as diff_sections
from .document import SignOff
from .markdown import block, code, items, prose, table
from .sections.all import sections
from .sections.model import (
    Block,
    Bullets,
    Cell,
    Code,
    Entry,
    Inline,
    Kind,
    Lines,
    Link,
    Paragraph,
    Plot,
    Section,
    Sides,
    Strong,
    Table,
)
from .sections.provenance import intro

SENTENCE_LIMIT = 2000
"""A sentence of the verdict may be that long; its words are the harness's own."""

MOST_ROWS = 60
"""Of a longer table the first rows are shown: a job summary has room for a megabyte, a reader for less."""

MOST_ENTRIES = 25


def page(document: SignOff) -> str:
    """The whole page as Markdown."""
    judgement = document.judgement
    reasons = items(
        f"**{one.verdict.value}**: {prose(one.text, SENTENCE_LIMIT)} ([evidence](#{one.place.value}))"
        for one in judgement.reasons
    )
    parts = [
        f"# driftcore sign-off: {judgement.verdict.value}",
        f"**{prose(judgement.sentence, SENTENCE_LIMIT)}**",
        *(_paragraph(one) for one in intro(document)),
        f"## Reasons\n\n{reasons}",
        *(_section(one) for one in sections(document)),
    ]
    return "\n\n".join(parts) + "\n"


def diff_page(diff: Diff) -> str:
    """A comparison as Markdown."""
    heading = f"# driftcore: two sign-offs compared\n\n**{prose(diff.sentence, SENTENCE_LIMIT)}**"
    return "\n\n".join([heading, *(_section(one) for one in diff_sections(diff))]) + "\n"


def _section(section: Section) -> str:
    entries = 0
    out = [f'<a id="{section.anchor}"></a>\n\n## {section.title}']
    for one in section.blocks:
        if isinstance(one, Entry):
            entries += 1
            if entries > MOST_ENTRIES:
                continue
        out += _block(one)
    if entries > MOST_ENTRIES:
        out.append(f"{entries - MOST_ENTRIES} more are in the HTML report.")
    return "\n\n".join(out)


def _block(one: Block) -> Iterator[str]:
    if isinstance(one, Paragraph):
        yield _paragraph(one)
    elif isinstance(one, Bullets):
        yield items(_paragraph(item) for item in one.items)
    elif isinstance(one, Table):
        yield _table(one)
    elif isinstance(one, Lines):
        yield f"{one.what}:\n\n{block(one.lines)}"
    elif isinstance(one, Sides):
        width = max(len(one.expected_name), len(one.actual_name))
        lines = [f"{one.expected_name:<{width}}  {one.expected}", f"{one.actual_name:<{width}}  {one.actual}"]
        yield block(lines)
    elif isinstance(one, Entry):
        yield f"### {_paragraph(one.title)}"
        for inner in one.blocks:
            yield from _block(inner)
    else:
        assert isinstance(one, Plot)  # its table has the figures


def _paragraph(one: Paragraph) -> str:
    return "".join(map(_inline, one.parts))


def _inline(one: Inline) -> str:
    if isinstance(one, Code):
        return code(one.text)
    if isinstance(one, Strong):
        return f"**{prose(one.text)}**"
    if isinstance(one, Link):
        return f"[{prose(one.text)}](#{one.anchor})"
    return prose(one, SENTENCE_LIMIT)


def _table(one: Table) -> str:
    left = 0
    while left < len(one.head) and all(row[left].kind is not Kind.NUMBER for row in one.rows):
        left += 1
    rows = [[_cell(cell) for cell in row] for row in one.rows[:MOST_ROWS]]
    text = f"{one.caption}:\n\n{table([prose(name) for name in one.head], rows, left=max(left, 1))}"
    hidden = len(one.rows) - len(rows)
    return text + (f"\n\n{hidden:,} more rows are in the HTML report." if hidden else "")


def _cell(cell: Cell) -> str:
    return code(cell.text) if cell.kind is Kind.CODE and cell.text else prose(cell.text)
