"""Plain text tables: columns that line up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

Row = Sequence[str]

INDENT = "  "


def table(rows: Sequence[Row], texts: int = 1, indent: str = INDENT) -> str:
    """The first `texts` columns are texts, aligned to the left; the others are numbers."""
    to = widths(rows)
    return "\n".join(line(row, to, texts, indent) for row in rows)


def widths(rows: Sequence[Row]) -> list[int]:
    return [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]


def line(cells: Row, to: Sequence[int], texts: int = 1, indent: str = INDENT) -> str:
    """One row of a table whose columns have these widths."""
    aligned = [
        cell.ljust(width) if at < texts else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, to))
    ]
    return (indent + "  ".join(aligned)).rstrip()
